// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>

#include "regimen/optim/schedule/schedule.hpp"

/// Pacing functions: the part of the data that training may draw from at step t, which grows from b = `start` to 1 at
/// T = `steps` (Wu et al.'s a T) and stays there. With x = min(t / T, 1):
///
///   step_pace          b + (1 - b) floor(stages x) / stages      one stage: b, then all
///   linear_pace        b + (1 - b) x
///   polynomial_pace    b + (1 - b) x^power                       power 1/2 starts fast, 2 slowly
///   root_pace          (b^p + (1 - b^p) x)^(1/p)                 the new examples per step fall as the pool grows
///   geometric_pace     b^(1 - x)
///   exponential_pace   b + (1 - b) (e^(10 x) - 1) / (e^10 - 1)
///   logarithmic_pace   b + (1 - b) (1 + ln(x + e^-10) / 10)      at most 1
///
/// All throw Error unless 0 < start <= 1 and steps >= 1.
///
/// X. Wu, E. Dyer and B. Neyshabur, When do curricula work?, 2021, table 1 (step, polynomial, exponential,
/// logarithmic); E. A. Platanios et al., Competence-based curriculum learning for neural machine translation, 2019
/// (linear, root); the geometric one is the root's limit for p -> 0.
namespace regimen {

struct PaceOptions {
  double start = 0.1;
  std::int64_t steps = 0;
};

namespace detail {

inline void check_pace(const char* operation, double start, std::int64_t steps) {
  check_option(start > 0 && start <= 1, operation, "start", start, "in (0, 1]");
  check_count(operation, "steps", steps, 1);
}

}  // namespace detail

struct StepPaceOptions {
  double start = 0.1;
  std::int64_t steps = 0;
  std::int64_t stages = 1;  ///< jumps until all is in; at least 1
};

inline Schedule step_pace(const StepPaceOptions& options) {
  detail::check_pace("step_pace", options.start, options.steps);
  detail::check_count("step_pace", "stages", options.stages, 1);
  return {[=](std::int64_t step) {
            if (step >= options.steps) return 1.0;
            const auto stages = static_cast<double>(options.stages);
            const double stage = std::floor(stages * static_cast<double>(step) / static_cast<double>(options.steps));
            return options.start + (1 - options.start) * stage / stages;
          },
          "step_pace"};
}

inline Schedule linear_pace(const PaceOptions& options) {
  detail::check_pace("linear_pace", options.start, options.steps);
  return {[=](std::int64_t step) {
            return detail::line_between(options.start, 1, detail::fraction_of(step, options.steps));
          },
          "linear_pace"};
}

struct PolynomialPaceOptions {
  double start = 0.1;
  std::int64_t steps = 0;
  double power = 2;
};

inline Schedule polynomial_pace(const PolynomialPaceOptions& options) {
  detail::check_pace("polynomial_pace", options.start, options.steps);
  detail::check_positive("polynomial_pace", "power", options.power);
  return {[=](std::int64_t step) {
            return detail::line_between(options.start, 1,
                                        std::pow(detail::fraction_of(step, options.steps), options.power));
          },
          "polynomial_pace"};
}

struct RootPaceOptions {
  double start = 0.1;
  std::int64_t steps = 0;
  double p = 2;  ///< 2 is the square root; more is faster at first
};

inline Schedule root_pace(const RootPaceOptions& options) {
  detail::check_pace("root_pace", options.start, options.steps);
  detail::check_positive("root_pace", "p", options.p);
  return {[=](std::int64_t step) {
            const double inside =
                detail::line_between(std::pow(options.start, options.p), 1, detail::fraction_of(step, options.steps));
            return std::pow(inside, 1 / options.p);
          },
          "root_pace"};
}

inline Schedule geometric_pace(const PaceOptions& options) {
  detail::check_pace("geometric_pace", options.start, options.steps);
  return {[=](std::int64_t step) { return std::pow(options.start, 1 - detail::fraction_of(step, options.steps)); },
          "geometric_pace"};
}

inline Schedule exponential_pace(const PaceOptions& options) {
  detail::check_pace("exponential_pace", options.start, options.steps);
  return {[=](std::int64_t step) {
            const double x = detail::fraction_of(step, options.steps);
            return detail::line_between(options.start, 1, std::expm1(10 * x) / std::expm1(10));
          },
          "exponential_pace"};
}

inline Schedule logarithmic_pace(const PaceOptions& options) {
  detail::check_pace("logarithmic_pace", options.start, options.steps);
  return {[=](std::int64_t step) {
            const double x = detail::fraction_of(step, options.steps);
            const double part = 1 + 0.1 * std::log(x + std::exp(-10));
            return detail::line_between(options.start, 1, part > 1 ? 1.0 : (part < 0 ? 0.0 : part));
          },
          "logarithmic_pace"};
}

}  // namespace regimen
