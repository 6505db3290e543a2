// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/permute.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

/// The elements of axes in reverse, rotated or repeated.
namespace regimen {
namespace detail {

template <class T, class Device>
Tensor<T, Device> flipped(const Tensor<T, Device>& x, unsigned mask) {
  Region region(x.shape(), x.shape());
  for (int axis = 0; axis < x.rank(); ++axis)
    if ((mask >> axis & 1) != 0) {
      region.begin[axis] = x.size(axis) - 1;
      region.step[axis] = -1;
    }
  const auto y = pick_region(x.detach(), region, false);
  if (!is_recorded(x)) return y;
  return record(
      "flip", y, [mask](const auto& backward) { backward.add(0, flipped(backward.gradient(), mask)); }, x);
}

/// Entry i of an axis at i + shift, or from the front again, for 0 <= shift <= size.
template <class T, class Device>
Tensor<T, Device> rolled(const Tensor<T, Device>& x, int axis, std::int64_t shift) {
  const AxisSplit s(x.shape(), axis);
  const auto y = Tensor<T, Device>::empty(x.shape());
  const std::int64_t row = s.axis * s.inner, front = shift * s.inner, strides[] = {row, 1};
  const std::int64_t moved[] = {s.outer, front}, rest[] = {s.outer, row - front};
  T* to = y.mutable_data();
  if (x.size() != 0) {
    kernel::strided_copy(Device{}, 2, moved, x.data() + row - front, strides, to, strides);
    kernel::strided_copy(Device{}, 2, rest, x.data(), strides, to + front, strides);
  }
  if (!is_recorded(x)) return y;
  return record(
      "roll", y,
      [axis, back = s.axis - shift](const auto& backward) { backward.add(0, rolled(backward.gradient(), axis, back)); },
      x);
}

/// [outer, inner] as [outer, count, inner], where `inner` is the axes from `axis` on, in the shape given.
template <class T, class Device>
Tensor<T, Device> repeated(const Tensor<T, Device>& x, int axis, std::int64_t count, const Shape& shape) {
  const std::int64_t outer = x.shape().sub(0, axis).size(), inner = x.shape().sub(axis, x.rank()).size();
  return reshape(broadcast_to(reshape(x, Shape{outer, 1, inner}), Shape{outer, count, inner}), shape);
}

}  // namespace detail

/// y[.., i, ..] = x[.., size - 1 - i, ..] along each of the axes, all of them by default.
///
///   flip(images, -1)  // mirrored left to right
template <class T, class Device>
Tensor<T, Device> flip(const Tensor<T, Device>& x, const Axes& axes = {}) {
  return detail::flipped(x, axes.mask(x.shape(), "flip"));
}

/// y[.., (i + shift) mod size, ..] = x[.., i, ..] along an axis.
template <class T, class Device>
Tensor<T, Device> roll(const Tensor<T, Device>& x, std::int64_t shift, int axis) {
  const int along = x.shape().normalize(axis, "roll");
  const std::int64_t size = std::max<std::int64_t>(x.size(along), 1);
  return detail::rolled(x, along, (shift % size + size) % size);
}

/// The same along several axes, each with its shift. Throws Error where the numbers of shifts and axes differ.
///
///   roll(windows, {-3, -3}, {1, 2})  // the cyclic shift of Swin (Liu et al. 2021)
template <class T, class Device>
Tensor<T, Device> roll(const Tensor<T, Device>& x, std::span<const std::int64_t> shifts, std::span<const int> axes) {
  if (shifts.size() != axes.size())
    detail::fail("roll", {shifts.size(), " shifts and ", axes.size(), " axes for shape ", x.shape()},
                 "give each axis one shift");
  Tensor<T, Device> y = x;
  for (std::size_t i = 0; i < axes.size(); ++i) y = roll(y, shifts[i], axes[i]);
  return y;
}
template <class T, class Device>
Tensor<T, Device> roll(const Tensor<T, Device>& x, std::initializer_list<std::int64_t> shifts,
                       std::initializer_list<int> axes) {
  return roll(x, std::span<const std::int64_t>(shifts.begin(), shifts.size()),
              std::span<const int>(axes.begin(), axes.size()));
}

/// Each entry of an axis `count` times in a row: a, b to a, a, b, b. Throws Error for a negative count.
template <class T, class Device>
Tensor<T, Device> repeat_interleave(const Tensor<T, Device>& x, std::int64_t count, int axis) {
  const int along = x.shape().normalize(axis, "repeat_interleave");
  std::int64_t total = 0;
  if (count < 0 || __builtin_mul_overflow(x.size(along), count, &total))
    detail::fail("repeat_interleave", {"count ", count, " for axis ", axis, " of shape ", x.shape()},
                 "counts are >= 0, and not that large");
  const Shape shape = x.shape().with(along, total);
  const detail::AxisSplit s(x.shape(), along);
  return detail::repeated(reshape(x, Shape{s.outer * s.axis, s.inner}), 1, count, shape);
}

/// Entry i of an axis counts[i] times in a row. Throws Error unless counts is a vector of the axis's size of numbers
/// >= 0.
template <class T, class Device>
Tensor<T, Device> repeat_interleave(const Tensor<T, Device>& x, const Tensor<std::int64_t, Device>& counts, int axis) {
  const int along = x.shape().normalize(axis, "repeat_interleave");
  if (counts.rank() != 1 || counts.size() != x.size(along))
    detail::fail("repeat_interleave", {"counts are ", counts.shape(), " for axis ", axis, " of shape ", x.shape()},
                 "give each entry of the axis one count");
  std::int64_t total = 0;
  for (const std::int64_t count : counts.span())
    if (count < 0 || __builtin_add_overflow(total, count, &total))
      detail::fail("repeat_interleave", {"count ", count, " for axis ", axis, " of shape ", x.shape()},
                   "counts are >= 0, and not that large");
  const auto indices = Tensor<std::int64_t, Device>::empty({total});
  std::int64_t* to = indices.mutable_data();
  for (std::int64_t i = 0; i < counts.size(); ++i) to = std::fill_n(to, counts.data()[i], i);
  return detail::selected(x, along, indices);
}

/// x laid out counts[k] times along axis k: a, b to a, b, a, b (NumPy's tile, PyTorch's repeat). Axes and counts are
/// aligned at the end: counts that are more than the axes add leading axes, and axes without a count stay as they are.
/// Throws Error for a negative count.
template <class T, class Device>
Tensor<T, Device> tile(const Tensor<T, Device>& x, std::span<const std::int64_t> counts) {
  const auto given = static_cast<std::int64_t>(counts.size());
  Shape shape;
  for (std::int64_t missing = given - x.rank(); missing > 0; --missing) shape.append(1);
  for (const std::int64_t size : x.shape()) shape.append(size);
  Tensor<T, Device> y = reshape(x, shape);
  for (std::int64_t k = given; k-- > 0;) {
    const int axis = shape.rank() - static_cast<int>(given - k);
    const std::int64_t count = counts[static_cast<std::size_t>(k)];
    std::int64_t size = 0;
    if (count < 0 || __builtin_mul_overflow(shape[axis], count, &size))
      detail::fail("tile", {"count ", count, " for axis ", axis, " of ", shape}, "counts are >= 0, and not that large");
    if (count == 1) continue;
    shape = shape.with(axis, size);
    y = detail::repeated(y, axis, count, shape);
  }
  return y;
}
template <class T, class Device>
Tensor<T, Device> tile(const Tensor<T, Device>& x, std::initializer_list<std::int64_t> counts) {
  return tile(x, std::span<const std::int64_t>(counts.begin(), counts.size()));
}

}  // namespace regimen
