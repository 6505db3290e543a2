// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include "regimen/core/reference_count.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// A number that depends on the step and on nothing else: a learning rate, a temperature, a loss weight.
///
/// step is the number of updates done before: the first update sees step 0. Number and callable convert to a Schedule,
/// so every option of this type takes 1e-3, cosine({...}) or a lambda:
///
///   Schedule lr = [](std::int64_t step) { return step < 100 ? 0.1 : 0.01; };
///
/// Schedules add, subtract and multiply point by point (0.5 * cosine({...})). Copies share the rule, which is
/// immutable.
class Schedule {
 public:
  /// The same value at every step. Throws Error for a value that is not finite.
  Schedule(double constant = 0) : value_(constant) { detail::check_finite("Schedule", "constant", constant); }

  /// The values f(step); f is called from const, and possibly from several threads. `name` is kept by address.
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Schedule> &&
           std::is_invocable_r_v<double, const std::remove_cvref_t<F>&, std::int64_t>)
      Schedule(F&& f, const char* name = "function")
      : rule_(new RuleOf<std::remove_cvref_t<F>>(std::forward<F>(f))), name_(name) {}

  Schedule(const Schedule& other) noexcept : rule_(other.rule_), value_(other.value_), name_(other.name_) {
    if (rule_ != nullptr) rule_->references.increment();
  }
  Schedule(Schedule&& other) noexcept
      : rule_(std::exchange(other.rule_, nullptr)), value_(other.value_), name_(other.name_) {}
  Schedule& operator=(Schedule other) noexcept {
    std::swap(rule_, other.rule_);
    std::swap(value_, other.value_);
    std::swap(name_, other.name_);
    return *this;
  }
  ~Schedule() {
    if (rule_ != nullptr && rule_->references.decrement()) delete rule_;
  }

  /// The value at a step. Throws Error for a negative step.
  double operator()(std::int64_t step) const {
    if (step < 0) [[unlikely]]
      detail::fail("Schedule", {"step ", step, " is negative"}, "the first step is 0");
    return rule_ == nullptr ? value_ : rule_->at(step);
  }

  /// What made it, for logs: "constant", "cosine", ...
  const char* name() const { return name_; }

  friend Schedule operator+(Schedule a, Schedule b) {
    return {[a = std::move(a), b = std::move(b)](std::int64_t step) { return a(step) + b(step); }, "sum"};
  }
  friend Schedule operator-(Schedule a, Schedule b) {
    return {[a = std::move(a), b = std::move(b)](std::int64_t step) { return a(step) - b(step); }, "difference"};
  }
  friend Schedule operator*(Schedule a, Schedule b) {
    return {[a = std::move(a), b = std::move(b)](std::int64_t step) { return a(step) * b(step); }, "product"};
  }

 private:
  struct Rule {
    virtual ~Rule() = default;
    virtual double at(std::int64_t step) const = 0;
    mutable detail::ReferenceCount references{1};
  };
  template <class F>
  struct RuleOf final : Rule {
    template <class From>
    explicit RuleOf(From&& from) : f(std::forward<From>(from)) {}
    double at(std::int64_t step) const override { return static_cast<double>(f(step)); }
    F f;
  };

  const Rule* rule_ = nullptr;  // null: the constant value_
  double value_ = 0;
  const char* name_ = "constant";
};

/// `value` at every step.
inline Schedule constant(double value) { return Schedule(value); }

namespace detail {

/// step / steps, at most 1.
inline double fraction_of(std::int64_t step, std::int64_t steps) {
  return step >= steps ? 1.0 : static_cast<double>(step) / static_cast<double>(steps);
}

/// From a at x = 0 to b at x = 1, exact at both ends: on a line, and on half a period of the cosine.
inline double line_between(double a, double b, double x) { return (1 - x) * a + x * b; }
inline double cosine_between(double a, double b, double x) {
  return line_between(a, b, 0.5 - 0.5 * std::cos(3.14159265358979323846 * x));
}

}  // namespace detail
}  // namespace regimen
