// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct StepDecayOptions {
  double initial = 1e-3;
  double factor = 0.1;
  std::int64_t every = 0;        ///< steps between two drops; at least 1
  std::int64_t drops = 1 << 20;  ///< the value is kept after this many
};

/// A staircase:  initial factor^min(floor(t / every), drops). For drops at given steps see piecewise_constant.
inline Schedule step_decay(const StepDecayOptions& options) {
  detail::check_finite("step_decay", "initial", options.initial);
  detail::check_positive("step_decay", "factor", options.factor);
  detail::check_count("step_decay", "every", options.every, 1);
  detail::check_count("step_decay", "drops", options.drops, 0);
  return {[=](std::int64_t step) {
            const std::int64_t done = step / options.every;
            return options.initial *
                   std::pow(options.factor, static_cast<double>(done < options.drops ? done : options.drops));
          },
          "step_decay"};
}

}  // namespace regimen
