// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/embedding.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {
namespace detail {

template <class Device>
void check_indices(const char* operation, const Tensor<std::int64_t, Device>& indices, std::int64_t limit,
                   const char* of, const Shape& shape) {
  const std::int64_t wrong = kernel::find_out_of_range(Device{}, indices.size(), indices.data(), limit);
  if (wrong < 0) return;
  std::int64_t at[Shape::max_rank] = {}, rest = wrong;
  for (int axis = indices.rank() - 1; axis >= 0; --axis) {
    at[axis] = rest % indices.size(axis);
    rest /= indices.size(axis);
  }
  fail(operation,
       "index " + std::to_string(indices.data()[wrong]) + " at position " + Shape::text(at, indices.rank()) + " of " +
           indices.shape().to_string() + ", " + of + " " + shape.to_string(),
       "indices are in [0, " + std::to_string(limit) + ")");
}

/// A tensor's axes before, at and after one of them, as three.
struct AxisSplit {
  std::int64_t outer, axis, inner;
  AxisSplit(const Shape& shape, int at)
      : outer(shape.sub(0, at).size()), axis(shape[at]), inner(shape.sub(at + 1, shape.rank()).size()) {}
};

template <class T, class Device>
Tensor<T, Device> add_selected(const Shape& shape, int axis, const Tensor<std::int64_t, Device>& indices,
                               const Tensor<T, Device>& g);

template <class T, class Device>
Tensor<T, Device> selected(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices) {
  const AxisSplit s(x.shape(), axis);
  const auto y = Tensor<T, Device>::empty(x.shape().with(axis, indices.size()));
  if (y.size() != 0)
    kernel::index_select(Device{}, s.outer, s.axis, s.inner, indices.size(), x.data(), indices.data(),
                         y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "index_select", y,
      [axis, shape = x.shape(), indices = Saved(indices)](const auto& backward) {
        const auto& chosen = backward(indices);
        const auto& g = backward.gradient();
        bool started = false;
        T* sum = backward.sink(0, started);
        if (sum == nullptr) return backward.add(0, add_selected(shape, axis, chosen, g));
        if (!started) std::fill(sum, sum + shape.size(), T{0});
        const AxisSplit split(shape, axis);
        if (g.size() != 0)
          kernel::index_add(Device{}, split.outer, split.axis, split.inner, chosen.size(), g.data(), chosen.data(),
                            sum);
      },
      x);
}

/// The gradient of selected: zeros of the given shape, to whose entries indices[k] entry k of g is added.
template <class T, class Device>
Tensor<T, Device> add_selected(const Shape& shape, int axis, const Tensor<std::int64_t, Device>& indices,
                               const Tensor<T, Device>& g) {
  const auto dx = Tensor<T, Device>::zeros(shape);
  const AxisSplit s(shape, axis);
  if (g.size() != 0)
    kernel::index_add(Device{}, s.outer, s.axis, s.inner, indices.size(), g.data(), indices.data(), dx.mutable_data());
  if (!is_recorded(g)) return dx;
  return record(
      "index_add", dx,
      [axis, indices = Saved(indices)](const auto& backward) {
        backward.add(0, selected(backward.gradient(), axis, backward(indices)));
      },
      g);
}

template <class T, class Device>
Tensor<T, Device> scattered(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                            const Tensor<T, Device>& source);

template <class T, class Device>
Tensor<T, Device> gathered(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices) {
  const AxisSplit s(x.shape(), axis);
  const auto y = Tensor<T, Device>::empty(indices.shape());
  if (y.size() != 0)
    kernel::gather(Device{}, s.outer, s.axis, s.inner, indices.size(axis), x.data(), indices.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "gather", y,
      [axis, shape = x.shape(), indices = Saved(indices)](const auto& backward) {
        backward.add(0, scattered(Tensor<T, Device>::zeros(shape), axis, backward(indices), backward.gradient()));
      },
      x);
}

template <class T, class Device>
Tensor<T, Device> scattered(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                            const Tensor<T, Device>& source) {
  const AxisSplit s(x.shape(), axis);
  const auto y = x.clone();
  if (source.size() != 0)
    kernel::scatter_add(Device{}, s.outer, s.axis, s.inner, indices.size(axis), source.data(), indices.data(),
                        y.mutable_data());
  if (!is_recorded(x, source)) return y;
  return record(
      "scatter_add", y,
      [axis, indices = Saved(indices)](const auto& backward) {
        if (backward.needs(0)) backward.add(0, backward.gradient());
        if (backward.needs(1)) backward.add(1, gathered(backward.gradient(), axis, backward(indices)));
      },
      x, source);
}

template <class Device>
void check_indexed(const char* operation, const Shape& x, int axis, const Tensor<std::int64_t, Device>& indices) {
  if (indices.rank() != x.rank() || !(indices.shape().with(axis, 0) == x.with(axis, 0)))
    fail(operation, "x is " + x.to_string() + " and indices " + indices.shape().to_string(),
         "they must agree but in axis " + std::to_string(axis));
  check_indices(operation, indices, x[axis], "x is", x);
}

}  // namespace detail

