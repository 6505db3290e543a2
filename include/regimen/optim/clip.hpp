// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/layout.hpp"

namespace regimen {

/// Gradient transform: each trainable parameter's gradient is limited to [-limit, limit], element by element. NaN
/// stays.
class ClipByValue {
 public:
  /// Throws Error unless limit is positive.
  explicit ClipByValue(double limit) : limit_(limit) { detail::check_positive("clip_by_value", "limit", limit); }

  template <class T, class Device>
  void update(Parameters<T, Device>& parameters, const Progress&) {
    T* g = parameters.gradients().mutable_data();
    const T limit = static_cast<T>(limit_);
    for (const auto& run : parameters.runs())
      kernel::clip<T>(Device{}, run.end - run.begin, -limit, limit, g + run.begin);
  }

  void save(State&) const {}
  void load(const State&) {}

 private:
  double limit_;
};

inline ClipByValue clip_by_value(double limit) { return ClipByValue(limit); }

/// The Euclidean norm of all trainable parameters' gradients together, accumulated in double.
template <class T, class Device>
double global_norm(const Parameters<T, Device>& parameters) {
  const T* g = parameters.gradients().data();
  double sum = 0;
  for (const auto& run : parameters.runs())
    sum += kernel::sum_of_squares<T>(Device{}, run.end - run.begin, g + run.begin);
  return std::sqrt(sum);
}

/// Gradient transform: where the norm of all trainable parameters' gradients together is above `limit`, they are scaled
/// to have that norm:  g <- g limit / |g|.  The direction stays. An update with a norm that is not finite throws Error.
///
/// R. Pascanu, T. Mikolov and Y. Bengio, On the difficulty of training recurrent neural networks, 2013.
class ClipByGlobalNorm {
 public:
  /// Throws Error unless limit is positive.
  explicit ClipByGlobalNorm(double limit) : limit_(limit) {
    detail::check_positive("clip_by_global_norm", "limit", limit);
  }

  template <class T, class Device>
  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double norm = global_norm(parameters);
    if (!std::isfinite(norm)) [[unlikely]]
      detail::fail("clip_by_global_norm",
                   {"the gradient's norm at step ", progress.step, " is ", detail::number_text(norm)},
                   "lower the learning rate, or look for the operation that overflowed");
    if (norm <= limit_) return;
    T* g = parameters.gradients().mutable_data();
    const T factor = static_cast<T>(limit_ / norm);
    for (const auto& run : parameters.runs()) kernel::scale<T>(Device{}, run.end - run.begin, factor, g + run.begin);
  }

  void save(State&) const {}
  void load(const State&) {}

 private:
  double limit_;
};

inline ClipByGlobalNorm clip_by_global_norm(double limit) { return ClipByGlobalNorm(limit); }

}  // namespace regimen
