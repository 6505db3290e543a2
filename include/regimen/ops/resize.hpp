// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/resize.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/window.hpp"

/// Images x[batch, channels, height, width] and sequences x[batch, channels, length] in another size, as PyTorch's
/// interpolate. Linear in x, so differentiable to any order. What is made smaller is sampled, not averaged: use
/// avg_pool2d where that shows.
namespace regimen {

/// The size of the result: one of the first two, the other one 0.
struct ResizeOptions {
  HeightWidth size = 0;        ///< of the result; for sequences the width
  double scale = 0;            ///< what sizes are multiplied by, rounded down
  bool align_corners = false;  ///< of the linear ones: the first and last samples stay in place, not the outer edges
};

namespace detail {

/// An axis of n samples that becomes one of `count`.
struct ResizedAxis {
  std::int64_t n, count;
  double scale;
  bool align_corners;

  ResizedAxis(const char* operation, const Shape& x, int axis, const ResizeOptions& options)
      : n(x[axis]),
        count(axis == -1 ? options.size.width : options.size.height),
        scale(options.scale),
        align_corners(options.align_corners) {
    const bool sized = options.size.height > 0 && options.size.width > 0 && scale == 0;
    const bool scaled = options.size.height == 0 && options.size.width == 0 && scale > 0 && std::isfinite(scale);
    if (!sized && !scaled)
      fail(operation, {"size is ", options.size.to_string(), " and scale ", scale},
           "give one of them, positive and finite");
    const double wanted = std::floor(static_cast<double>(n) * scale);
    if (n == 0 || (scaled && !(wanted >= 1 && wanted < 1e15)))
      fail(operation, {"x is ", x, " and scale ", scale}, "neither x nor the result may have an axis of size 0");
    if (scaled) count = static_cast<std::int64_t>(wanted);
  }

  /// i n / count, or i / scale where that is given: where in x's samples a distance of i samples of the result ends.
  double distance(double i) const {
    return scale > 0 ? i / scale : i * static_cast<double>(n) / static_cast<double>(count);
  }
  std::int64_t nearest(std::int64_t i) const {
    return std::min(n - 1, static_cast<std::int64_t>(distance(static_cast<double>(i))));
  }
  /// Where sample i lies among x's samples.
  double position(std::int64_t i) const {
    if (!align_corners)
      return std::clamp(distance(static_cast<double>(i) + 0.5) - 0.5, 0.0, static_cast<double>(n - 1));
    return count == 1 ? 0 : static_cast<double>(i) * static_cast<double>(n - 1) / static_cast<double>(count - 1);
  }
};

/// y = (1 - weight) x[at] + weight x[at + 1] along an axis.
template <class T, class Device>
struct Interpolation {
  Tensor<std::int64_t, Device> at;
  Tensor<T, Device> weight;
  std::int64_t n;

  explicit Interpolation(const ResizedAxis& axis)
      : at(Tensor<std::int64_t, Device>::empty({axis.count})),
        weight(Tensor<T, Device>::empty({axis.count})),
        n(axis.n) {
    std::int64_t* const low = at.mutable_data();
    T* const w = weight.mutable_data();
    for (std::int64_t i = 0; i < axis.count; ++i) {
      const double position = axis.position(i);
      low[i] = static_cast<std::int64_t>(position);
      w[i] = static_cast<T>(position - static_cast<double>(low[i]));
    }
  }
};

template <class T, class Device>
Tensor<T, Device> interpolate_adjoint(const Tensor<T, Device>& g, int axis, const Interpolation<T, Device>& table);

template <class T, class Device>
Tensor<T, Device> interpolate(const Tensor<T, Device>& x, int axis, const Interpolation<T, Device>& table) {
  const AxisSplit s(x.shape(), axis);
  const auto y = Tensor<T, Device>::empty(x.shape().with(axis, table.at.size()));
  kernel::interpolate(Device{}, s.outer, table.n, s.inner, table.at.size(), table.at.data(), table.weight.data(),
                      x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "interpolate", y,
      [axis, table](const auto& backward) { backward.add(0, interpolate_adjoint(backward.gradient(), axis, table)); },
      x);
}

template <class T, class Device>
Tensor<T, Device> interpolate_adjoint(const Tensor<T, Device>& g, int axis, const Interpolation<T, Device>& table) {
  const AxisSplit s(g.shape(), axis);
  const auto dx = Tensor<T, Device>::empty(g.shape().with(axis, table.n));
  kernel::interpolate_backward(Device{}, s.outer, table.n, s.inner, table.at.size(), table.at.data(),
                               table.weight.data(), g.data(), dx.mutable_data());
  if (!is_recorded(g)) return dx;
  return record(
      "interpolate_adjoint", dx,
      [axis, table](const auto& backward) { backward.add(0, interpolate(backward.gradient(), axis, table)); }, g);
}

template <class T, class Device>
Tensor<T, Device> resize_axis(const char* operation, const Tensor<T, Device>& x, int axis,
                              const ResizeOptions& options) {
  const ResizedAxis sizes(operation, x.shape(), axis, options);
  return interpolate(x, x.rank() + axis, Interpolation<T, Device>(sizes));
}

}  // namespace detail

/// Sample p of the result is sample floor(p n / count) of x's n, along both axes of images or the one of sequences.
/// Throws Error for another rank, for an axis of size 0, and unless one of size and scale is given.
///
///   resize_nearest(image, {.scale = 2})
template <class T, class Device>
Tensor<T, Device> resize_nearest(const Tensor<T, Device>& x, const ResizeOptions& options) {
  if ((x.rank() != 3 && x.rank() != 4) || options.align_corners)
    detail::fail("resize_nearest", {"x is ", x.shape(), options.align_corners ? " and align_corners set" : ""},
                 "x is [batch, channels, length] or [batch, channels, height, width]; linear resizing aligns corners");
  const auto pick = [&](const Tensor<T, Device>& from, int axis) {
    const detail::ResizedAxis sizes("resize_nearest", from.shape(), axis, options);
    const auto indices = Tensor<std::int64_t, Device>::empty({sizes.count});
    std::int64_t* const values = indices.mutable_data();
    for (std::int64_t i = 0; i < sizes.count; ++i) values[i] = sizes.nearest(i);
    return detail::selected(from, from.rank() + axis, indices);
  };
  const auto wide = pick(x, -1);
  return x.rank() == 3 ? wide : pick(wide, -2);
}

/// Sequences x[batch, channels, length], resized linearly: sample i of the result is at (i + 0.5) n / count - 0.5 of
/// x's n samples, but not outside of them, or at i (n - 1) / (count - 1) if align_corners. Throws Error as
/// resize_nearest.
template <class T, class Device>
Tensor<T, Device> resize_linear(const Tensor<T, Device>& x, const ResizeOptions& options) {
  if (x.rank() != 3) detail::fail("resize_linear", {"x is ", x.shape()}, "it is [batch, channels, length]");
  return detail::resize_axis("resize_linear", x, -1, options);
}

/// Images x[batch, channels, height, width], resized linearly along both axes, as resize_linear.
///
///   resize_bilinear(image, {.size = {224, 224}})
template <class T, class Device>
Tensor<T, Device> resize_bilinear(const Tensor<T, Device>& x, const ResizeOptions& options) {
  if (x.rank() != 4) detail::fail("resize_bilinear", {"x is ", x.shape()}, "it is [batch, channels, height, width]");
  const auto wide = detail::resize_axis("resize_bilinear", x, -1, options);
  return detail::resize_axis("resize_bilinear", wide, -2, options);
}

}  // namespace regimen
