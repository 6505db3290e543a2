// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/math.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/grid_sample.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/window.hpp"

/// Sampling of images at given places: spatial transformers (Jaderberg et al. 2015). Coordinates (x, y) are from -1,
/// the left or upper end of an image, to 1.
namespace regimen {

enum class GridMode { bilinear, nearest };
enum class GridPadding { zeros, border, reflection };

struct AffineGridOptions {
  bool align_corners = false;  ///< -1 and 1 are the middles of the outer pixels, not their outer edges
};

struct GridSampleOptions {
  GridMode mode = GridMode::bilinear;        ///< from four pixels around, or from the one that is nearest
  GridPadding padding = GridPadding::zeros;  ///< outside: zeros, the nearest pixel inside, or the mirrored image
  bool align_corners = false;                ///< as in AffineGridOptions
};

namespace detail {

/// The pixel at a place, the nearest one or the one before.
struct RoundPosition {
  bool nearest;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return kernel::math::each(
        v, [to_nearest = nearest](auto u) { return to_nearest ? kernel::math::nearbyint(u) : kernel::math::floor(u); });
  }
};

/// Where the coordinates are along an axis, in pixels.
template <class T, class Device>
Tensor<T, Device> grid_positions(const Tensor<T, Device>& coordinates, const kernel::GridAxis& axis) {
  const auto y = Tensor<T, Device>::empty(coordinates.shape()), slope = Tensor<T, Device>::empty(y.shape());
  kernel::grid_positions(Device{}, y.size(), axis, coordinates.data(), y.mutable_data(), slope.mutable_data());
  if (!is_recorded(coordinates)) return y;
  return record(
      "grid_sample", y, [slope](const auto& backward) { backward.add(0, backward.gradient() * slope); }, coordinates);
}

}  // namespace detail

/// The places (x, y) = theta (u, v, 1) for each pixel (u, v) of a result of the given size: [batch, height, width, 2]
/// for theta [batch, 2, 3]. As PyTorch's affine_grid. Throws Error for other shapes and a negative size.
template <class T, class Device>
Tensor<T, Device> affine_grid(const Tensor<T, Device>& theta, const HeightWidth& size,
                              const AffineGridOptions& options = {}) {
  if (theta.rank() != 3 || theta.size(1) != 2 || theta.size(2) != 3 || size.height < 0 || size.width < 0)
    detail::fail("affine_grid", {"theta is ", theta.shape(), " for images of ", size.to_string()},
                 "theta is [batch, 2, 3], and sizes are >= 0");
  const auto coordinate = [&](std::int64_t i, std::int64_t n) {
    const T twice = static_cast<T>(2 * i);
    if (!options.align_corners) return (twice + T{1}) / static_cast<T>(n) - T{1};
    return n == 1 ? T{0} : twice / static_cast<T>(n - 1) - T{1};
  };
  const auto pixels = Tensor<T, Device>::empty({size.height * size.width, 3});
  T* to = pixels.mutable_data();
  for (std::int64_t i = 0; i < size.height; ++i)
    for (std::int64_t j = 0; j < size.width; ++j) {
      *to++ = coordinate(j, size.width);
      *to++ = coordinate(i, size.height);
      *to++ = T{1};
    }
  return reshape(matmul(pixels, theta, {.transpose_b = true}), Shape{theta.size(0), size.height, size.width, 2});
}

/// y[b, c, p, q] = x[b, c] at the place (x, y) = grid[b, p, q], for x [batch, channels, height, width] and grid [batch,
/// out_height, out_width, 2]. As PyTorch's grid_sample. Differentiable to any order, by x and, if bilinear, by the
/// grid; a place that padding moves has derivative 0. Throws Error where shapes do not agree, and for images without a
/// pixel.
///
///   y = grid_sample(x, affine_grid(theta, {28, 28}))
template <class T, class Device>
Tensor<T, Device> grid_sample(const Tensor<T, Device>& x, const Tensor<T, Device>& grid,
                              const GridSampleOptions& options = {}) {
  if (x.rank() != 4 || grid.rank() != 4 || grid.size(0) != x.size(0) || grid.size(3) != 2 || x.size(2) == 0 ||
      x.size(3) == 0)
    detail::fail("grid_sample", {"x is ", x.shape(), " and the grid ", grid.shape()},
                 "they are [batch, channels, height, width], not empty, and [batch, out_height, out_width, 2]");
  // Two pixels of zeros on each side are all that is seen of the zeros around an image.
  const std::int64_t batch = x.size(0), channels = x.size(1), margin = options.padding == GridPadding::zeros ? 2 : 0;
  const std::int64_t height = x.size(2) + 2 * margin, width = x.size(3) + 2 * margin;
  const std::int64_t points = grid.size(1) * grid.size(2), count = batch * points;
  const auto position = [&](int coordinate, std::int64_t n) {
    return detail::grid_positions(select(grid, -1, coordinate),
                                  {n, margin, options.align_corners, options.padding == GridPadding::reflection});
  };
  const auto column = position(0, x.size(3)), row = position(1, x.size(2));
  auto pixels = permute(x, {0, 2, 3, 1});
  if (margin > 0) pixels = pad(pixels, {{0, 0}, {margin, margin}, {margin, margin}, {0, 0}});
  pixels = reshape(pixels, Shape{batch * height * width, channels});

  const bool nearest = options.mode == GridMode::nearest;
  const auto rounded = [&](const Tensor<T, Device>& at) {
    return detail::map_values(at.detach(), detail::RoundPosition{nearest});
  };
  const auto top = rounded(row), left = rounded(column);
  const std::int64_t corners = nearest ? 1 : 4;
  const auto indices = Tensor<std::int64_t, Device>::empty({corners * count});
  for (std::int64_t k = 0; k < corners; ++k)
    kernel::pixel_indices(Device{}, batch, points, height, width, k / 2, k % 2, top.data(), left.data(),
                          indices.mutable_data() + k * count);
  auto picked = detail::selected(pixels, 0, indices);
  if (!nearest) {
    const auto weights = [&](const Tensor<T, Device>& at, const Tensor<T, Device>& low) {
      const auto rest = reshape(at - low, Shape{count});
      return stack({T{1} - rest, rest}, 0);
    };
    const auto shares = unsqueeze(weights(row, top), 1) * weights(column, left);  // [2, 2, count]
    picked = sum(reshape(picked, Shape{4, count, channels}) * reshape(shares, Shape{4, count, 1}), 0);
  }
  return permute(reshape(picked, Shape{batch, grid.size(1), grid.size(2), channels}), {0, 3, 1, 2});
}

}  // namespace regimen
