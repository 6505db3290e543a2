// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/optim/adam.hpp"

namespace regimen {

struct AdamwOptions {
  Schedule lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 1e-2;
  std::string decay_mask = "*";  ///< names of the parameters that decay; "*.weight" leaves biases alone
};

/// Adam with decoupled weight decay.
///
///   m <- beta1 m + (1 - beta1) g     v <- beta2 v + (1 - beta2) g^2
///   p <- p - lr ((m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay p)
///
/// weight_decay is multiplied by lr, as in PyTorch; Loshchilov & Hutter (2019) multiply it by the schedule's factor
/// alone. Otherwise as Adam.
///
/// I. Loshchilov and F. Hutter, Decoupled weight decay regularization, 2019, algorithm 2.
template <class T = float, class Device = Cpu>
class Adamw : public detail::AdamBase<T, Device, AdamwOptions> {
 public:
  explicit Adamw(const AdamwOptions& options) : detail::AdamBase<T, Device, AdamwOptions>("adamw", options) {}

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    this->each(parameters, progress, [](const auto& numbers, std::int64_t count, const T* g, T* m, T* v, T* p) {
      kernel::adamw<T>(Device{}, count, numbers, g, m, v, p);
    });
  }
};

/// adamw({.lr = cosine({.peak = 1e-3, .steps = 1000}), .decay_mask = "*.weight"})
template <class T = float, class Device = Cpu>
Adamw<T, Device> adamw(const AdamwOptions& options) {
  return Adamw<T, Device>(options);
}

}  // namespace regimen
