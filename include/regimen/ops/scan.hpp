// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/cpu/scan.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/slice.hpp"

/// Scans along an axis, of x's shape. Values of float are accumulated in double.
namespace regimen {
namespace detail {

template <class T, class Device>
Tensor<T, Device> running_sum(const Tensor<T, Device>& x, int axis, bool reverse) {
  const AxisSplit s(x.shape(), axis);
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::cumsum(Device{}, s.outer, s.axis, s.inner, reverse, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "cumsum", y,
      [axis, reverse](const auto& backward) { backward.add(0, running_sum(backward.gradient(), axis, !reverse)); }, x);
}

/// Entry k - 1 of an axis at k (entry k + 1 where `reverse`), and `value` where there is none.
template <class T, class Device>
Tensor<T, Device> shifted(const Tensor<T, Device>& x, int axis, bool reverse, T value) {
  const std::int64_t count = x.size(axis);
  if (count == 0) return x;
  return reverse ? pad(slice(x, axis, 1, count), axis, {0, 1}, value)
                 : pad(slice(x, axis, 0, count - 1), axis, {1, 0}, value);
}

template <class T, class Device>
Tensor<T, Device> recurrence(const Tensor<T, Device>& a, const Tensor<T, Device>& b, int axis, bool reverse) {
  const AxisSplit s(b.shape(), axis);
  const auto y = Tensor<T, Device>::empty(b.shape());
  kernel::linear_recurrence(Device{}, s.outer, s.axis, s.inner, reverse, a.data(), b.data(), y.mutable_data());
  if (!is_recorded(a, b)) return y;
  return record(
      "linear_recurrence", y,
      [axis, reverse, a = Saved(a), y = Saved(a.requires_grad(), y)](const auto& backward) {
        const auto later = recurrence(shifted(backward(a), axis, !reverse, T{0}), backward.gradient(), axis, !reverse);
        if (backward.needs(0)) backward.add(0, later * shifted(backward.output(y), axis, reverse, T{0}));
        if (backward.needs(1)) backward.add(1, later);
      },
      a, b);
}

}  // namespace detail

/// y_k = x_0 + ... + x_k along an axis.
template <class T, class Device>
Tensor<T, Device> cumsum(const Tensor<T, Device>& x, int axis) {
  return detail::running_sum(x, x.shape().normalize(axis, "cumsum"), false);
}

/// y_k = x_0 ... x_k along an axis. The gradient divides by nothing, so it is right for zeros too:
/// dL/dx_i = (x_0 ... x_i-1) s_i with s_i = g_i + x_i+1 s_i+1.
template <class T, class Device>
Tensor<T, Device> cumprod(const Tensor<T, Device>& x, int axis) {
  const int along = x.shape().normalize(axis, "cumprod");
  const detail::AxisSplit s(x.shape(), along);
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::cumprod(Device{}, s.outer, s.axis, s.inner, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "cumprod", y,
      [along, x = Saved(x), y = save_output(y)](const auto& backward) {
        const auto later =
            detail::recurrence(detail::shifted(backward(x), along, true, T{0}), backward.gradient(), along, true);
        backward.add(0, detail::shifted(backward.output(y), along, false, T{1}) * later);
      },
      x);
}

/// y_k = a_k y_k-1 + b_k along an axis, with y_-1 = 0: the scan of linear state-space models and of discounted returns.
/// Throws Error unless a and b have one shape.
template <class T, class Device>
Tensor<T, Device> linear_recurrence(const Tensor<T, Device>& a, const Tensor<T, Device>& b, int axis) {
  if (!(a.shape() == b.shape()))
    detail::fail("linear_recurrence", {"a is ", a.shape(), " and b is ", b.shape()},
                 "shapes must agree; broadcast_to() repeats one of them");
  return detail::recurrence(a, b, b.shape().normalize(axis, "linear_recurrence"), false);
}

}  // namespace regimen
