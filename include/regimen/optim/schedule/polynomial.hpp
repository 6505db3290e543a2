// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct PolynomialOptions {
  double initial = 1e-3;
  double final = 0;
  double power = 1;
  std::int64_t steps = 0;  ///< where `final` is reached; at least 1
};

/// final + (initial - final) (1 - min(t / steps, 1))^power; the "poly" rule of semantic segmentation at power 0.9.
///
/// L.-C. Chen et al., DeepLab: semantic image segmentation with deep convolutional nets, 2018.
inline Schedule polynomial(const PolynomialOptions& options) {
  detail::check_finite("polynomial", "initial", options.initial);
  detail::check_finite("polynomial", "final", options.final);
  detail::check_positive("polynomial", "power", options.power);
  detail::check_count("polynomial", "steps", options.steps, 1);
  return {[=](std::int64_t step) {
            const double left = std::pow(1 - detail::fraction_of(step, options.steps), options.power);
            return detail::line_between(options.final, options.initial, left);
          },
          "polynomial"};
}

}  // namespace regimen
