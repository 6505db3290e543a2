// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/permute.hpp"

namespace regimen {
namespace detail {

/// The order of a tensor's axes: axis k of the result is axis[k] of x.
struct AxisOrder {
  int axis[Shape::max_rank] = {};

  AxisOrder() {
    for (int k = 0; k < Shape::max_rank; ++k) axis[k] = k;
  }
  AxisOrder inverse() const {
    AxisOrder result;
    for (int k = 0; k < Shape::max_rank; ++k) result.axis[axis[k]] = k;
    return result;
  }
};

template <class T, class Device>
Tensor<T, Device> permuted(const Tensor<T, Device>& x, const AxisOrder& order) {
  Shape shape;
  for (int k = 0; k < x.rank(); ++k) shape.append(x.size(order.axis[k]));
  const auto y = Tensor<T, Device>::empty(shape);
  kernel::permute(Device{}, x.rank(), x.shape().begin(), order.axis, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "permute", y, [order](const auto& backward) { backward.add(0, permuted(backward.gradient(), order.inverse())); },
      x);
}

}  // namespace detail

/// Axis k of the result is axis axes[k] of x, which are numbers in [-rank, rank), each axis once. A copy.
template <class T, class Device>
Tensor<T, Device> permute(const Tensor<T, Device>& x, std::span<const int> axes) {
  detail::AxisOrder order;
  bool seen[Shape::max_rank] = {}, right = static_cast<int>(axes.size()) == x.rank();
  for (int k = 0; right && k < x.rank(); ++k) {
    order.axis[k] = x.shape().normalize(axes[static_cast<std::size_t>(k)], "permute");
    right = !std::exchange(seen[order.axis[k]], true);
  }
  if (!right) {
    std::string list;
    for (const int axis : axes) list += (list.empty() ? "" : ", ") + std::to_string(axis);
    detail::fail("permute", {"axes {", list, "} of shape ", x.shape()}, "name each axis of x once");
  }
  return detail::permuted(x, order);
}
template <class T, class Device>
Tensor<T, Device> permute(const Tensor<T, Device>& x, std::initializer_list<int> axes) {
  return permute(x, std::span<const int>(axes.begin(), axes.size()));
}

/// x with two axes exchanged. A copy.
template <class T, class Device>
Tensor<T, Device> transpose(const Tensor<T, Device>& x, int axis_a, int axis_b) {
  detail::AxisOrder order;
  std::swap(order.axis[x.shape().normalize(axis_a, "transpose")], order.axis[x.shape().normalize(axis_b, "transpose")]);
  return detail::permuted(x, order);
}

/// The transposed matrix. Throws Error for another rank than 2.
template <class T, class Device>
Tensor<T, Device> transpose(const Tensor<T, Device>& x) {
  if (x.rank() != 2)
    detail::fail("transpose", {"shape ", x.shape(), " is not a matrix"}, "name the axes: transpose(x, axis_a, axis_b)");
  return transpose(x, 0, 1);
}

}  // namespace regimen
