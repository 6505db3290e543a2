// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/permute.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

/// The tensors one after the other along an axis; their other sizes agree. Throws Error for an empty list.
template <class T, class Device>
Tensor<T, Device> concat(std::span<const Tensor<T, Device>> list, int axis = 0) {
  if (list.empty()) detail::fail("concat", "the list is empty", "a result has the shape of its parts");
  const Shape& first = list[0].shape();
  const int along = first.normalize(axis, "concat");
  std::int64_t total = 0;
  bool recorded = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Shape& shape = list[i].shape();
    if (shape.rank() != first.rank() || !(shape.with(along, 0) == first.with(along, 0)))
      detail::fail("concat", {"part ", i, " is ", shape, " and part 0 is ", first},
                   {"only the sizes of axis ", axis, " may differ"});
    total += shape[along];
    recorded = recorded || is_recorded(list[i]);
  }
  detail::Region region(first.with(along, total), first);
  const auto y = Tensor<T, Device>::empty(region.outer);
  T* const values = y.mutable_data();
  for (const auto& part : list) {
    region.inner = part.shape();
    const auto at = region.layout();
    if (part.size() != 0)
      kernel::strided_copy(Device{}, y.rank(), region.inner.begin(), part.data(), at.inner, values + at.first,
                           at.outer);
    region.begin[along] += part.size(along);
  }
  if (!recorded) return y;
  std::vector<std::int64_t> sizes;
  sizes.reserve(list.size());
  for (const auto& part : list) sizes.push_back(part.size(along));
  return record_list(
      "concat", y,
      [along, sizes = std::move(sizes)](const auto& backward) {
        std::int64_t begin = 0;
        for (std::size_t i = 0; i < sizes.size(); begin += sizes[i++])
          if (backward.needs(static_cast<int>(i)))
            backward.add(static_cast<int>(i), slice(backward.gradient(), along, begin, begin + sizes[i]));
      },
      list);
}
template <class T, class Device>
Tensor<T, Device> concat(const std::vector<Tensor<T, Device>>& list, int axis = 0) {
  return concat(std::span<const Tensor<T, Device>>(list), axis);
}
template <class T, class Device>
Tensor<T, Device> concat(std::initializer_list<Tensor<T, Device>> list, int axis = 0) {
  return concat(std::span<const Tensor<T, Device>>(list.begin(), list.size()), axis);
}

/// Tensors of one shape along a new axis, which is axis `axis` of the result: n of [a, b] make [n, a, b] for axis 0 and
/// [a, b, n] for axis -1. Throws Error for an empty list.
template <class T, class Device>
Tensor<T, Device> stack(std::span<const Tensor<T, Device>> list, int axis = 0) {
  if (list.empty()) detail::fail("stack", "the list is empty", "a result has the shape of its parts");
  std::vector<Tensor<T, Device>> parts;
  parts.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!(list[i].shape() == list[0].shape()))
      detail::fail("stack", {"part ", i, " is ", list[i].shape(), " and part 0 is ", list[0].shape()},
                   "shapes must agree");
    parts.push_back(unsqueeze(list[i], axis));
  }
  return concat(parts, axis);
}
template <class T, class Device>
Tensor<T, Device> stack(const std::vector<Tensor<T, Device>>& list, int axis = 0) {
  return stack(std::span<const Tensor<T, Device>>(list), axis);
}
template <class T, class Device>
Tensor<T, Device> stack(std::initializer_list<Tensor<T, Device>> list, int axis = 0) {
  return stack(std::span<const Tensor<T, Device>>(list.begin(), list.size()), axis);
}

/// Consecutive parts of an axis, of the given sizes, which sum to the axis's. Views where slice() gives views.
template <class T, class Device>
std::vector<Tensor<T, Device>> split(const Tensor<T, Device>& x, int axis, std::span<const std::int64_t> sizes) {
  const int along = x.shape().normalize(axis, "split");
  std::int64_t total = 0;
  bool right = true;
  for (const std::int64_t size : sizes) {
    right = right && size >= 0 && size <= x.size(along) - total;
    total += right ? size : 0;
  }
  if (!right || total != x.size(along))
    detail::fail("split",
                 {"sizes ", Shape::text(sizes.data(), static_cast<int>(sizes.size())), " of axis ", axis, " of shape ",
                  x.shape()},
                 "they must be >= 0 and sum to the axis's size");
  std::vector<Tensor<T, Device>> parts;
  parts.reserve(sizes.size());
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    parts.push_back(slice(x, along, begin, begin + size));
    begin += size;
  }
  return parts;
}
template <class T, class Device>
std::vector<Tensor<T, Device>> split(const Tensor<T, Device>& x, int axis, std::initializer_list<std::int64_t> sizes) {
  return split(x, axis, std::span<const std::int64_t>(sizes.begin(), sizes.size()));
}

}  // namespace regimen
