// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/cpu/broadcast.hpp"
#include "regimen/cpu/reduce.hpp"

namespace regimen {
namespace detail {

/// Elements from one index of an axis to the next of an array that holds the axes outside of `mask`, and repeats along
/// those of `mask`.
inline void spread_strides(unsigned mask, const Shape& shape, std::int64_t* strides) {
  std::int64_t step = 1;
  for (int axis = shape.rank(); axis-- > 0;) {
    const bool repeats = (mask >> axis & 1) != 0;
    strides[axis] = repeats ? 0 : step;
    if (!repeats) step *= shape.begin()[axis];
  }
}

/// The axes of `shape` along which an operand of shape `from` repeats; `from` broadcasts to `shape`. An axis of size 1
/// counts as one of them only where `from` lacks it.
inline unsigned repeated_axes(const Shape& from, const Shape& shape) {
  const int missing = shape.rank() - from.rank();
  unsigned mask = (1u << missing) - 1;
  for (int axis = missing; axis < shape.rank(); ++axis)
    if (from.begin()[axis - missing] != shape.begin()[axis]) mask |= 1u << axis;
  return mask;
}

template <class T, class Device>
Tensor<T, Device> spread(const Tensor<T, Device>& x, unsigned mask, const Shape& shape);

/// The sum of x over the axes of `mask`, in shape `result`, which has the sizes of the others (and any number of ones).
template <class T, class Device>
Tensor<T, Device> sum_axes(const Tensor<T, Device>& x, unsigned mask, const Shape& result);

/// Reduces x over each run of neighbouring axes of `mask` in turn: kernel(outer, count, inner, from, to).
template <class T, class Device, class Kernel>
Tensor<T, Device> reduce_axes(const Tensor<T, Device>& x, unsigned mask, const Shape& result, const Kernel& kernel) {
  std::int64_t sizes[Shape::max_rank];
  const int rank = x.rank();
  for (int axis = 0; axis < rank; ++axis) sizes[axis] = x.shape().begin()[axis];
  const auto product = [&](int first, int last) {
    std::int64_t size = 1;
    for (int axis = first; axis < last; ++axis) size *= sizes[axis];
    return size;
  };
  Tensor<T, Device> from = x;
  for (int end = rank; mask != 0;) {
    while ((mask >> (end - 1) & 1) == 0) --end;
    int begin = end - 1;
    while (begin > 0 && (mask >> (begin - 1) & 1) != 0) --begin;
    mask &= (1u << begin) - 1;
    const std::int64_t outer = product(0, begin), count = product(begin, end), inner = product(end, rank);
    auto to = Tensor<T, Device>::empty(mask == 0 ? result : Shape{outer, inner});
    kernel(outer, count, inner, from.data(), to.mutable_data());
    for (int axis = begin; axis < end; ++axis) sizes[axis] = 1;
    end = begin;
    from = std::move(to);
  }
  return from;
}

template <class T, class Device>
Tensor<T, Device> spread(const Tensor<T, Device>& x, unsigned mask, const Shape& shape) {
  const auto y = Tensor<T, Device>::empty(shape);
  if (std::is_same_v<Device, Cpu> && x.size() == 1) {  // reading from another device would wait for it
    y.fill(x.item());
  } else {
    std::int64_t strides[Shape::max_rank];
    spread_strides(mask, shape, strides);
    kernel::broadcast_map(Device{}, shape.rank(), shape.begin(), functor::Identity{}, y.mutable_data(),
                          kernel::Strided<T>{x.data(), strides});
  }
  if (!is_recorded(x)) return y;
  return record(
      "broadcast_to", y,
      [mask, from = x.shape()](const auto& backward) { backward.add(0, sum_axes(backward.gradient(), mask, from)); },
      x);
}

template <class T, class Device>
Tensor<T, Device> sum_axes(const Tensor<T, Device>& x, unsigned mask, const Shape& result) {
  if (mask == 0) return x;
  const auto y = reduce_axes(x.detach(), mask, result, [](auto outer, auto count, auto inner, const T* from, T* to) {
    kernel::sum(Device{}, outer, count, inner, from, to);
  });
  if (!is_recorded(x)) return y;
  return record(
      "sum", y,
      [mask, from = x.shape()](const auto& backward) { backward.add(0, spread(backward.gradient(), mask, from)); }, x);
}

/// The shape of a binary operation's result, and each operand's strides in it.
struct BroadcastPair {
  [[gnu::noinline]] BroadcastPair(const Shape& a, const Shape& b, const char* operation)
      : shape(broadcast(a, b, operation)) {
    spread_strides(repeated_axes(a, shape), shape, strides_a);
    spread_strides(repeated_axes(b, shape), shape, strides_b);
  }

