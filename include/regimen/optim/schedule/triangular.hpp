// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

/// How the height of the triangles changes: not at all, halved from one to the next (Smith's triangular2), or times
/// gamma^step (exp_range).
enum class TriangularHeight { same, halved, exponential };

struct TriangularOptions {
  double low = 1e-4;
  double high = 1e-3;
  std::int64_t half_cycle = 0;  ///< steps from low to high; at least 1 (Smith: 2 to 10 epochs' worth)
  TriangularHeight height = TriangularHeight::same;
  double gamma = 1;  ///< with TriangularHeight::exponential; in (0, 1]
};

/// Cyclical learning rate: up and down on straight lines, for ever. With c = floor(t / (2 half_cycle)) the cycle and
/// x = |t / half_cycle - 2 c - 1| the distance from its peak:
///
///   low + (high - low) (1 - x) h,   h = 1 | 2^-c | gamma^t
///
/// L. N. Smith, Cyclical learning rates for training neural networks, 2017.
inline Schedule triangular(const TriangularOptions& options) {
  detail::check_finite("triangular", "low", options.low);
  detail::check_finite("triangular", "high", options.high);
  detail::check_count("triangular", "half_cycle", options.half_cycle, 1);
  detail::check_option(options.gamma > 0 && options.gamma <= 1, "triangular", "gamma", options.gamma, "in (0, 1]");
  return {[=](std::int64_t step) {
            const std::int64_t period = 2 * options.half_cycle, cycle = step / period, in_cycle = step % period;
            const std::int64_t climbed = in_cycle <= options.half_cycle ? in_cycle : period - in_cycle;
            double height = 1;
            if (options.height == TriangularHeight::halved) height = std::pow(0.5, static_cast<double>(cycle));
            if (options.height == TriangularHeight::exponential)
              height = std::pow(options.gamma, static_cast<double>(step));
            return detail::line_between(options.low, options.high,
                                        detail::fraction_of(climbed, options.half_cycle) * height);
          },
          "triangular"};
}

}  // namespace regimen
