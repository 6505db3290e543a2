// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct RmspropOptions {
  Schedule lr = 1e-2;
  double alpha = 0.99;  ///< in [0, 1)
  double epsilon = 1e-8;
  double momentum = 0;    ///< in [0, 1)
  bool centered = false;  ///< divides by the standard deviation, not the root mean square
  double weight_decay = 0;
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// RMSprop.
///
///   g' = g + weight_decay p     v <- alpha v + (1 - alpha) g'^2
///   centered:                   a <- alpha a + (1 - alpha) g',  w = max(v - a^2, 0);  else w = v
///   d = g' / (sqrt(w) + epsilon)
///   p <- p - lr d               with momentum:  m <- momentum m + d,  p <- p - lr m
///
/// epsilon is outside the root, as in PyTorch. State: one array, one more if centered, one more with momentum.
/// Throws Error for options outside their ranges.
///
/// T. Tieleman and G. Hinton, Neural networks for machine learning, lecture 6.5, 2012; centered: A. Graves, Generating
/// sequences with recurrent neural networks, 2013.
template <class T = float, class Device = Cpu>
class Rmsprop {
 public:
  explicit Rmsprop(const RmspropOptions& options)
      : options_(options), state_("rmsprop", names(options), options.decay_mask) {
    detail::check_decay("rmsprop", "alpha", options.alpha);
    detail::check_not_negative("rmsprop", "epsilon", options.epsilon);
    detail::check_decay("rmsprop", "momentum", options.momentum);
    detail::check_not_negative("rmsprop", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("rmsprop", options_.lr, progress);
    state_.begin(parameters);
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T* v = state_.array(0);
    T* a = options_.centered ? state_.array(1) : nullptr;
    T* m = options_.momentum == 0 ? nullptr : state_.array(options_.centered ? 2 : 1);
    for (const detail::Stretch& s : state_.stretches())
      kernel::rmsprop<T>(Device{}, s.count,
                         {static_cast<T>(lr), static_cast<T>(options_.alpha), static_cast<T>(options_.epsilon),
                          static_cast<T>(options_.momentum), s.masked ? static_cast<T>(options_.weight_decay) : T(0)},
                         g + s.parameter, v + s.state, a == nullptr ? a : a + s.state, m == nullptr ? m : m + s.state,
                         p + s.parameter);
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  static std::vector<const char*> names(const RmspropOptions& options) {
    std::vector<const char*> result = {"v"};
    if (options.centered) result.push_back("mean");
    if (options.momentum != 0) result.push_back("momentum");
    return result;
  }

  RmspropOptions options_;
  detail::OptimizerState<T, Device> state_;
};

/// rmsprop({.lr = 1e-3, .momentum = 0.9})
template <class T = float, class Device = Cpu>
Rmsprop<T, Device> rmsprop(const RmspropOptions& options) {
  return Rmsprop<T, Device>(options);
}

}  // namespace regimen
