// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/state.hpp"
#include "regimen/train/step.hpp"

namespace regimen {

/// When a phase ends. A value with state: steps(1000), epochs(5), plateau("loss", {...}), reaches("accuracy", 0.97), or
/// when(f); combine with || and &&. Asked once before the phase's first step and once after each.
class Until {
 public:
  class Rule {
   public:
    virtual ~Rule() = default;
    virtual std::unique_ptr<Rule> clone() const = 0;
    virtual bool reached(const StepReport& report) = 0;
    /// Steps after which it is reached for certain, 0 if nobody can say.
    virtual std::int64_t step_limit() const { return 0; }
    virtual void save(State&) const {}
    virtual void load(const State&) {}
  };

  Until() = default;
  explicit Until(std::unique_ptr<Rule> rule) : rule_(std::move(rule)) {}
  Until(const Until& other) : rule_(other.rule_ ? other.rule_->clone() : nullptr) {}
  Until(Until&&) noexcept = default;
  Until& operator=(Until other) noexcept {
    rule_ = std::move(other.rule_);
    return *this;
  }

  bool defined() const { return rule_ != nullptr; }
  bool reached(const StepReport& report) { return rule().reached(report); }
  std::int64_t step_limit() const { return rule().step_limit(); }
  void save(State& state) const { rule().save(state); }
  void load(const State& state) { rule().load(state); }

 private:
  Rule& rule() const {
    if (rule_ == nullptr) detail::fail("Until", "the phase has no end", "give it one, such as .until = steps(1000)");
    return *rule_;
  }
  std::unique_ptr<Rule> rule_;
};

namespace detail {

template <class Derived>
struct UntilRule : Until::Rule {
  std::unique_ptr<Until::Rule> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

struct UntilSteps final : UntilRule<UntilSteps> {
  explicit UntilSteps(std::int64_t n) : count(n) {}
  bool reached(const StepReport& report) override { return report.step >= count; }
  std::int64_t step_limit() const override { return count; }
  std::int64_t count;
};

struct UntilEpochs final : UntilRule<UntilEpochs> {
  explicit UntilEpochs(std::int64_t n) : count(n) {}
  bool reached(const StepReport& report) override { return report.epoch >= count; }
  std::int64_t count;
};

struct UntilWhen final : UntilRule<UntilWhen> {
  explicit UntilWhen(std::function<bool(const StepReport&)> f) : test(std::move(f)) {}
  bool reached(const StepReport& report) override { return test(report); }
  std::function<bool(const StepReport&)> test;
};

/// The value of a name among a report's losses, or among its metrics where they are new; null if there is none.
inline const double* fresh_value(const StepReport& report, const std::string& name) {
  if (const double* loss = find_metric(report.losses, name)) return loss;
  return report.evaluated ? find_metric(report.metrics, name) : nullptr;
}

struct UntilReaches final : UntilRule<UntilReaches> {
  UntilReaches(std::string n, double v, bool b) : name(std::move(n)), value(v), below(b) {}
  bool reached(const StepReport& report) override {
    const double* now = fresh_value(report, name);
    return now != nullptr && (below ? *now <= value : *now >= value);
  }
  std::string name;
  double value;
  bool below;
};

struct UntilPlateau final : UntilRule<UntilPlateau> {
  bool reached(const StepReport& report) override {
    const double* now = fresh_value(report, name);
    if (now == nullptr) return waited >= patience;
    const double gain = maximise ? *now - best : best - *now;
    if (!std::isnan(*now) && (!seen || gain > min_delta)) {
      best = *now;
      waited = 0;
      seen = true;
    } else {
      ++waited;
    }
    return waited >= patience;
  }
  void save(State& state) const override {
    state.put("best", best);
    state.put("waited", waited);
    state.put("seen", seen);
  }
  void load(const State& state) override {
    const auto b = state.get<double>("best");
    const auto w = state.get<std::int64_t>("waited");
    seen = state.get<bool>("seen");
    best = b;
    waited = w;
  }
  std::string name;
  std::int64_t patience = 1;
  double min_delta = 0;
  bool maximise = false;
  double best = 0;
  std::int64_t waited = 0;
  bool seen = false;
};

struct UntilBoth final : UntilRule<UntilBoth> {
  UntilBoth(Until first, Until second, bool both) : a(std::move(first)), b(std::move(second)), all(both) {}
  bool reached(const StepReport& report) override {
    const bool x = a.reached(report), y = b.reached(report);  // both are asked: each may count
    return all ? x && y : x || y;
  }
  std::int64_t step_limit() const override {
    const std::int64_t x = a.step_limit(), y = b.step_limit();
    if (all) return x == 0 || y == 0 ? 0 : std::max(x, y);
    return x == 0 || y == 0 ? std::max(x, y) : std::min(x, y);
  }
  void save(State& state) const override {
    a.save(state.scope("a"));
    b.save(state.scope("b"));
  }
  void load(const State& state) override {
    Until x = a, y = b;
    x.load(state.part("a"));
    y.load(state.part("b"));
    a = std::move(x);
    b = std::move(y);
  }
  Until a, b;
  bool all;
};

}  // namespace detail

/// After n steps of the phase, n >= 0.
inline Until steps(std::int64_t n) {
  if (n < 0) detail::fail("steps", {n, " steps"}, "the number must not be negative");
  return Until(std::make_unique<detail::UntilSteps>(n));
}

/// When the phase's sampler has completed n epochs.
inline Until epochs(std::int64_t n) {
  if (n < 0) detail::fail("epochs", {n, " epochs"}, "the number must not be negative");
  return Until(std::make_unique<detail::UntilEpochs>(n));
}

/// When f(report) is true. f must depend on the report alone, or a resumed run may end elsewhere.
inline Until when(std::function<bool(const StepReport&)> f) {
  return Until(std::make_unique<detail::UntilWhen>(std::move(f)));
}

/// When a loss or metric is at least, or at most, a value.
inline Until reaches(const std::string& name, double value) {
  return Until(std::make_unique<detail::UntilReaches>(name, value, false));
}
inline Until falls_to(const std::string& name, double value) {
  return Until(std::make_unique<detail::UntilReaches>(name, value, true));
}

struct PlateauOptions {
  std::int64_t patience = 5;  ///< values in a row without a gain
  double min_delta = 0;       ///< a gain is an improvement by more than this
  bool maximise = false;      ///< larger is better
};

/// When a loss (heard each step) or metric (heard at each evaluation) no longer improves. NaN is no improvement.
inline Until plateau(const std::string& name, const PlateauOptions& options = {}) {
  if (options.patience < 1 || !(options.min_delta >= 0))
    detail::fail("plateau", {"patience ", options.patience, ", min_delta ", options.min_delta},
                 "patience is at least 1, min_delta at least 0");
  auto rule = std::make_unique<detail::UntilPlateau>();
  rule->name = name;
  rule->patience = options.patience;
  rule->min_delta = options.min_delta;
  rule->maximise = options.maximise;
  return Until(std::move(rule));
}

inline Until operator||(const Until& a, const Until& b) {
  return Until(std::make_unique<detail::UntilBoth>(a, b, false));
}
inline Until operator&&(const Until& a, const Until& b) {
  return Until(std::make_unique<detail::UntilBoth>(a, b, true));
}

}  // namespace regimen
