// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct AdagradOptions {
  Schedule lr = 1e-2;
  double epsilon = 1e-10;
  double weight_decay = 0;
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Adagrad: rates that fall with the sum of the squared gradients so far.
///
///   g' = g + weight_decay p     s <- s + g'^2     p <- p - lr g' / (sqrt(s) + epsilon)
///
/// State: one array. Throws Error for a negative epsilon or weight decay.
///
/// J. Duchi, E. Hazan and Y. Singer, Adaptive subgradient methods for online learning and stochastic optimization,
/// 2011.
template <class T = float, class Device = Cpu>
class Adagrad {
 public:
  explicit Adagrad(const AdagradOptions& options) : options_(options), state_("adagrad", {"sum"}, options.decay_mask) {
    detail::check_not_negative("adagrad", "epsilon", options.epsilon);
    detail::check_not_negative("adagrad", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("adagrad", options_.lr, progress);
    state_.begin(parameters);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T* sum = state_.array(0);
    for (const detail::Stretch& s : state_.stretches())
      kernel::adagrad<T>(Device{}, s.count,
                         {static_cast<T>(lr), static_cast<T>(options_.epsilon),
                          s.masked ? static_cast<T>(options_.weight_decay) : T(0)},
                         g + s.parameter, sum + s.state, p + s.parameter);
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  AdagradOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// adagrad({.lr = 0.1})
template <class T = float, class Device = Cpu>
Adagrad<T, Device> adagrad(const AdagradOptions& options) {
  return Adagrad<T, Device>(options);
}

}  // namespace regimen
