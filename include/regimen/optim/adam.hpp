// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct AdamOptions {
  Schedule lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< added to the gradient; see adamw for the decoupled form
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

namespace detail {

/// What Adam and AdamW share: checks, state, and the numbers of each update.
template <class T, class Device, class Options>
class AdamBase {
 public:
  AdamBase(const char* operation, const Options& options)
      : options_(options), state_(operation, {"m", "v"}, options.decay_mask) {
    check_decay(operation, "beta1", options.beta1);
    check_decay(operation, "beta2", options.beta2);
    check_not_negative(operation, "epsilon", options.epsilon);
    check_not_negative(operation, "weight_decay", options.weight_decay);
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 protected:
  /// Calls step(numbers, count, g, m, v, p) on each stretch.
  template <class F>
  void each(Parameters<T, Device>& parameters, const Progress& progress, const F& step) {
    const double lr = learning_rate(state_.operation(), options_.lr, progress);
    const std::int64_t number = state_.begin(parameters);
    auto numbers = kernel::adam_step<T>(lr, options_, number);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *m = state_.array(0), *v = state_.array(1);
    for (const Stretch& s : state_.stretches()) {
      numbers.weight_decay = s.masked ? static_cast<T>(options_.weight_decay) : T(0);
      step(numbers, s.count, g + s.parameter, m + s.state, v + s.state, p + s.parameter);
    }
  }

 private:
  Options options_;
  OptimizerState<T, Device> state_;
};

}  // namespace detail

/// Adam, with L2 weight decay in the gradient.
///
///   g' = g + weight_decay p     m <- beta1 m + (1 - beta1) g'     v <- beta2 v + (1 - beta2) g'^2
///   p <- p - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// t counts this optimizer's own updates from 1, whatever the Progress. State: two arrays. One pass over g, m, v, p.
/// Throws Error for a beta outside [0, 1), and a negative epsilon or weight decay.
///
/// D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, algorithm 1.
template <class T = float, class Device = Cpu>
class Adam : public detail::AdamBase<T, Device, AdamOptions> {
 public:
  explicit Adam(const AdamOptions& options) : detail::AdamBase<T, Device, AdamOptions>("adam", options) {}

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    this->each(parameters, progress, [](const auto& numbers, std::int64_t count, const T* g, T* m, T* v, T* p) {
      kernel::adam<T>(Device{}, count, numbers, g, m, v, p);
    });
  }
};

/// adam({.lr = 3e-4})
template <class T = float, class Device = Cpu>
Adam<T, Device> adam(const AdamOptions& options) {
  return Adam<T, Device>(options);
}

}  // namespace regimen
