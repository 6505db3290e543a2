// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/reductions.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

struct MseOptions {
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// Sum of (p - t)^2.
template <class T>
struct SquaredError : kernel::reduction::Sum<T> {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V term(V p, V t) {
    return (p - t) * (p - t);
  }
};

template <class T>
struct ScaledDifference {
  T scale;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V p, V t) const {
    return scale * (p - t);
  }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V p, V t, V g) const {
    return (g * scale) * (p - t);
  }
};

/// factor g (p - t), with g [] or one a sample.
template <class T, class Device>
Tensor<T, Device> scaled_difference(const Tensor<T, Device>& p, const Tensor<T, Device>& t, const Tensor<T, Device>& g,
                                    T factor) {
  if (is_recorded(p, t, g)) {
    if (g.rank() == p.rank() || g.rank() == 0) return (p - t) * (g * factor);
    Shape aligned = g.shape();
    while (aligned.rank() < p.rank()) aligned.append(1);
    return (p - t) * reshape(g * factor, aligned);
  }
  const auto result = Tensor<T, Device>::empty(p.shape());
  const std::int64_t samples = g.size(), each = samples == 0 ? 0 : p.size() / samples;
  T* const out = result.mutable_data();
  if constexpr (std::is_same_v<Device, Cpu>) {  // where a call costs less than an index
    for (std::int64_t i = 0; i < samples; ++i) {
      const T scale = g.data()[i] * factor;
      kernel::map(Device{}, each, ScaledDifference<T>{scale}, out + i * each, p.data() + i * each, t.data() + i * each);
    }
  } else {
    const std::int64_t sizes[] = {samples, each}, along[] = {each, 1}, repeated[] = {1, 0};
    kernel::broadcast_map(Device{}, 2, sizes, ScaledDifference<T>{factor}, out, kernel::Strided<T>{p.data(), along},
                          kernel::Strided<T>{t.data(), along}, kernel::Strided<T>{g.data(), repeated});
  }
  return result;
}

}  // namespace detail

/// (p - t)^2, mean over a sample's elements, for predictions p [n, ...] and targets t of the same shape: one pass
/// forward and one backward. Throws Error where the shapes differ, and for the mean of no elements.
template <class T, class Device>
Tensor<T, Device> mse(const Tensor<T, Device>& predictions, const Tensor<T, Device>& targets,
                      const MseOptions& options = {}) {
  detail::check_same_shape("mse", predictions, targets);
  const std::int64_t size = predictions.size(), n = predictions.rank() == 0 ? 1 : predictions.size(0);
  const bool separate = options.reduction == Reduction::none && predictions.rank() > 0;
  const auto y = Tensor<T, Device>::empty(separate ? Shape{n} : Shape{});
  const std::int64_t count = n == 0 ? 0 : size / n;  // elements of a sample
  if (options.reduction == Reduction::mean ? size == 0 : count == 0 && n > 0)
    detail::fail("mse", {"predictions are ", predictions.shape()}, "there is no mean of no elements");
  const T scale = T{1} / static_cast<T>(options.reduction == Reduction::mean ? size : count);
  T* const values = y.mutable_data();
  kernel::reduce(Device{}, detail::SquaredError<T>{}, y.size(), separate ? count : size, 1, values, predictions.data(),
                 targets.data());
  if constexpr (std::is_same_v<Device, Cpu>) {
    if (size > 0)
      for (std::int64_t i = 0; i < y.size(); ++i) values[i] *= scale;
  } else if (size > 0) {
    kernel::map(Device{}, y.size(), functor::MultiplyBy<T>{scale}, values, y.data());
  }
  if (!is_recorded(predictions, targets)) return y;
  return record(
      "mse", y,
      [p = Saved(predictions), t = Saved(targets), factor = 2 * scale](const auto& backward) {
        const auto down = [&](T sign) {
          return detail::scaled_difference(backward(p), backward(t), backward.gradient(), sign * factor);
        };
        if (backward.needs(0)) backward.add(0, down(T{1}));
        if (backward.needs(1)) backward.add(1, down(T{-1}));
      },
      predictions, targets);
}

}  // namespace regimen
