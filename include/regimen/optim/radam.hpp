// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct RadamOptions {
  Schedule lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< added to the gradient
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Rectified Adam: Adam's step times a factor that accounts for the variance of a young second moment, and plain
/// momentum while that is too large to be known. With rho_inf = 2 / (1 - beta2) - 1 and
/// rho = rho_inf - 2 t beta2^t / (1 - beta2^t):
///
///   g' = g + weight_decay p     m <- beta1 m + (1 - beta1) g'     v <- beta2 v + (1 - beta2) g'^2
///   r = sqrt((rho - 4) (rho - 2) rho_inf / ((rho_inf - 4) (rho_inf - 2) rho))
///   p <- p - lr m / (1 - beta1^t) {r sqrt(1 - beta2^t) / (sqrt(v) + epsilon)  where rho > 5, else 1}
///
/// The threshold 5 is PyTorch's and the authors' code's; the paper has 4. With a beta2 of at most 2/3 rho never gets
/// there. State: two arrays. Throws Error for a beta outside [0, 1), and a negative epsilon or weight decay.
///
/// L. Liu et al., On the variance of the adaptive learning rate and beyond, 2020, algorithm 2.
template <class T = float, class Device = Cpu>
class Radam {
 public:
  explicit Radam(const RadamOptions& options) : options_(options), state_("radam", {"m", "v"}, options.decay_mask) {
    detail::check_decay("radam", "beta1", options.beta1);
    detail::check_decay("radam", "beta2", options.beta2);
    detail::check_not_negative("radam", "epsilon", options.epsilon);
    detail::check_not_negative("radam", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("radam", options_.lr, progress);
    const auto t = static_cast<double>(state_.begin(parameters));
    const double beta2_t = std::pow(options_.beta2, t), limit = 2 / (1 - options_.beta2) - 1;
    const double length = limit - 2 * t * beta2_t / (1 - beta2_t);
    const bool rectified = length > 5;
    double rate = lr / (1 - std::pow(options_.beta1, t));
    if (rectified)
      rate *= std::sqrt((1 - beta2_t) * (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
    kernel::AdamStep<T> numbers{};
    numbers.beta1 = static_cast<T>(options_.beta1);
    numbers.beta2 = static_cast<T>(options_.beta2);
    numbers.epsilon = static_cast<T>(options_.epsilon);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *m = state_.array(0), *v = state_.array(1);
    for (const detail::Stretch& s : state_.stretches()) {
      numbers.weight_decay = s.masked ? static_cast<T>(options_.weight_decay) : T(0);
      kernel::radam<T>(Device{}, s.count, numbers, static_cast<T>(rate), rectified, g + s.parameter, m + s.state,
                       v + s.state, p + s.parameter);
    }
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  RadamOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// radam({.lr = 1e-3})
template <class T = float, class Device = Cpu>
Radam<T, Device> radam(const RadamOptions& options) {
  return Radam<T, Device>(options);
}

}  // namespace regimen