/// y[.., k, ..] = x[.., indices[.., k, ..], ..]: an element of an axis for each index. indices has x's rank and its
/// sizes but along the axis, and y the shape of indices. Throws Error for an index outside [0, size of the axis).
///
///   gather(probabilities, -1, unsqueeze(labels, -1))  // [n, 1]
template <class T, class Device>
Tensor<T, Device> gather(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices) {
  const int along = x.shape().normalize(axis, "gather");
  detail::check_indexed("gather", x.shape(), along, indices);
  return detail::gathered(x, along, indices);
}

/// y = x, and then y[.., indices[.., k, ..], ..] += source[.., k, ..] in order of k: the gradient of gather. indices
/// and source have one shape, which agrees with x's but along the axis.
template <class T, class Device>
Tensor<T, Device> scatter_add(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices,
                              const std::type_identity_t<Tensor<T, Device>>& source) {
  const int along = x.shape().normalize(axis, "scatter_add");
  if (!(source.shape() == indices.shape()))
    detail::fail("scatter_add", {"source is ", source.shape(), " and indices ", indices.shape()},
                 "give one index an element");
  detail::check_indexed("scatter_add", x.shape(), along, indices);
  return detail::scattered(x, along, indices, source);
}

/// y[.., k, ..] = x[.., indices[k], ..]: the entries of an axis that indices[count] name, in their order. Throws Error
/// for an index outside [0, size of the axis).
template <class T, class Device>
Tensor<T, Device> index_select(const Tensor<T, Device>& x, int axis, const Tensor<std::int64_t, Device>& indices) {
  const int along = x.shape().normalize(axis, "index_select");
  if (indices.rank() != 1)
    detail::fail("index_select", {"indices are ", indices.shape(), " for x of ", x.shape()},
                 "they must be a vector; gather() takes one index an element");
  detail::check_indices("index_select", indices, x.size(along), "x is", x.shape());
  return detail::selected(x, along, indices);
}

/// Row indices[...] of table[entries, d] for each index: [..., d]. The gradient is added straight into that of a
/// parameter. Throws Error for an index outside [0, entries).
template <class T, class Device>
Tensor<T, Device> embedding(const Tensor<T, Device>& table, const Tensor<std::int64_t, Device>& indices) {
  if (table.rank() != 2)
    detail::fail("embedding", {"the table is ", table.shape(), ", indices are ", indices.shape()},
                 "it is [entries, size of an entry]");
  detail::check_indices("embedding", indices, table.size(0), "the table is", table.shape());
  Shape shape = indices.shape();
  shape.append(table.size(1));
  return reshape(detail::selected(table, 0, reshape(indices, Shape{indices.size()})), shape);
}

/// y[..., j] = 1 where indices[...] = j, else 0, for j < classes; a constant. Throws Error for an index outside
/// [0, classes).
template <class T = float, class Device>
Tensor<T, Device> one_hot(const Tensor<std::int64_t, Device>& indices, std::int64_t classes) {
  Shape shape = indices.shape();
  shape.append(classes);
  detail::check_indices("one_hot", indices, classes, "the result is", shape);
  const auto y = Tensor<T, Device>::zeros(shape);
  T* const values = y.mutable_data();
  for (std::int64_t i = 0; i < indices.size(); ++i) values[i * classes + indices.data()[i]] = T{1};
  return y;
}

}  // namespace regimen
