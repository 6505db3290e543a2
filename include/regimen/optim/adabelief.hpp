// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/adam.hpp"

namespace regimen {

struct AdabeliefOptions {
  Schedule lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-16;
  double weight_decay = 0;       ///< decoupled, as AdamW's
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// AdaBelief: Adam with the gradient's spread about its mean in the place of its square.
///
///   m <- beta1 m + (1 - beta1) g     s <- beta2 s + (1 - beta2) (g - m)^2 + epsilon
///   p <- p - lr ((m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon) + weight_decay p)
///
/// The paper's algorithm, which keeps the inner epsilon in s; the default epsilon is the authors' code's. State: two
/// arrays. Throws Error for a beta outside [0, 1), an epsilon that is not positive and a negative weight decay.
///
/// J. Zhuang et al., AdaBelief optimizer: adapting stepsizes by the belief in observed gradients, 2020, algorithm 2.
template <class T = float, class Device = Cpu>
class Adabelief : public detail::AdamBase<T, Device, AdabeliefOptions> {
 public:
  explicit Adabelief(const AdabeliefOptions& options)
      : detail::AdamBase<T, Device, AdabeliefOptions>("adabelief", options) {
    detail::check_positive("adabelief", "epsilon", options.epsilon);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    this->each(parameters, progress, [](const auto& numbers, std::int64_t count, const T* g, T* m, T* s, T* p) {
      kernel::adabelief<T>(Device{}, count, numbers, g, m, s, p);
    });
  }
};

/// adabelief({.lr = 1e-3})
template <class T = float, class Device = Cpu>
Adabelief<T, Device> adabelief(const AdabeliefOptions& options) {
  return Adabelief<T, Device>(options);
}

}  // namespace regimen
