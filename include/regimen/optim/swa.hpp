// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/ema.hpp"

namespace regimen {

struct SwaOptions {
  std::int64_t start = 0;  ///< the first step whose parameters count; at least 0
  std::int64_t every = 1;  ///< steps between two that count, such as an epoch's; at least 1
};

/// Stochastic weight averaging: the mean of the parameters after the steps start, start + every, start + 2 every, ...,
/// each of the same weight:
///
///   d <- (n d + p) / (n + 1)
///
/// Call update() after the optimizer's, with the same Progress; swap() as Ema's. Batch norms' statistics are of no
/// average: compute them anew after a swap. Throws Error for options outside their ranges. State: one array.
///
/// P. Izmailov et al., Averaging weights leads to wider optima and better generalization, 2018, algorithm 1.
template <class T = float, class Device = Cpu>
class Swa {
 public:
  explicit Swa(const SwaOptions& options = {})
      : options_(options), mean_({.decay = [](std::int64_t n) {
          const auto count = static_cast<double>(n);
          return count / (count + 1);
        }}) {
    detail::check_count("swa", "start", options.start, 0);
    detail::check_count("swa", "every", options.every, 1);
  }

  /// Takes the parameters into the mean where progress.step is one that counts.
  void update(const Parameters<T, Device>& parameters, const Progress& progress) {
    if (progress.step < options_.start || (progress.step - options_.start) % options_.every != 0) return;
    mean_.update(parameters, Progress{mean_.updates()});
  }

  /// Number of parameters' values in the mean.
  std::int64_t updates() const { return mean_.updates(); }

  /// Exchanges the parameters' values with the mean, and back at the next call. Throws Error before the first update.
  void swap(Parameters<T, Device>& parameters) { mean_.swap(parameters); }
  bool swapped() const { return mean_.swapped(); }

  void save(State& state) const { mean_.save(state); }
  void load(const State& state) { mean_.load(state); }

 private:
  SwaOptions options_;
  Ema<T, Device> mean_;
};

}  // namespace regimen
