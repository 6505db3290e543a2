// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/each_parameter.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct LambOptions {
  Schedule lr = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-6;
  double weight_decay = 0;
  std::string decay_mask = "*";  ///< names of the parameters that decay
  std::string adapt_mask = "*";  ///< names of the parameters whose steps have the trust ratio; the others' have 1
};

/// LAMB: Adam's direction, each parameter's scaled to the parameter's own norm, for large batches.
///
///   m <- beta1 m + (1 - beta1) g     v <- beta2 v + (1 - beta2) g^2
///   u = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay p
///   p <- p - lr |p| / |u| u          (the ratio is 1 where either norm is 0)
///
/// phi, the paper's bound of |p|, is the identity, as in the authors' code. Norms are of whole parameters, accumulated
/// in double. State: two arrays. Throws Error for a beta outside [0, 1), and a negative epsilon or weight decay.
///
/// Y. You et al., Large batch optimization for deep learning: training BERT in 76 minutes, 2020, algorithm 2.
template <class T = float, class Device = Cpu>
class Lamb {
 public:
  explicit Lamb(const LambOptions& options) : options_(options), state_("lamb", {"m", "v"}) {
    detail::check_decay("lamb", "beta1", options.beta1);
    detail::check_decay("lamb", "beta2", options.beta2);
    detail::check_not_negative("lamb", "epsilon", options.epsilon);
    detail::check_not_negative("lamb", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("lamb", options_.lr, progress);
    const std::int64_t number = state_.begin(parameters);
    auto numbers = kernel::adam_step<T>(0, options_, number);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *m = state_.array(0), *v = state_.array(1);
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      const bool decays = matches(options_.decay_mask, part.name);
      numbers.weight_decay = decays ? static_cast<T>(options_.weight_decay) : T(0);
      T* value = p + part.offset;
      const auto direction = Tensor<T, Device>::empty({part.size});
      T* u = direction.mutable_data();
      kernel::adam_direction<T>(Device{}, part.size, numbers, g + part.offset, value, m + part.state, v + part.state,
                                u);
      double ratio = 1;
      if (matches(options_.adapt_mask, part.name)) {
        const double size = kernel::sum_of_squares<T>(Device{}, part.size, value);
        const double step = kernel::sum_of_squares<T>(Device{}, part.size, u);
        if (size > 0 && step > 0) ratio = std::sqrt(size / step);
      }
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(-lr * ratio), u, value);
    });
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  LambOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// lamb({.lr = 2e-3, .weight_decay = 0.01, .decay_mask = "*.weight", .adapt_mask = "*.weight"})
template <class T = float, class Device = Cpu>
Lamb<T, Device> lamb(const LambOptions& options) {
  return Lamb<T, Device>(options);
}

}  // namespace regimen
