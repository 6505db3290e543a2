// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {
namespace detail {

template <class T, class Device>
Tensor<T, Device> recorded_view(const char* operation, const Tensor<T, Device>& x, const Shape& shape) {
  const auto y = x.detach().reshaped(shape);
  if (!is_recorded(x)) return y;
  return record(
      operation, y,
      [operation, shape = x.shape()](const auto& backward) {
        backward.add(0, recorded_view(operation, backward.gradient(), shape));
      },
      x);
}

}  // namespace detail

/// The same elements, in the same row-major order, in another shape: a view without a copy, so that writing to one
/// tensor changes the other. Throws Error where the numbers of elements differ.
template <class T, class Device>
Tensor<T, Device> reshape(const Tensor<T, Device>& x, const Shape& shape) {
  if (shape.size() != x.size())
    detail::fail("reshape", {"shape ", x.shape(), " does not fit ", shape}, "the numbers of elements must be equal");
  return detail::recorded_view("reshape", x, shape);
}

/// The same with sizes of which one may be -1: it is what the number of elements asks for.
///
///   reshape(x, {-1, 10})
template <class T, class Device>
Tensor<T, Device> reshape(const Tensor<T, Device>& x, std::initializer_list<std::int64_t> sizes) {
  Shape known;
  int open = -1, axis = 0;
  for (const std::int64_t size : sizes) {
    if (size == -1 && open >= 0)
      detail::fail("reshape",
                   {"more than one -1 in ", Shape::text(sizes.begin(), static_cast<int>(sizes.size())), " for shape ",
                    x.shape()},
                   "leave one size to be found");
    if (size == -1) open = axis;
    known.append(size == -1 ? 1 : size);
    ++axis;
  }
  if (open < 0) return reshape(x, known);
  if (known.size() == 0 || x.size() % known.size() != 0)
    detail::fail("reshape",
                 {"shape ", x.shape(), " does not fit ", Shape::text(sizes.begin(), static_cast<int>(sizes.size()))},
                 "the sizes that are given must divide the number of elements");
  return reshape(x, known.with(open, x.size() / known.size()));
}

/// The axes from `from_axis` on as one: [64, 3, 32, 32] to [64, 3072] for axis 1. A view. A scalar becomes [1] for axis
/// 0.
template <class T, class Device>
Tensor<T, Device> flatten(const Tensor<T, Device>& x, int from_axis = 0) {
  const int first = x.rank() == 0 && from_axis == 0 ? 0 : x.shape().normalize(from_axis, "flatten");
  Shape shape = x.shape().sub(0, first);
  shape.append(x.shape().sub(first, x.rank()).size());
  return detail::recorded_view("flatten", x, shape);
}

/// Without an axis, which must have size 1. A view.
template <class T, class Device>
Tensor<T, Device> squeeze(const Tensor<T, Device>& x, int axis) {
  const int removed = x.shape().normalize(axis, "squeeze");
  if (x.size(removed) != 1)
    detail::fail("squeeze", {"axis ", axis, " of shape ", x.shape(), " is not 1"},
                 "select(x, axis, i) picks one of several entries");
  return detail::recorded_view("squeeze", x, x.shape().without(removed));
}

/// With a new axis of size 1 before axis `axis` of x; -1 makes it the innermost one. A view. Throws Error outside
/// [-rank - 1, rank].
template <class T, class Device>
Tensor<T, Device> unsqueeze(const Tensor<T, Device>& x, int axis) {
  const int rank = x.rank(), added = axis < 0 ? axis + rank + 1 : axis;
  if (added < 0 || added > rank)
    detail::fail("unsqueeze", {"no new axis ", axis, " for shape ", x.shape()}, "axes run from -rank - 1 to rank");
  Shape shape = x.shape().sub(0, added);
  shape.append(1);
  for (int i = added; i < rank; ++i) shape.append(x.size(i));
  return detail::recorded_view("unsqueeze", x, shape);
}

}  // namespace regimen
