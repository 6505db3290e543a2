// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>
#include <vector>

#include "regimen/optim/optimizer.hpp"

namespace regimen {

/// Transforms and optimizers one after the other: each sees the gradients and values that the one before left.
template <class T = float, class Device = Cpu>
class Chain {
 public:
  /// Throws Error for an undefined link. No link at all is a chain that changes nothing.
  explicit Chain(std::vector<Optimizer<T, Device>> links) : links_(std::move(links)) {
    for (std::size_t i = 0; i < links_.size(); ++i)
      if (!links_[i].defined()) detail::fail("chain", {"link ", i, " is undefined"}, "give each link a value");
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    for (auto& link : links_) link.update(parameters, progress);
  }

  void save(State& state) const {
    state.put("links", static_cast<std::int64_t>(links_.size()));
    for (std::size_t i = 0; i < links_.size(); ++i) {
      State& scope = state.scope(std::to_string(i));
      links_[i].save(scope);
      if (scope.entries().empty()) scope.put("empty", true);  // a scope without values would not survive a file
    }
  }

  void load(const State& state) {
    const auto count = state.get<std::int64_t>("links");
    if (count != static_cast<std::int64_t>(links_.size()))
      detail::fail("chain", {"the state has ", count, " links, this chain ", links_.size()},
                   "load it into the chain that saved it");
    auto links = links_;
    for (std::size_t i = 0; i < links.size(); ++i) links[i].load(state.part(std::to_string(i)));
    links_ = std::move(links);
  }

 private:
  std::vector<Optimizer<T, Device>> links_;
};

/// chain(clip_by_global_norm(1.0), adamw({.lr = 1e-3})); with T other than float, chain<double>(...).
template <class T = float, class Device = Cpu, class... Links>
Chain<T, Device> chain(Links&&... links) {
  static_assert((std::is_convertible_v<Links, Optimizer<T, Device>> && ...),
                "chain: each link needs update(Parameters<T>&, const Progress&), save(State&) const and "
                "load(const State&); for double parameters write chain<double>(..., adamw<double>({...}))");
  std::vector<Optimizer<T, Device>> list;
  list.reserve(sizeof...(Links));
  (list.emplace_back(std::forward<Links>(links)), ...);
  return Chain<T, Device>(std::move(list));
}

}  // namespace regimen