  Shape shape;
  std::int64_t strides_a[Shape::max_rank], strides_b[Shape::max_rank];
};

/// f(a, b) for operands of unlike shapes.
template <class T, class Device, class F>
[[gnu::noinline]] Tensor<T, Device> broadcast_values(const char* name, const Tensor<T, Device>& a,
                                                     const Tensor<T, Device>& b, const F& f) {
  const BroadcastPair pair(a.shape(), b.shape(), name);
  const auto y = Tensor<T, Device>::empty(pair.shape);
  kernel::broadcast_map(Device{}, y.rank(), pair.shape.begin(), f, y.mutable_data(),
                        kernel::Strided<T>{a.data(), pair.strides_a}, kernel::Strided<T>{b.data(), pair.strides_b});
  return y;
}

/// Says at compile time what keeps two tensors from an operation.
template <class T, class Device, class U, class Other>
const Tensor<T, Device>& reject_unlike(const Tensor<T, Device>& a) {
  static_assert(std::is_same_v<Device, Other>, "the operands are on two devices: bring them to one");
  static_assert(std::is_same_v<T, U>, "the operands have two element types: convert one, as in a + b.to<float>()");
  return a;
}

/// f(x) for each element, not recorded.
template <class T, class Device, class F>
Tensor<T, Device> map_values(const Tensor<T, Device>& x, const F& f) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::map(Device{}, y.size(), f, y.mutable_data(), x.data());
  return y;
}

/// f(a, b) with broadcasting, not recorded.
template <class T, class Device, class F>
Tensor<T, Device> map_values(const char* name, const Tensor<T, Device>& a, const Tensor<T, Device>& b, const F& f) {
  if (a.shape() == b.shape()) {
    const auto y = Tensor<T, Device>::empty(a.shape());
    kernel::map(Device{}, y.size(), f, y.mutable_data(), a.data(), b.data());
    return y;
  }
  return broadcast_values(name, a, b, f);
}

}  // namespace detail

/// x repeated along its axes of size 1, and along new leading axes, until it has the given shape (NumPy's rule).
/// Throws Error where x does not broadcast to it.
template <class T, class Device>
Tensor<T, Device> broadcast_to(const Tensor<T, Device>& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (x.rank() > shape.rank() || !(broadcast(x.shape(), shape, "broadcast_to") == shape))
    detail::fail("broadcast_to", {x.shape(), " does not broadcast to ", shape},
                 "trailing axes must be equal, or 1 in x");
  return detail::spread(x, detail::repeated_axes(x.shape(), shape), shape);
}

/// The sum of x over the axes along which `shape` would repeat to become x's shape: undoes broadcast_to, as the
/// gradient of a broadcast operand needs it. Throws Error where `shape` does not broadcast to x's.
template <class T, class Device>
Tensor<T, Device> sum_to(const Tensor<T, Device>& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (shape.rank() > x.rank() || !(broadcast(shape, x.shape(), "sum_to") == x.shape()))
    detail::fail("sum_to", {x.shape(), " is no broadcast of ", shape},
                 "trailing axes must be equal, or 1 in the result");
  return detail::sum_axes(x, detail::repeated_axes(shape, x.shape()), shape);
}

}  // namespace regimen
