// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/optim/layout.hpp"
#include "regimen/optim/partition.hpp"

namespace regimen {

/// Parameters with an optimizer of their own: those whose names fit the pattern.
template <class T = float, class Device = Cpu>
struct Group {
  std::string pattern;
  Optimizer<T, Device> optimizer;
};

/// Parameters with settings of their own in one kind of optimizer: those whose names fit the pattern.
struct GroupSettings {
  std::string pattern;
  double lr_factor = 1;                     ///< times the optimizer's lr; not negative
  std::optional<double> weight_decay = {};  ///< instead of the optimizer's
};

/// Several optimizers, each for the parameters whose names fit its pattern and no earlier one, and one for the rest.
/// Patterns are those of nn/pattern.hpp.
///
/// What looks at all parameters together, such as clip_by_global_norm, belongs before it in a chain. State: the
/// optimizers'. Throws Error for an undefined optimizer and, at the first update, for a pattern that no parameter is
/// left for.
template <class T = float, class Device = Cpu>
class Groups {
 public:
  Groups(std::vector<Group<T, Device>> groups, Optimizer<T, Device> rest)
      : groups_(std::move(groups)), layout_("groups") {
    groups_.push_back({"*", std::move(rest)});
    for (std::size_t i = 0; i < groups_.size(); ++i)
      if (!groups_[i].optimizer.defined())
        detail::fail("groups",
                     {"the optimizer of '", i + 1 < groups_.size() ? groups_[i].pattern : "the rest", "' is undefined"},
                     "give it a value");
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    layout_.match(parameters);
    auto& parts = partition_.of(parameters, groups_.size(), [&](const auto& entry) {
      std::size_t i = 0;
      while (i + 1 < groups_.size() && !matches(groups_[i].pattern, entry.name)) ++i;
      return i;
    });
    for (std::size_t i = 0; i + 1 < groups_.size(); ++i)
      if (parts[i].entries().empty()) fail_empty(groups_[i].pattern, parameters);
    for (std::size_t i = 0; i < groups_.size(); ++i)
      if (!parts[i].entries().empty()) groups_[i].optimizer.update(parts[i], progress);
  }

  void save(State& state) const {
    state.put("kind", "groups");
    state.put("groups", static_cast<std::int64_t>(groups_.size()));
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      State& scope = state.scope(std::to_string(i));
      groups_[i].optimizer.save(scope);
      if (scope.entries().empty()) scope.put("empty", true);  // a scope without values would not survive a file
    }
  }

  void load(const State& state) {
    detail::check_kind("groups", state);
    const auto count = state.get<std::int64_t>("groups");
    if (count != static_cast<std::int64_t>(groups_.size()))
      detail::fail("groups", {"the state has ", count, " optimizers, this has ", groups_.size()},
                   "load it into the groups that saved it");
    auto groups = groups_;
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].optimizer.load(state.part(std::to_string(i)));
    groups_ = std::move(groups);
    layout_ = layout_.fresh();
  }

 private:
  [[noreturn, gnu::cold]] static void fail_empty(const std::string& pattern, const Parameters<T, Device>& parameters) {
    std::string names;
    bool fits = false;
    for (const auto& entry : parameters.entries()) {
      names += (names.empty() ? "" : ", ") + entry.name;
      fits = fits || matches(pattern, entry.name);
    }
    if (fits)
      detail::fail("groups", {"all parameters that fit '", pattern, "' fit earlier patterns"},
                   "the first match wins: put the narrower pattern first");
    detail::fail("groups", {"no parameter fits '", pattern, "'"}, {"there are ", names});
  }

  std::vector<Group<T, Device>> groups_;  // the last one is the rest
  detail::Layout layout_;
  detail::Partition<T, Device> partition_;
};

/// Optimizers by pattern, the last argument's for all other parameters:
///
///   groups({{"embedding.*", sgd({.lr = 0.1})}, {"*.bias, norm.*", adamw({.lr = 1e-3, .weight_decay = 0})}},
///          adamw({.lr = 1e-3}));                                             with T other than float,
///          groups<double>(...)
template <class T = float, class Device = Cpu>
Groups<T, Device> groups(std::vector<Group<T, Device>> groups, std::type_identity_t<Optimizer<T, Device>> rest) {
  return Groups<T, Device>(std::move(groups), std::move(rest));
}

/// One kind of optimizer with other learning rates or weight decays by pattern:
///
///   groups(adamw<float>, {.lr = 1e-3}, {{.pattern = "*.bias", .weight_decay = 0}, {"embedding.*", 0.1}});
///
/// Throws Error for a negative factor, and for a weight decay where the optimizer has none.
template <template <class, class> class Rule, class T, class Device, class Options>
Groups<T, Device> groups(Rule<T, Device> (*make)(const Options&), const std::type_identity_t<Options>& options,
                         const std::vector<GroupSettings>& settings) {
  std::vector<Group<T, Device>> groups;
  for (const GroupSettings& group : settings) {
    detail::check_not_negative("groups", "lr_factor", group.lr_factor);
    Options changed = options;
    if (group.lr_factor != 1) changed.lr = group.lr_factor * options.lr;
    if (group.weight_decay) {
      if constexpr (requires { changed.weight_decay; })
        changed.weight_decay = *group.weight_decay;
      else
        detail::fail("groups", {"'", group.pattern, "' has a weight decay, and the optimizer none"},
                     "put weight_decay({.decay_mask = ...}) into a chain");
    }
    groups.push_back({group.pattern, make(changed)});
  }
  return Groups<T, Device>(std::move(groups), make(options));
}

}  // namespace regimen
