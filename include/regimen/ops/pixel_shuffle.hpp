// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/shape.hpp"

/// Channels into blocks of r x r pixels and back, for images x[batch, channels, height, width].
namespace regimen {
namespace detail {

/// [batch, c r^2, h, w] to [batch, c, h r, w r], where the place in the block is the slower or the faster part of the
/// channel.
template <class T, class Device>
Tensor<T, Device> channels_to_blocks(const char* operation, const Tensor<T, Device>& x, std::int64_t r, bool slower) {
  if (x.rank() != 4 || r < 1 || x.size(1) % (r * r) != 0)
    fail(operation, {"x is ", x.shape(), " for blocks of ", r, " x ", r},
         "x is [batch, channels, height, width], and the block's area divides the channels");
  const std::int64_t n = x.size(0), c = x.size(1) / (r * r), h = x.size(2), w = x.size(3);
  const auto parts = slower ? permute(reshape(x, Shape{n, r, r, c, h, w}), {0, 3, 4, 1, 5, 2})
                            : permute(reshape(x, Shape{n, c, r, r, h, w}), {0, 1, 4, 2, 5, 3});
  return reshape(parts, Shape{n, c, h * r, w * r});
}

/// The inverse of channels_to_blocks.
template <class T, class Device>
Tensor<T, Device> blocks_to_channels(const char* operation, const Tensor<T, Device>& x, std::int64_t r, bool slower) {
  if (x.rank() != 4 || r < 1 || x.size(2) % r != 0 || x.size(3) % r != 0)
    fail(operation, {"x is ", x.shape(), " for blocks of ", r, " x ", r},
         "x is [batch, channels, height, width], and the block divides height and width");
  const std::int64_t n = x.size(0), c = x.size(1), h = x.size(2) / r, w = x.size(3) / r;
  const auto parts = reshape(x, Shape{n, c, h, r, w, r});
  return reshape(slower ? permute(parts, {0, 3, 5, 1, 2, 4}) : permute(parts, {0, 1, 3, 5, 2, 4}),
                 Shape{n, c * r * r, h, w});
}

}  // namespace detail

/// Sub-pixel upscaling (Shi et al. 2016), [batch, c r^2, h, w] to [batch, c, h r, w r]:
/// y[n, k, p r + i, q r + j] = x[n, k r^2 + i r + j, p, q]. Throws Error unless r^2 divides the channels.
template <class T, class Device>
Tensor<T, Device> pixel_shuffle(const Tensor<T, Device>& x, std::int64_t r) {
  return detail::channels_to_blocks("pixel_shuffle", x, r, false);
}

/// The inverse of pixel_shuffle, [batch, c, h r, w r] to [batch, c r^2, h, w]. Throws Error unless r divides height and
/// width.
template <class T, class Device>
Tensor<T, Device> pixel_unshuffle(const Tensor<T, Device>& x, std::int64_t r) {
  return detail::blocks_to_channels("pixel_unshuffle", x, r, false);
}

/// As pixel_shuffle, but with the place in the block as the slower part of the channel (ONNX's DepthToSpace, mode DCR):
/// y[n, k, p r + i, q r + j] = x[n, (i r + j) c + k, p, q].
template <class T, class Device>
Tensor<T, Device> depth_to_space(const Tensor<T, Device>& x, std::int64_t r) {
  return detail::channels_to_blocks("depth_to_space", x, r, true);
}

/// The inverse of depth_to_space (ONNX's SpaceToDepth).
template <class T, class Device>
Tensor<T, Device> space_to_depth(const Tensor<T, Device>& x, std::int64_t r) {
  return detail::blocks_to_channels("space_to_depth", x, r, true);
}

}  // namespace regimen
