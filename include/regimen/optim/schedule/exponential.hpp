// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct ExponentialOptions {
  double initial = 1e-3;
  double rate = 0.5;       ///< the factor that `steps` steps bring; in (0, 1]
  std::int64_t steps = 1;  ///< at least 1
  double minimum = 0;      ///< the value goes no lower
};

/// Exponential decay:  max(initial rate^(t / steps), minimum).
inline Schedule exponential(const ExponentialOptions& options) {
  detail::check_finite("exponential", "initial", options.initial);
  detail::check_option(options.rate > 0 && options.rate <= 1, "exponential", "rate", options.rate,
                       "in (0, 1]; geometric({...}) also grows");
  detail::check_count("exponential", "steps", options.steps, 1);
  detail::check_finite("exponential", "minimum", options.minimum);
  return {[=](std::int64_t step) {
            const double periods = static_cast<double>(step) / static_cast<double>(options.steps);
            const double value = options.initial * std::pow(options.rate, periods);
            return value > options.minimum ? value : options.minimum;
          },
          "exponential"};
}

struct GeometricOptions {
  double initial = 1e-3;
  double final = 1e-5;
  std::int64_t steps = 0;  ///< where `final` is reached; at least 1
};

/// A straight line on a logarithmic axis, down or up, then flat:  initial (final / initial)^min(t / steps, 1).
/// Both ends must be positive. Rising from tiny to large it is the learning-rate range test.
inline Schedule geometric(const GeometricOptions& options) {
  detail::check_positive("geometric", "initial", options.initial);
  detail::check_positive("geometric", "final", options.final);
  detail::check_count("geometric", "steps", options.steps, 1);
  return {[=](std::int64_t step) {
            if (step >= options.steps) return options.final;
            return options.initial *
                   std::pow(options.final / options.initial, detail::fraction_of(step, options.steps));
          },
          "geometric"};
}

}  // namespace regimen
