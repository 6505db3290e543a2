// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/permute.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

/// Entries that pad() adds before and after those of an axis.
struct Padding {
  std::int64_t before = 0, after = 0;
};

namespace detail {

/// The elements begin + i step of each axis of a tensor of shape `outer`, which are a tensor of shape `inner`.
struct Region {
  Shape outer, inner;
  std::int64_t begin[Shape::max_rank] = {}, step[Shape::max_rank] = {1, 1, 1, 1, 1, 1, 1, 1};

  Region(const Shape& whole, const Shape& part) : outer(whole), inner(part) {}

  /// Where its first element is, and the distances of its elements, in outer's memory and in inner's.
  struct Layout {
    std::int64_t first = 0, outer[Shape::max_rank] = {}, inner[Shape::max_rank] = {};
  };
  Layout layout() const {
    Layout result;
    std::int64_t whole = 1, part = 1;
    for (int axis = outer.rank() - 1; axis >= 0; --axis) {
      result.first += begin[axis] * whole;
      result.outer[axis] = step[axis] * whole;
      result.inner[axis] = part;
      whole *= outer[axis];
      part *= inner[axis];
    }
    return result;
  }
};

template <class T, class Device>
Tensor<T, Device> place_region(const Tensor<T, Device>& x, const Region& region, T value);

/// The region's elements of x.
template <class T, class Device>
Tensor<T, Device> pick_region(const Tensor<T, Device>& x, const Region& region, bool as_view) {
  const auto at = region.layout();
  const auto y = as_view ? x.view(at.first, region.inner) : Tensor<T, Device>::empty(region.inner);
  if (!as_view && y.size() != 0)
    kernel::strided_copy(Device{}, y.rank(), region.inner.begin(), x.data() + at.first, at.outer, y.mutable_data(),
                         at.inner);
  if (!is_recorded(x)) return y;
  return record(
      "slice", y, [region](const auto& backward) { backward.add(0, place_region(backward.gradient(), region, T{0})); },
      x);
}

/// A tensor that has x's elements in the region, and `value` around them.
template <class T, class Device>
Tensor<T, Device> place_region(const Tensor<T, Device>& x, const Region& region, T value) {
  const auto y = Tensor<T, Device>::full(region.outer, value);
  const auto at = region.layout();
  if (x.size() != 0)
    kernel::strided_copy(Device{}, x.rank(), region.inner.begin(), x.data(), at.inner, y.mutable_data() + at.first,
                         at.outer);
  if (!is_recorded(x)) return y;
  return record(
      "pad", y, [region](const auto& backward) { backward.add(0, pick_region(backward.gradient(), region, false)); },
      x);
}

}  // namespace detail

/// The entries begin, begin + step, ... below `end` of an axis. A view, which shares x's elements, where step is 1 and
/// the axes before have size 1, so that leading slices are free; else a copy. Throws Error unless
/// 0 <= begin <= end <= size and step >= 1.
template <class T, class Device>
Tensor<T, Device> slice(const Tensor<T, Device>& x, int axis, std::int64_t begin, std::int64_t end,
                        std::int64_t step = 1) {
  const int cut = x.shape().normalize(axis, "slice");
  if (begin < 0 || end < begin || end > x.size(cut) || step < 1)
    detail::fail("slice", {"entries ", begin, " to ", end, " by ", step, " of axis ", axis, " of shape ", x.shape()},
                 "0 <= begin <= end <= size and step >= 1 must hold");
  detail::Region region(x.shape(), x.shape().with(cut, (end - begin) / step + ((end - begin) % step != 0)));
  region.begin[cut] = begin;
  region.step[cut] = std::min(step, x.size(cut) + 1);  // no larger than it needs to be, for the products
  return detail::pick_region(x, region, step == 1 && x.shape().sub(0, cut).size() == 1);
}

/// Entry i of an axis, without that axis. Throws Error unless 0 <= i < size.
template <class T, class Device>
Tensor<T, Device> select(const Tensor<T, Device>& x, int axis, std::int64_t i) {
  const int cut = x.shape().normalize(axis, "select");
  if (i < 0 || i >= x.size(cut))
    detail::fail("select", {"entry ", i, " of axis ", axis, " of shape ", x.shape()}, "entries are from 0 to size - 1");
  return squeeze(slice(x, cut, i, i + 1), cut);
}

/// x with entries of `value` before and after its own along each axis: one Padding an axis of x, each >= 0.
///
///   pad(image, {{0, 0}, {2, 2}, {2, 2}})
template <class T, class Device>
Tensor<T, Device> pad(const Tensor<T, Device>& x, std::span<const Padding> paddings,
                      std::type_identity_t<T> value = T{0}) {
  if (static_cast<int>(paddings.size()) != x.rank())
    detail::fail("pad", {paddings.size(), " paddings for shape ", x.shape()}, "give one {before, after} an axis");
  Shape outer;
  for (int axis = 0; axis < x.rank(); ++axis) {
    const Padding& padding = paddings[static_cast<std::size_t>(axis)];
    if (padding.before < 0 || padding.after < 0)
      detail::fail("pad",
                   {"padding {", padding.before, ", ", padding.after, "} of axis ", axis, " of shape ", x.shape()},
                   "paddings are >= 0; slice() removes entries");
    outer.append(padding.before + x.size(axis) + padding.after);
  }
  detail::Region region(outer, x.shape());
  for (int axis = 0; axis < x.rank(); ++axis) region.begin[axis] = paddings[static_cast<std::size_t>(axis)].before;
  return detail::place_region(x, region, value);
}
template <class T, class Device>
Tensor<T, Device> pad(const Tensor<T, Device>& x, std::initializer_list<Padding> paddings,
                      std::type_identity_t<T> value = T{0}) {
  return pad(x, std::span<const Padding>(paddings.begin(), paddings.size()), value);
}

/// The same along one axis.
template <class T, class Device>
Tensor<T, Device> pad(const Tensor<T, Device>& x, int axis, const Padding& padding,
                      std::type_identity_t<T> value = T{0}) {
  Padding paddings[Shape::max_rank];
  paddings[x.shape().normalize(axis, "pad")] = padding;
  return pad(x, std::span<const Padding>(paddings, static_cast<std::size_t>(x.rank())), value);
}

}  // namespace regimen
