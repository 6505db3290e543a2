// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

struct CosineOptions {
  double peak = 1e-3;
  double final = 0;
  std::int64_t steps = 0;   ///< length of the first cycle; at least 1
  std::int64_t cycles = 1;  ///< more than 1: warm restarts
  std::int64_t growth = 1;  ///< each cycle is this many times as long as the one before
  double peak_factor = 1;   ///< each restart's peak is this part of the one before
};

/// Half a period of the cosine, with warm restarts where cycles > 1 (SGDR). In cycle i = 0, 1, ..., which has length
/// T_i = steps growth^i, at c steps into it:
///
///   final + (peak peak_factor^i - final) (1 + cos(pi c / T_i)) / 2
///
/// The step at which a cycle ends is the first of the next; the last cycle's end and all after it have `final`.
/// Throws Error for less than one step or cycle, or where the cycles together exceed 2^60 steps.
///
/// I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts, 2017, equation 5.
inline Schedule cosine(const CosineOptions& options) {
  detail::check_finite("cosine", "peak", options.peak);
  detail::check_finite("cosine", "final", options.final);
  detail::check_count("cosine", "steps", options.steps, 1);
  detail::check_count("cosine", "cycles", options.cycles, 1);
  detail::check_count("cosine", "growth", options.growth, 1);
  detail::check_positive("cosine", "peak_factor", options.peak_factor);
  std::int64_t length = options.steps, total = options.steps;
  if (options.growth == 1) {
    if (__builtin_mul_overflow(options.steps, options.cycles, &total)) total = INT64_MAX;
  } else {
    for (std::int64_t cycle = 1; cycle < options.cycles && total < (std::int64_t{1} << 60); ++cycle)
      if (__builtin_mul_overflow(length, options.growth, &length) || __builtin_add_overflow(total, length, &total))
        total = INT64_MAX;
  }
  detail::check_count("cosine", "sum of the cycles' steps", total, 1);
  return {[=](std::int64_t step) {
            if (step >= total) return options.final;
            std::int64_t cycle = 0, start = 0, part = options.steps;
            if (options.growth == 1) {
              cycle = step / options.steps;
              start = cycle * options.steps;
            } else {
              for (; step >= start + part; ++cycle) {
                start += part;
                part *= options.growth;
              }
            }
            const double peak = options.peak * std::pow(options.peak_factor, static_cast<double>(cycle));
            return detail::cosine_between(peak, options.final, detail::fraction_of(step - start, part));
          },
          "cosine"};
}

struct WarmupCosineOptions {
  double initial = 0;
  double peak = 1e-3;
  double final = 0;
  std::int64_t warmup = 0;
  std::int64_t steps = 0;  ///< in all, warm-up included; more than `warmup`
};

/// Linear warm-up to the peak, then half a period of the cosine to `final`, which is reached at `steps`:
///
///   t < warmup:  initial + (peak - initial) t / warmup
///   else:        final + (peak - final) (1 + cos(pi (t - warmup) / (steps - warmup))) / 2
inline Schedule warmup_cosine(const WarmupCosineOptions& options) {
  detail::check_finite("warmup_cosine", "initial", options.initial);
  detail::check_finite("warmup_cosine", "peak", options.peak);
  detail::check_finite("warmup_cosine", "final", options.final);
  detail::check_count("warmup_cosine", "warmup", options.warmup, 0);
  detail::check_count("warmup_cosine", "steps", options.steps, 1);
  if (options.steps <= options.warmup)
    detail::fail("warmup_cosine", {"warmup ", options.warmup, " leaves none of ", options.steps, " steps"},
                 "steps counts the warm-up too and must exceed it");
  return {[=](std::int64_t step) {
            if (step < options.warmup)
              return detail::line_between(options.initial, options.peak, detail::fraction_of(step, options.warmup));
            return detail::cosine_between(options.peak, options.final,
                                          detail::fraction_of(step - options.warmup, options.steps - options.warmup));
          },
          "warmup_cosine"};
}

}  // namespace regimen
