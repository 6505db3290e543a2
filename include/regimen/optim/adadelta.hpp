// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct AdadeltaOptions {
  Schedule lr = 1.0;
  double rho = 0.9;  ///< in [0, 1)
  double epsilon = 1e-6;
  double weight_decay = 0;
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Adadelta: steps in the parameters' own unit, from the sizes of the steps before.
///
///   g' = g + weight_decay p     v <- rho v + (1 - rho) g'^2
///   d = sqrt(u + epsilon) / sqrt(v + epsilon) g'     u <- rho u + (1 - rho) d^2     p <- p - lr d
///
/// lr is PyTorch's addition; 1 is the paper. State: two arrays. Throws Error for a rho outside [0, 1), an epsilon that
/// is not positive (the first step would be 0 for ever), and a negative weight decay.
///
/// M. D. Zeiler, ADADELTA: an adaptive learning rate method, 2012, algorithm 1.
template <class T = float, class Device = Cpu>
class Adadelta {
 public:
  explicit Adadelta(const AdadeltaOptions& options)
      : options_(options), state_("adadelta", {"v", "u"}, options.decay_mask) {
    detail::check_decay("adadelta", "rho", options.rho);
    detail::check_positive("adadelta", "epsilon", options.epsilon);
    detail::check_not_negative("adadelta", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("adadelta", options_.lr, progress);
    state_.begin(parameters);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *v = state_.array(0), *u = state_.array(1);
    for (const detail::Stretch& s : state_.stretches())
      kernel::adadelta<T>(Device{}, s.count,
                          {static_cast<T>(lr), static_cast<T>(options_.rho), static_cast<T>(options_.epsilon),
                           s.masked ? static_cast<T>(options_.weight_decay) : T(0)},
                          g + s.parameter, v + s.state, u + s.state, p + s.parameter);
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  AdadeltaOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// adadelta({})
template <class T = float, class Device = Cpu>
Adadelta<T, Device> adadelta(const AdadeltaOptions& options) {
  return Adadelta<T, Device>(options);
}

}  // namespace regimen
