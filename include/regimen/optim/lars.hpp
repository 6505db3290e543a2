// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/each_parameter.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct LarsOptions {
  Schedule lr = 1.0;
  double momentum = 0.9;         ///< in [0, 1)
  double trust = 1e-3;           ///< a step's norm over the parameter's, at lr 1
  double epsilon = 0;            ///< added to the ratio's denominator
  double weight_decay = 1e-4;    ///< added to the gradient
  std::string decay_mask = "*";  ///< names of the parameters that decay
  std::string adapt_mask = "*";  ///< names of the parameters whose rate adapts; the others have lr itself
};

/// LARS: SGD with momentum, each parameter's rate scaled to its own norm, for large batches.
///
///   l = trust |p| / (|g| + weight_decay |p| + epsilon)      (1 where either norm is 0)
///   m <- momentum m + lr l (g + weight_decay p)     p <- p - m
///
/// The learning rate is inside m, as in the paper, unlike in sgd. Biases and norms' scales usually are left out of both
/// masks. State: one array. Throws Error for a momentum outside [0, 1), a trust that is not positive, and a negative
/// epsilon or weight decay.
///
/// Y. You, I. Gitman and B. Ginsburg, Large batch training of convolutional networks, 2017, algorithm 1.
template <class T = float, class Device = Cpu>
class Lars {
 public:
  explicit Lars(const LarsOptions& options) : options_(options), state_("lars", {"m"}) {
    detail::check_decay("lars", "momentum", options.momentum);
    detail::check_positive("lars", "trust", options.trust);
    detail::check_not_negative("lars", "epsilon", options.epsilon);
    detail::check_not_negative("lars", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("lars", options_.lr, progress);
    state_.begin(parameters);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T* m = state_.array(0);
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      const double decay = matches(options_.decay_mask, part.name) ? options_.weight_decay : 0;
      double rate = lr;
      if (matches(options_.adapt_mask, part.name)) {
        const double size = std::sqrt(kernel::sum_of_squares<T>(Device{}, part.size, p + part.offset));
        const double slope = std::sqrt(kernel::sum_of_squares<T>(Device{}, part.size, g + part.offset));
        if (size > 0 && slope > 0) rate *= options_.trust * size / (slope + decay * size + options_.epsilon);
      }
      kernel::scale<T>(Device{}, part.size, static_cast<T>(options_.momentum), m + part.state);
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(rate), g + part.offset, m + part.state);
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(rate * decay), p + part.offset, m + part.state);
      kernel::add_scaled<T>(Device{}, part.size, T(-1), m + part.state, p + part.offset);
    });
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  LarsOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// lars({.lr = 10, .decay_mask = "*.weight", .adapt_mask = "*.weight"})
template <class T = float, class Device = Cpu>
Lars<T, Device> lars(const LarsOptions& options) {
  return Lars<T, Device>(options);
}

}  // namespace regimen
