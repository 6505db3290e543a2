// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/scatter.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"

namespace regimen {
namespace detail {

/// x with elements overwritten, not recorded.
template <class T, class Device>
Tensor<T, Device> overwritten(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                              const Tensor<T, Device>& source) {
  const AxisSplit s(x.shape(), axis);
  const auto y = x.clone();
  if (source.size() != 0)
    kernel::scatter(Device{}, s.outer, s.axis, s.inner, indices.size(axis), source.data(), indices.data(),
                    y.mutable_data());
  return y;
}

/// 1 for each index that no later one along the axis repeats, else 0.
template <class T, class Device>
Tensor<T, Device> last_ones(const Shape& shape, int axis, const Tensor<std::int64_t, Device>& indices) {
  const auto order = Tensor<std::int64_t, Device>::empty(indices.shape());
  std::int64_t* at = order.mutable_data();
  for (std::int64_t i = 0; i < order.size(); ++i) at[i] = i;
  const auto last = overwritten(Tensor<std::int64_t, Device>::zeros(shape), axis, indices, order);
  return equal(gathered(last, axis, indices), order).template to<T>();
}

template <class T, class Device>
Tensor<T, Device> scattered_over(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                                 const Tensor<T, Device>& source) {
  const auto y = overwritten(x, axis, indices, source);
  if (!is_recorded(x, source)) return y;
  return record(
      "scatter", y,
      [axis, indices = Saved(indices)](const auto& backward) {
        const auto& at = backward(indices);
        const auto& g = backward.gradient();
        if (backward.needs(0)) backward.add(0, scattered_over(g, axis, at, Tensor<T, Device>::zeros(at.shape())));
        if (backward.needs(1))
          backward.add(
              1, where(last_ones<T>(g.shape(), axis, at), gathered(g, axis, at), Tensor<T, Device>::scalar(T{0})));
      },
      x, source);
}

}  // namespace detail

/// y = x, and then y[.., indices[.., k, ..], ..] = source[.., k, ..] in order of k: of equal indices the last one
/// counts. The gradient goes to the elements that are in y. indices and source have one shape, which agrees with x's
/// but along the axis. Throws Error for an index outside [0, size of the axis). scatter_add() is in ops/index.hpp.
///
/// Deviation: PyTorch leaves open which of equal indices counts, and gives all of them a gradient.
template <class T, class Device>
Tensor<T, Device> scatter(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                          const std::type_identity_t<Tensor<T, Device>>& source) {
  const int along = x.shape().normalize(axis, "scatter");
  if (!(source.shape() == indices.shape()))
    detail::fail("scatter", {"source is ", source.shape(), " and indices ", indices.shape()},
                 "give one index an element");
  detail::check_indexed("scatter", x.shape(), along, indices);
  return detail::scattered_over(x, along, indices, source);
}

/// The same with one value for all.
///
///   scatter(logits, -1, banned, -INFINITY)
template <class T, class Device>
Tensor<T, Device> scatter(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                          std::type_identity_t<T> value) {
  return scatter(x, axis, indices, Tensor<T, Device>::full(indices.shape(), value));
}

}  // namespace regimen
