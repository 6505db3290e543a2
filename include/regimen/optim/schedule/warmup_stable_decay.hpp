// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

/// The shape of the last part: a straight line, half a cosine, a straight line on a logarithmic axis, or 1 - sqrt.
enum class DecayShape { linear, cosine, exponential, one_minus_square_root };

struct WarmupStableDecayOptions {
  double initial = 0;
  double peak = 1e-3;
  double final = 0;  ///< more than 0 with DecayShape::exponential
  std::int64_t warmup = 0;
  std::int64_t stable = 0;
  std::int64_t decay = 0;  ///< at least 1; a tenth of the whole is usual
  DecayShape shape = DecayShape::linear;
};

/// Warm-up, a long level stretch that may be continued or branched from at any time, and a short decay. At
/// t < warmup initial + (peak - initial) t / warmup, then `stable` steps of the peak, then, with
/// x = min((t - warmup - stable) / decay, 1):
///
///   linear:                 peak + (final - peak) x
///   cosine:                 peak + (final - peak) (1 - cos(pi x)) / 2
///   exponential:            peak (final / peak)^x
///   one_minus_square_root:  peak + (final - peak) sqrt(x)
///
/// S. Hu et al., MiniCPM: unveiling the potential of small language models with scalable training strategies, 2024;
/// 1 - sqrt: A. Haegele et al., Scaling laws and compute-optimal training beyond fixed training durations, 2024.
inline Schedule warmup_stable_decay(const WarmupStableDecayOptions& options) {
  constexpr const char* name = "warmup_stable_decay";
  detail::check_finite(name, "initial", options.initial);
  detail::check_finite(name, "peak", options.peak);
  detail::check_finite(name, "final", options.final);
  detail::check_count(name, "warmup", options.warmup, 0);
  detail::check_count(name, "stable", options.stable, 0);
  detail::check_count(name, "decay", options.decay, 1);
  if (options.shape == DecayShape::exponential) {
    detail::check_positive(name, "peak", options.peak);
    detail::check_positive(name, "final", options.final);
  }
  return {[=](std::int64_t step) {
            if (step < options.warmup)
              return detail::line_between(options.initial, options.peak, detail::fraction_of(step, options.warmup));
            const std::int64_t since = step - options.warmup - options.stable;
            if (since <= 0) return options.peak;
            if (since >= options.decay) return options.final;
            const double x = detail::fraction_of(since, options.decay);
            switch (options.shape) {
              case DecayShape::cosine:
                return detail::cosine_between(options.peak, options.final, x);
              case DecayShape::exponential:
                return options.peak * std::pow(options.final / options.peak, x);
              case DecayShape::one_minus_square_root:
                return detail::line_between(options.peak, options.final, std::sqrt(x));
              case DecayShape::linear:
                break;
            }
            return detail::line_between(options.peak, options.final, x);
          },
          name};
}

}  // namespace regimen
