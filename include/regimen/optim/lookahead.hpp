// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct LookaheadOptions {
  std::int64_t every = 5;  ///< k, the inner optimizer's updates between two of the slow values; at least 1
  double alpha = 0.5;      ///< the slow values' step, in [0, 1]
};

/// Lookahead around any optimizer: after every k of its updates the slow values s, which begin as the parameters, go a
/// part of the way to the parameters, and the parameters go back to them:
///
///   s <- s + alpha (p - s)     p <- s
///
///   lookahead({.every = 5}, adamw({.lr = 1e-3}))
///
/// The inner optimizer's moments go on, the paper's default. State: one array, and the inner optimizer's. Throws Error
/// for options outside their ranges.
///
/// M. R. Zhang et al., Lookahead optimizer: k steps forward, 1 step back, 2019, algorithm 1.
template <class T = float, class Device = Cpu>
class Lookahead {
 public:
  Lookahead(const LookaheadOptions& options, Optimizer<T, Device> optimizer)
      : options_(options), optimizer_(std::move(optimizer)), state_("lookahead", {"slow"}) {
    detail::check_count("lookahead", "every", options.every, 1);
    detail::check_fraction("lookahead", "alpha", options.alpha);
    if (!optimizer_.defined()) detail::fail("lookahead", "the optimizer is undefined", "give it a value");
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const std::int64_t number = state_.begin(parameters);
    T* slow = state_.array(0);
    if (number == 1)
      for (const detail::Stretch& s : state_.stretches())
        kernel::scaled<T>(Device{}, s.count, T(1), parameters.values().data() + s.parameter, slow + s.state);
    optimizer_.update(parameters, progress);
    if (number % options_.every != 0) return;
    T* p = parameters.values().mutable_data();
    for (const detail::Stretch& s : state_.stretches()) {
      kernel::ema<T>(Device{}, s.count, static_cast<T>(1 - options_.alpha), p + s.parameter, slow + s.state);
      kernel::scaled<T>(Device{}, s.count, T(1), slow + s.state, p + s.parameter);
    }
  }

  void save(State& state) const {
    state_.save(state);
    State& scope = state.scope("optimizer");
    optimizer_.save(scope);
    if (scope.entries().empty()) scope.put("empty", true);
  }

  void load(const State& state) {
    auto optimizer = optimizer_;
    optimizer.load(state.part("optimizer"));
    state_.load(state);
    optimizer_ = std::move(optimizer);
  }

 private:
  LookaheadOptions options_;
  Optimizer<T, Device> optimizer_;
  detail::OptimizerState<T, Device> state_;
};

template <class T = float, class Device = Cpu>
Lookahead<T, Device> lookahead(const LookaheadOptions& options, std::type_identity_t<Optimizer<T, Device>> optimizer) {
  return Lookahead<T, Device>(options, std::move(optimizer));
}

}  // namespace regimen
