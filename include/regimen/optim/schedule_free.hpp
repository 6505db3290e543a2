// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/adaptive.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

struct ScheduleFreeOptions {
  double lr = 2.5e-3;       ///< constant; 1 to 10 times AdamW's
  std::int64_t warmup = 0;  ///< updates over which the rate rises from 0 on a line
  double beta1 = 0.9;       ///< of the mean in the point where gradients are taken; 0.95 to 0.98 for long runs
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< decoupled, at the point where the gradient was taken
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Schedule-free AdamW: a mean of the iterates in the place of a decaying learning rate. Gradients are taken at y,
/// which the parameters have while they are trained; the model to use is x, which show() puts there:
///
///   lr_t = lr sqrt(1 - beta2^t) min(1, t / warmup)     v <- beta2 v + (1 - beta2) g^2
///   z <- z - lr_t (g / (sqrt(v) + epsilon) + weight_decay y)
///   c = lr_t^2 / (lr_1^2 + ... + lr_t^2)     x <- (1 - c) x + c z     y = (1 - beta1) z + beta1 x
///
///   optimizer.update(parameters, progress);  // as any other
///   optimizer.show(parameters);              // the parameters are x
///   evaluate(model);
///   optimizer.hide(parameters);              // and y again, with the same bits
///
/// Between show() and hide(), update() and save() are Errors. There is no Schedule by design. State: three arrays (the
/// authors' code keeps two and recovers x by a division) and the sum of squared rates. Throws Error for a beta outside
/// [0, 1), and a negative learning rate, epsilon, warm-up or weight decay.
///
/// A. Defazio et al., The road less scheduled, 2024, algorithm 1.
template <class T = float, class Device = Cpu>
class ScheduleFree {
 public:
  explicit ScheduleFree(const ScheduleFreeOptions& options)
      : options_(options), state_("schedule_free", {"v", "z", "x"}, options.decay_mask) {
    detail::check_not_negative("schedule_free", "lr", options.lr);
    detail::check_count("schedule_free", "warmup", options.warmup, 0);
    detail::check_decay("schedule_free", "beta1", options.beta1);
    detail::check_decay("schedule_free", "beta2", options.beta2);
    detail::check_not_negative("schedule_free", "epsilon", options.epsilon);
    detail::check_not_negative("schedule_free", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress&) {
    check_hidden("update");
    const std::int64_t number = state_.begin(parameters);
    double lr = options_.lr * std::sqrt(1 - std::pow(options_.beta2, static_cast<double>(number)));
    if (number < options_.warmup) lr *= static_cast<double>(number) / static_cast<double>(options_.warmup);
    weight_sum_ += lr * lr;
    const double weight = weight_sum_ > 0 ? lr * lr / weight_sum_ : 1;
    const T* g = parameters.gradients().data();
    T* p = parameters.values().mutable_data();
    T *v = state_.array(0), *z = state_.array(1), *x = state_.array(2);
    for (const detail::Stretch& s : state_.stretches()) {
      if (number == 1) {
        kernel::scaled<T>(Device{}, s.count, T(1), p + s.parameter, z + s.state);
        kernel::scaled<T>(Device{}, s.count, T(1), p + s.parameter, x + s.state);
      }
      kernel::schedule_free<T>(Device{}, s.count,
                               {static_cast<T>(lr), static_cast<T>(options_.beta1), static_cast<T>(options_.beta2),
                                static_cast<T>(options_.epsilon),
                                s.masked ? static_cast<T>(options_.weight_decay) : T(0), static_cast<T>(weight)},
                               g + s.parameter, v + s.state, z + s.state, x + s.state, p + s.parameter);
    }
  }

  /// Puts x, the mean, into the parameters. Nothing to do before the first update, and where it is there already.
  void show(Parameters<T, Device>& parameters) {
    if (!shown_ && state_.updates() > 0) exchange(parameters);
  }
  /// Puts y, where gradients are taken, into the parameters again.
  void hide(Parameters<T, Device>& parameters) {
    if (shown_) exchange(parameters);
  }
  /// Whether the parameters are x at present.
  bool shown() const { return shown_; }

  void save(State& state) const {
    check_hidden("save");
    state_.save(state);
    state.put("weight_sum", weight_sum_);
  }
  void load(const State& state) {
    check_hidden("load");
    const auto weight_sum = state.get<double>("weight_sum");
    state_.load(state);
    weight_sum_ = weight_sum;
  }

 private:
  void check_hidden(const char* what) const {
    if (shown_)
      detail::fail(std::string("schedule_free ") + what, "the parameters are the mean at present", "call hide() first");
  }
  /// Between the two calls the array of x holds y.
  void exchange(Parameters<T, Device>& parameters) {
    state_.match(parameters);
    T* p = parameters.values().mutable_data();
    for (const detail::Stretch& s : state_.stretches())
      kernel::swap<T>(Device{}, s.count, state_.array(2) + s.state, p + s.parameter);
    shown_ = !shown_;
  }

  ScheduleFreeOptions options_;
  double weight_sum_ = 0;
  bool shown_ = false;
  detail::OptimizerState<T, Device> state_;
};

/// schedule_free({.lr = 2.5e-3, .warmup = 100})
template <class T = float, class Device = Cpu>
ScheduleFree<T, Device> schedule_free(const ScheduleFreeOptions& options) {
  return ScheduleFree<T, Device>(options);
}

}  // namespace regimen
