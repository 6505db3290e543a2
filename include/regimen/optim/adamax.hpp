// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/adam.hpp"

namespace regimen {

struct AdamaxOptions {
  Schedule lr = 2e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< added to the gradient
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Adam with the infinity norm in the place of the second moment's root.
///
///   g' = g + weight_decay p     m <- beta1 m + (1 - beta1) g'     u <- max(beta2 u, |g'| + epsilon)
///   p <- p - lr / (1 - beta1^t) m / u
///
/// epsilon, inside the maximum, is PyTorch's; with 0 a parameter whose gradients all were 0 becomes NaN. State: two
/// arrays. Throws Error for a beta outside [0, 1), an epsilon that is not positive, and a negative weight decay.
///
/// D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, algorithm 2.
template <class T = float, class Device = Cpu>
class Adamax : public detail::AdamBase<T, Device, AdamaxOptions> {
 public:
  explicit Adamax(const AdamaxOptions& options) : detail::AdamBase<T, Device, AdamaxOptions>("adamax", options) {
    detail::check_positive("adamax", "epsilon", options.epsilon);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    this->each(parameters, progress, [](const auto& numbers, std::int64_t count, const T* g, T* m, T* u, T* p) {
      kernel::adamax<T>(Device{}, count, numbers, g, m, u, p);
    });
  }
};

/// adamax({.lr = 2e-3})
template <class T = float, class Device = Cpu>
Adamax<T, Device> adamax(const AdamaxOptions& options) {
  return Adamax<T, Device>(options);
}

}  // namespace regimen
