// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

/// Gradient accumulation: each call of update() brings the mean gradient of one of `count` equal micro-batches, and the
/// last of them updates with the mean of all, which is the gradient of the one big batch. The calls before leave the
/// parameters alone. The inner optimizer sees step / count: it counts big batches, so its schedule does too.
///
///   accumulate(4, adamw({.lr = 1e-3}))
///
/// State: one array, and the inner optimizer's. After the last micro-batch the gradients hold the mean (then what the
/// inner optimizer left). Throws Error for a count below 1.
template <class T = float, class Device = Cpu>
class Accumulate {
 public:
  Accumulate(std::int64_t count, Optimizer<T, Device> optimizer)
      : count_(count), optimizer_(std::move(optimizer)), state_("accumulate", {"sum"}) {
    detail::check_count("accumulate", "count", count, 1);
    if (!optimizer_.defined()) detail::fail("accumulate", "the optimizer is undefined", "give it a value");
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const std::int64_t place = (state_.begin(parameters) - 1) % count_;
    const bool first = place == 0, last = place == count_ - 1;
    T* g = parameters.gradients().mutable_data();
    T* sum = state_.array(0);
    for (const detail::Stretch& s : state_.stretches()) {
      if (first)
        kernel::scaled<T>(Device{}, s.count, T(1), g + s.parameter, sum + s.state);
      else
        kernel::add_scaled<T>(Device{}, s.count, T(1), g + s.parameter, sum + s.state);
      if (last) kernel::scaled<T>(Device{}, s.count, T(1) / static_cast<T>(count_), sum + s.state, g + s.parameter);
    }
    if (last) optimizer_.update(parameters, Progress{progress.step / count_});
  }

  void save(State& state) const {
    state_.save(state);
    state.put("count", count_);
    State& scope = state.scope("optimizer");
    optimizer_.save(scope);
    if (scope.entries().empty()) scope.put("empty", true);
  }

  void load(const State& state) {
    const auto count = state.get<std::int64_t>("count");
    if (count != count_)
      detail::fail("accumulate", {"the state is of ", count, " micro-batches, this accumulates ", count_},
                   "resume with the same count");
    auto optimizer = optimizer_;
    optimizer.load(state.part("optimizer"));
    state_.load(state);
    optimizer_ = std::move(optimizer);
  }

 private:
  std::int64_t count_;
  Optimizer<T, Device> optimizer_;
  detail::OptimizerState<T, Device> state_;
};

template <class T = float, class Device = Cpu>
Accumulate<T, Device> accumulate(std::int64_t count, std::type_identity_t<Optimizer<T, Device>> optimizer) {
  return Accumulate<T, Device>(count, std::move(optimizer));
}

}  // namespace regimen
