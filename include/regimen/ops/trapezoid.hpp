// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/scan.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

/// Integrals along an axis by the trapezoidal rule, of values y at points that are dx apart, or at points x: a vector
/// of the axis's size, or a tensor of y's shape. Gradients go to y and to x. Throw Error for another shape of x.
namespace regimen {
namespace detail {

/// The left and the right ends of an axis's intervals.
template <class T, class Device>
struct Ends {
  Tensor<T, Device> left, right;

  Ends(const Tensor<T, Device>& x, int axis)
      : left(slice(x, axis, 0, std::max<std::int64_t>(x.size(axis) - 1, 0))),
        right(slice(x, axis, std::min<std::int64_t>(x.size(axis), 1), x.size(axis))) {}
};

/// The integral over each interval of length 1.
template <class T, class Device>
Tensor<T, Device> unit_trapezoids(const Tensor<T, Device>& y, int axis) {
  const Ends ends(y, axis);
  return (ends.left + ends.right) * T{0.5};
}

/// The integral over each interval.
template <class T, class Device>
Tensor<T, Device> trapezoids(const char* operation, const Tensor<T, Device>& y, const Tensor<T, Device>& x, int axis) {
  const bool is_vector = x.rank() == 1 && x.size() == y.size(axis);
  if (!is_vector && !(x.shape() == y.shape()))
    fail(operation, {"x is ", x.shape(), " for axis ", axis, " of y, which is ", y.shape()},
         "give a point for each entry of the axis, or for each element");
  const Ends ends(x, is_vector ? 0 : axis);
  const auto lengths = ends.right - ends.left;
  Shape shape = lengths.shape();
  if (is_vector)
    for (int inner = axis + 1; inner < y.rank(); ++inner) shape.append(1);
  return unit_trapezoids(y, axis) * reshape(lengths, shape);
}

}  // namespace detail

/// The integral: dx (y_0 / 2 + y_1 + ... + y_n-2 + y_n-1 / 2). 0 for fewer than two points.
template <class T, class Device, detail::Number S>
Tensor<T, Device> trapezoid(const Tensor<T, Device>& y, S dx, int axis = -1) {
  const int along = y.shape().normalize(axis, "trapezoid");
  return sum(detail::unit_trapezoids(y, along), along) * dx;
}

/// The integral: the sum of (x_i+1 - x_i) (y_i + y_i+1) / 2.
template <class T, class Device>
Tensor<T, Device> trapezoid(const Tensor<T, Device>& y, const Tensor<T, Device>& x, int axis = -1) {
  const int along = y.shape().normalize(axis, "trapezoid");
  return sum(detail::trapezoids("trapezoid", y, x, along), along);
}

/// The integral from the first point to each of the others: an axis of n points becomes n - 1.
template <class T, class Device, detail::Number S>
Tensor<T, Device> cumulative_trapezoid(const Tensor<T, Device>& y, S dx, int axis = -1) {
  const int along = y.shape().normalize(axis, "cumulative_trapezoid");
  return cumsum(detail::unit_trapezoids(y, along), along) * dx;
}
template <class T, class Device>
Tensor<T, Device> cumulative_trapezoid(const Tensor<T, Device>& y, const Tensor<T, Device>& x, int axis = -1) {
  const int along = y.shape().normalize(axis, "cumulative_trapezoid");
  return cumsum(detail::trapezoids("cumulative_trapezoid", y, x, along), along);
}

}  // namespace regimen
