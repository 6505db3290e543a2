// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen::kernel {

/// An axis of n pixels that is sampled at coordinates in [-1, 1].
struct GridAxis {
  std::int64_t n = 1;
  std::int64_t margin = 0;     ///< pixels that were added before and after the n
  bool align_corners = false;  ///< -1 and 1 are the middles of the first and the last pixel, not their outer edges
  bool reflect = false;  ///< coordinates outside are mirrored at -1 and 1, else they are moved to the nearest pixel
};

/// position[i] = where the coordinate in[i] is among the n + 2 margin pixels, in [0, n + 2 margin - 1], and slope[i] =
/// its derivative, which is 0 where the coordinate was moved. NaN stays.
template <class T>
void grid_positions(Cpu, std::int64_t count, const GridAxis& axis, const T* in, T* position, T* slope) {
  const T span = static_cast<T>(axis.align_corners ? axis.n - 1 : axis.n);  // pixels from -1 to 1
  const T low = axis.align_corners ? T{0} : T(-0.5);                        // the pixel at -1
  const T first = static_cast<T>(-axis.margin), last = static_cast<T>(axis.n - 1 + axis.margin);
  parallel_for(count, elementwise_grain / 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      T at = ((in[i] + T{1}) * span + (low + low)) / T{2}, direction = T{1};
      if (axis.reflect && span > T{0}) {
        const T distance = std::abs(at - low), rest = std::fmod(distance, span);
        const bool turned = std::fmod(std::floor(distance / span), T{2}) != T{0};
        direction = turned == (at < low) ? T{1} : T{-1};
        at = (turned ? span - rest : rest) + low;
      }
      const bool moved = at <= first || at >= last;
      position[i] = (moved ? std::clamp(at, first, last) : at) - first;
      slope[i] = moved ? T{0} : direction * span / T{2};
    }
  });
}

/// indices[s, i] = the position in memory of pixel (row + down, column + right) of image s in [batch, height, width],
/// of which row[s, i] and column[s, i] are rounded down; what is beyond the last row or column is in it. 0 stands for
/// NaN.
template <class T>
void pixel_indices(Cpu, std::int64_t batch, std::int64_t points, std::int64_t height, std::int64_t width,
                   std::int64_t down, std::int64_t right, const T* row, const T* column, std::int64_t* indices) {
  const auto bounded = [](T at, std::int64_t step, std::int64_t n) {
    return at >= T{0} ? std::min(static_cast<std::int64_t>(at) + step, n - 1) : 0;
  };
  parallel_for(batch * points, elementwise_grain / 4, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      indices[i] = (i / points * height + bounded(row[i], down, height)) * width + bounded(column[i], right, width);
  });
}

}  // namespace regimen::kernel
