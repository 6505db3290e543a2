// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct OneCycleOptions {
  double peak = 1e-2;
  std::int64_t steps = 0;        ///< in all; at least 2
  double warmup_fraction = 0.3;  ///< part of the steps that climb; in (0, 1)
  double initial_divisor = 25;   ///< the first value is peak / initial_divisor
  double final_divisor = 1e4;    ///< the last value is the first / final_divisor
  bool straight = false;         ///< lines instead of half cosines
};

/// One climb to the peak and one longer way down, far below the start. With w = round(warmup_fraction steps), at least
/// 1 and at most steps - 1, first = peak / initial_divisor, last = first / final_divisor, and between(a, b, x) = a + (b
/// - a) (1 - cos(pi x)) / 2, or a + (b - a) x where straight:
///
///   t < w:  between(first, peak, t / w)          else:  between(peak, last, (t - w) / (steps - w)), last beyond steps
///
/// This is the two-part form that became usual; Smith & Topin (2019) come down to the start first, then, in a few last
/// steps, to far below it. A momentum that goes the other way is a schedule of its own: one_cycle with divisors
/// below 1.
///
/// L. N. Smith and N. Topin, Super-convergence: very fast training of neural networks using large learning rates, 2019.
inline Schedule one_cycle(const OneCycleOptions& options) {
  detail::check_finite("one_cycle", "peak", options.peak);
  detail::check_count("one_cycle", "steps", options.steps, 2);
  detail::check_option(options.warmup_fraction > 0 && options.warmup_fraction < 1, "one_cycle", "warmup_fraction",
                       options.warmup_fraction, "in (0, 1)");
  detail::check_positive("one_cycle", "initial_divisor", options.initial_divisor);
  detail::check_positive("one_cycle", "final_divisor", options.final_divisor);
  const double wanted = std::round(options.warmup_fraction * static_cast<double>(options.steps));
  std::int64_t warmup = static_cast<std::int64_t>(wanted);
  if (warmup < 1) warmup = 1;
  if (warmup > options.steps - 1) warmup = options.steps - 1;
  const double first = options.peak / options.initial_divisor, last = first / options.final_divisor;
  return {[=](std::int64_t step) {
            const auto between = options.straight ? detail::line_between : detail::cosine_between;
            if (step < warmup) return between(first, options.peak, detail::fraction_of(step, warmup));
            return between(options.peak, last, detail::fraction_of(step - warmup, options.steps - warmup));
          },
          "one_cycle"};
}

}  // namespace regimen
