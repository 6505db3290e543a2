// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct LinearScheduleOptions {
  double initial = 1;
  double final = 0;
  std::int64_t steps = 0;  ///< where `final` is reached; at least 1
};

/// A straight line, then flat:  initial + (final - initial) min(t / steps, 1).
inline Schedule linear_schedule(const LinearScheduleOptions& options) {
  detail::check_finite("linear_schedule", "initial", options.initial);
  detail::check_finite("linear_schedule", "final", options.final);
  detail::check_count("linear_schedule", "steps", options.steps, 1);
  return {[=](std::int64_t step) {
            return detail::line_between(options.initial, options.final, detail::fraction_of(step, options.steps));
          },
          "linear_schedule"};
}

struct LinearWarmupOptions {
  double initial = 0;  ///< with 0, the first update changes nothing
  double peak = 1e-3;
  std::int64_t warmup = 0;  ///< where `peak` is reached; 0 is no warm-up
};

/// Linear warm-up, then the peak for ever:  initial + (peak - initial) min(t / warmup, 1).
///
/// P. Goyal et al., Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017.
inline Schedule linear_warmup(const LinearWarmupOptions& options) {
  detail::check_finite("linear_warmup", "initial", options.initial);
  detail::check_finite("linear_warmup", "peak", options.peak);
  detail::check_count("linear_warmup", "warmup", options.warmup, 0);
  return {[=](std::int64_t step) {
            return detail::line_between(options.initial, options.peak, detail::fraction_of(step, options.warmup));
          },
          "linear_warmup"};
}

}  // namespace regimen
