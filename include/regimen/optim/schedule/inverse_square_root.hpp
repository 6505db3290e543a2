// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct InverseSquareRootOptions {
  double peak = 1e-3;
  std::int64_t warmup = 4000;  ///< updates to the peak; at least 1
};

/// Linear warm-up, then decay with the inverse square root. With s = t + 1, the number of the update counted from 1:
///
///   peak min(s / warmup, sqrt(warmup / s))
///
/// The peak is that of update number `warmup`, step warmup - 1.
inline Schedule inverse_square_root(const InverseSquareRootOptions& options) {
  detail::check_finite("inverse_square_root", "peak", options.peak);
  detail::check_count("inverse_square_root", "warmup", options.warmup, 1);
  return {[=](std::int64_t step) {
            const double s = static_cast<double>(step) + 1, w = static_cast<double>(options.warmup);
            return options.peak * (s <= w ? s / w : std::sqrt(w / s));
          },
          "inverse_square_root"};
}

struct NoamOptions {
  double factor = 1;
  std::int64_t width = 512;    ///< d_model
  std::int64_t warmup = 4000;  ///< at least 1
};

/// The Transformer's schedule:  factor width^-0.5 min(s^-0.5, s warmup^-1.5), with s = t + 1.
///
/// A. Vaswani et al., Attention is all you need, 2017, equation 3.
inline Schedule noam(const NoamOptions& options) {
  detail::check_finite("noam", "factor", options.factor);
  detail::check_count("noam", "width", options.width, 1);
  detail::check_count("noam", "warmup", options.warmup, 1);
  const double peak =
      options.factor / std::sqrt(static_cast<double>(options.width)) / std::sqrt(static_cast<double>(options.warmup));
  return inverse_square_root({.peak = peak, .warmup = options.warmup});
}

}  // namespace regimen
