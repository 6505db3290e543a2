// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct NadamOptions {
  Schedule lr = 2e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< added to the gradient
  std::string decay_mask = "*";  ///< names of the parameters that decay
  double momentum_decay = 4e-3;  ///< how fast the momentum's warm-up goes by
};

/// Adam with Nesterov's momentum, which warms up from beta1 / 2 to beta1.
///
///   g' = g + weight_decay p     m <- beta1 m + (1 - beta1) g'     v <- beta2 v + (1 - beta2) g'^2
///   mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2)     M_t = mu_1 mu_2 ... mu_t
///   p <- p - lr ((1 - mu_t) / (1 - M_t) g' + mu_(t + 1) / (1 - M_(t + 1)) m) / (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// As in PyTorch; Dozat has m with factors mu_t, too. State: two arrays and M_t. Throws Error for a beta outside
/// [0, 1), and a negative epsilon, weight decay or momentum decay.
///
/// T. Dozat, Incorporating Nesterov momentum into Adam, 2016.
template <class T = float, class Device = Cpu>
class Nadam {
 public:
  explicit Nadam(const NadamOptions& options) : options_(options), state_("nadam", {"m", "v"}, options.decay_mask) {
    detail::check_decay("nadam", "beta1", options.beta1);
    detail::check_decay("nadam", "beta2", options.beta2);
    detail::check_not_negative("nadam", "epsilon", options.epsilon);
    detail::check_not_negative("nadam", "weight_decay", options.weight_decay);
    detail::check_not_negative("nadam", "momentum_decay", options.momentum_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("nadam", options_.lr, progress);
    const auto number = static_cast<double>(state_.begin(parameters));
    const double mu = momentum(number), next = momentum(number + 1);
    product_ *= mu;
    const T rate_g = static_cast<T>(lr * (1 - mu) / (1 - product_));
    const T rate_m = static_cast<T>(lr * next / (1 - product_ * next));
    kernel::AdamStep<T> numbers{};
    numbers.beta1 = static_cast<T>(options_.beta1);
    numbers.beta2 = static_cast<T>(options_.beta2);
    numbers.epsilon = static_cast<T>(options_.epsilon);
    numbers.correction2 = static_cast<T>(1 / (1 - std::pow(options_.beta2, number)));
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *m = state_.array(0), *v = state_.array(1);
    for (const detail::Stretch& s : state_.stretches()) {
      numbers.weight_decay = s.masked ? static_cast<T>(options_.weight_decay) : T(0);
      kernel::nadam<T>(Device{}, s.count, numbers, rate_g, rate_m, g + s.parameter, m + s.state, v + s.state,
                       p + s.parameter);
    }
  }

  void save(State& state) const {
    state_.save(state);
    state.put("momentum_product", product_);
  }
  void load(const State& state) {
    const auto product = state.get<double>("momentum_product");
    state_.load(state);
    product_ = product;
  }

 private:
  double momentum(double t) const { return options_.beta1 * (1 - 0.5 * std::pow(0.96, t * options_.momentum_decay)); }

  NadamOptions options_;
  double product_ = 1;
  detail::OptimizerState<T, Device> state_;
};

/// nadam({.lr = 2e-3})
template <class T = float, class Device = Cpu>
Nadam<T, Device> nadam(const NadamOptions& options) {
  return Nadam<T, Device>(options);
}

}  // namespace regimen
