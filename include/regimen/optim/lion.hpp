// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct LionOptions {
  Schedule lr = 1e-4;  ///< 3 to 10 times below AdamW's
  double beta1 = 0.9;
  double beta2 = 0.99;
  double weight_decay = 0;       ///< decoupled; 3 to 10 times above AdamW's
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Lion: steps of one size, by the sign of a momentum.
///
///   p <- p - lr (sign(beta1 m + (1 - beta1) g) + weight_decay p)     m <- beta2 m + (1 - beta2) g
///
/// sign(0) is 0. State: one array. Throws Error for a beta outside [0, 1) and a negative weight decay.
///
/// X. Chen et al., Symbolic discovery of optimization algorithms, 2023, algorithm 2.
template <class T = float, class Device = Cpu>
class Lion {
 public:
  explicit Lion(const LionOptions& options) : options_(options), state_("lion", {"m"}, options.decay_mask) {
    detail::check_decay("lion", "beta1", options.beta1);
    detail::check_decay("lion", "beta2", options.beta2);
    detail::check_not_negative("lion", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("lion", options_.lr, progress);
    state_.begin(parameters);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T* m = state_.array(0);
    for (const detail::Stretch& s : state_.stretches())
      kernel::lion<T>(Device{}, s.count,
                      {static_cast<T>(lr), static_cast<T>(options_.beta1), static_cast<T>(options_.beta2),
                       s.masked ? static_cast<T>(options_.weight_decay) : T(0)},
                      g + s.parameter, m + s.state, p + s.parameter);
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  LionOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// lion({.lr = 1e-4, .weight_decay = 0.1})
template <class T = float, class Device = Cpu>
Lion<T, Device> lion(const LionOptions& options) {
  return Lion<T, Device>(options);
}

}  // namespace regimen
