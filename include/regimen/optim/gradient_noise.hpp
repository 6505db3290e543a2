// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>

#include "regimen/core/rng.hpp"
#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/check.hpp"
#include "regimen/optim/optimizer.hpp"

namespace regimen {

struct GradientNoiseOptions {
  double eta = 0.01;    ///< the variance at step 0; the paper has 0.01, 0.3 and 1
  double gamma = 0.55;  ///< how fast it falls
};

/// Gradient transform: normal noise of falling variance on the trainable parameters' gradients:
///
///   g <- g + N(0, eta / (1 + t)^gamma)          t = progress.step
///
/// The noise of a step depends on the Rng and on t alone: it needs no state, and a resumed run has the same. Throws
/// Error for a negative eta or gamma.
///
///   chain(gradient_noise(rng.split("noise"), {.eta = 0.3}), sgd({.lr = 0.1}))
///
/// A. Neelakantan et al., Adding gradient noise improves learning for very deep networks, 2015, equation 1.
class GradientNoise {
 public:
  explicit GradientNoise(const Rng& rng, const GradientNoiseOptions& options = {}) : rng_(rng), options_(options) {
    detail::check_not_negative("gradient_noise", "eta", options.eta);
    detail::check_not_negative("gradient_noise", "gamma", options.gamma);
  }

  template <class T>
  void update(Parameters<T, Cpu>& parameters, const Progress& progress) {
    const double variance = options_.eta / std::pow(1 + static_cast<double>(progress.step), options_.gamma);
    Rng rng = rng_.split(static_cast<std::uint64_t>(progress.step));
    T* g = parameters.gradients().mutable_data();
    for (const auto& run : parameters.runs()) {
      const auto noise = rng.normal<T>({run.end - run.begin});
      kernel::add_scaled<T>(Cpu{}, noise.size(), static_cast<T>(std::sqrt(variance)), noise.data(), g + run.begin);
    }
  }

  void save(State&) const {}
  void load(const State&) {}

 private:
  Rng rng_;
  GradientNoiseOptions options_;
};

inline GradientNoise gradient_noise(const Rng& rng, const GradientNoiseOptions& options = {}) {
  return GradientNoise(rng, options);
}

}  // namespace regimen
