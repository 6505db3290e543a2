// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/cpu/sort.hpp"
#include "regimen/ops/index.hpp"

/// Order along an axis. NaN is above all numbers, as in PyTorch; equal elements keep their order, ascending or
/// descending.
namespace regimen {

/// Elements in order, and their positions along the axis before: values = gather(x, axis, indices).
template <class T = float, class Device = Cpu>
struct Sorted {
  Tensor<T, Device> values;
  Tensor<std::int64_t, Device> indices;
};

struct SortOptions {
  bool descending = false;
};

struct TopkOptions {
  bool largest = true;  ///< otherwise the smallest
};

namespace detail {

template <class T, class Device>
Tensor<std::int64_t, Device> first_positions(const Tensor<T, Device>& x, int axis, std::int64_t k, bool descending) {
  const AxisSplit s(x.shape(), axis);
  const auto indices = Tensor<std::int64_t, Device>::empty(x.shape().with(axis, k));
  kernel::first_positions(Device{}, s.outer, s.axis, s.inner, k, descending, x.data(), indices.mutable_data());
  return indices;
}

}  // namespace detail

/// The positions that sort x along an axis.
template <class T, class Device>
Tensor<std::int64_t, Device> argsort(const Tensor<T, Device>& x, int axis = -1, const SortOptions& options = {}) {
  const int along = x.shape().normalize(axis, "argsort");
  return detail::first_positions(x, along, x.size(along), options.descending);
}

/// x sorted along an axis. The gradient goes back to where the values came from.
///
///   const auto [values, indices] = sort(scores, -1, {.descending = true});
template <class T, class Device>
Sorted<T, Device> sort(const Tensor<T, Device>& x, int axis = -1, const SortOptions& options = {}) {
  const int along = x.shape().normalize(axis, "sort");
  const auto indices = detail::first_positions(x, along, x.size(along), options.descending);
  return {detail::gathered(x, along, indices), indices};
}

/// The k largest elements along an axis, the largest first, or the k smallest, the smallest first: what sort() puts
/// first. Throws Error unless 0 <= k <= size of the axis.
template <class T, class Device>
Sorted<T, Device> topk(const Tensor<T, Device>& x, std::int64_t k, int axis = -1, const TopkOptions& options = {}) {
  const int along = x.shape().normalize(axis, "topk");
  if (k < 0 || k > x.size(along))
    detail::fail("topk", {"k is ", k, " for axis ", axis, " of shape ", x.shape()}, "it is from 0 to the axis's size");
  const auto indices = detail::first_positions(x, along, k, options.largest);
  return {detail::gathered(x, along, indices), indices};
}

}  // namespace regimen
