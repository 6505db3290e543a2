// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/unfold.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/window.hpp"

/// Windows of images and of sequences as columns and rows, and their sums back in place. Linear, so differentiable to
/// any order.
namespace regimen {

struct UnfoldOptions {
  HeightWidth stride = 1;
  HeightWidth padding = 0;  ///< zeros around x, on each side
  HeightWidth dilation = 1;
};

namespace detail {

template <class T, class Device>
Tensor<T, Device> fold_windows(const kernel::Conv2d& s, const Shape& image, const Tensor<T, Device>& y);

/// The windows, as a tensor of shape `columns`.
template <class T, class Device>
Tensor<T, Device> unfold_windows(const kernel::Conv2d& s, const Shape& columns, const Tensor<T, Device>& x) {
  const auto y = Tensor<T, Device>::empty(columns);
  kernel::unfold(Device{}, s, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "unfold", y,
      [s, image = x.shape()](const auto& backward) { backward.add(0, fold_windows(s, image, backward.gradient())); },
      x);
}

/// The gradient of unfold_windows, and it the gradient of this.
template <class T, class Device>
Tensor<T, Device> fold_windows(const kernel::Conv2d& s, const Shape& image, const Tensor<T, Device>& y) {
  const auto x = Tensor<T, Device>::empty(image);
  kernel::fold(Device{}, s, y.data(), x.mutable_data());
  if (!is_recorded(y)) return x;
  return record(
      "fold", x,
      [s, columns = y.shape()](const auto& backward) {
        backward.add(0, unfold_windows(s, columns, backward.gradient()));
      },
      y);
}

inline kernel::Conv2d unfold_sizes(const char* operation, const Shape& image, const HeightWidth& window,
                                   const UnfoldOptions& options) {
  return {.batch = image[0],
          .channels = image[1],
          .height = image[2],
          .width = image[3],
          .window = window2d(operation, image, window, options.stride, options.padding, options.dilation)};
}

/// The windows of `size` elements that begin at 0, hop, 2 hop, ... of a sequence: as `frames` rows they are the
/// elements of a window of `frames` elements at distance hop, at each of `size` positions.
inline kernel::Conv2d frame_sizes(std::int64_t batch, std::int64_t frames, std::int64_t size, std::int64_t hop) {
  return {
      .batch = batch, .width = (frames - 1) * hop + size, .window = {.horizontal = {.size = frames, .dilation = hop}}};
}

}  // namespace detail

/// The windows of images x[batch, channels, height, width] as columns (im2col): [batch, channels kh kw, positions],
/// with the positions in rows, as many as conv2d has. Row (c kh + a) kw + b holds
///
///   x[c, p stride - padding + a dilation, q stride - padding + b dilation]
///
/// for each position (p, q), 0 outside x. As PyTorch's unfold. Throws Error for another rank and where the window does
/// not fit.
///
///   unfold(image, 3, {.padding = 1})
template <class T, class Device>
Tensor<T, Device> unfold(const Tensor<T, Device>& x, const HeightWidth& window, const UnfoldOptions& options = {}) {
  if (x.rank() != 4) detail::fail("unfold", {"x is ", x.shape()}, "it is [batch, channels, height, width]");
  const auto s = detail::unfold_sizes("unfold", x.shape(), window, options);
  return detail::unfold_windows(s, Shape{s.batch, s.channels * s.taps(), s.area()}, x);
}

/// Images [batch, channels, height, width] of the size `image`, each element the sum of the windows' elements that
/// unfold would take from there: unfold's adjoint, and as PyTorch's fold. columns is [batch, channels kh kw,
/// positions]. Throws Error for another shape.
template <class T, class Device>
Tensor<T, Device> fold(const Tensor<T, Device>& columns, const HeightWidth& image, const HeightWidth& window,
                       const UnfoldOptions& options = {}) {
  if (columns.rank() != 3 || image.height < 0 || image.width < 0)
    detail::fail("fold", {"columns are ", columns.shape(), " for images of ", image.height, " x ", image.width},
                 "they are [batch, channels x window, positions]");
  const auto sizes = [&](std::int64_t channels) {
    return detail::unfold_sizes("fold", Shape{columns.size(0), channels, image.height, image.width}, window, options);
  };
  const std::int64_t taps = sizes(1).taps(), area = sizes(1).area();
  if (columns.size(1) % taps != 0 || columns.size(2) != area)
    detail::fail("fold",
                 {"columns are ", columns.shape(), " for ", taps, " elements of a window and ", area, " positions"},
                 "they are [batch, channels x window, positions]");
  const auto s = sizes(columns.size(1) / taps);
  return detail::fold_windows(s, Shape{s.batch, s.channels, s.height, s.width}, columns);
}

/// The windows x[..., i hop] to x[..., i hop + size - 1] of sequences x[..., n]: [..., frames, size], for as many
/// frames as fit. As PyTorch's Tensor.unfold(-1, size, hop). Throws Error unless 1 <= size <= n and hop >= 1.
template <class T, class Device>
Tensor<T, Device> frame(const Tensor<T, Device>& x, std::int64_t size, std::int64_t hop) {
  if (x.rank() == 0 || size < 1 || size > x.size(-1) || hop < 1)
    detail::fail("frame", {"size is ", size, " and hop ", hop, " for x of shape ", x.shape()},
                 "1 <= size <= length of the last axis and hop >= 1 must hold");
  const std::int64_t frames = (x.size(-1) - size) / hop + 1;
  Shape shape = x.shape().with(-1, frames);
  shape.append(size);
  const auto s = detail::frame_sizes(shape.sub(0, x.rank() - 1).size(), frames, size, hop);
  return detail::unfold_windows(s, shape, s.width == x.size(-1) ? x : slice(x, -1, 0, s.width));
}

/// Sequences [..., (frames - 1) hop + size], each element the sum of those that frame() would take from there, for
/// windows x[..., frames, size]: frame's adjoint. Throws Error unless x has a frame, size >= 1, and hop >= 1.
template <class T, class Device>
Tensor<T, Device> overlap_add(const Tensor<T, Device>& x, std::int64_t hop) {
  if (x.rank() < 2 || x.size(-2) < 1 || x.size(-1) < 1 || hop < 1)
    detail::fail("overlap_add", {"x is ", x.shape(), " and hop ", hop}, "x is [..., frames, size], and hop >= 1");
  const Shape outer = x.shape().sub(0, x.rank() - 2);
  const auto s = detail::frame_sizes(outer.size(), x.size(-2), x.size(-1), hop);
  return detail::fold_windows(s, Shape(outer).append(s.width), x);
}

}  // namespace regimen
