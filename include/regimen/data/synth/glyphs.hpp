// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct GlyphOptions {
  std::int64_t classes = 10;
  std::int64_t size = 10;  ///< pixels of a side
  std::int64_t grid = 4;   ///< numbers a side that a glyph is made of: few give broad strokes
  double threshold = 0.5;  ///< ink is where the smooth map is above it
};

/// Random characters [classes, size, size] of zeros and ones: a map of grid x grid numbers, uniform in [0, 1), drawn
/// out bilinearly to the corners of the image, and cut at the threshold. Glyph k is a function of `rng` and k alone.
/// Throws Error for sizes below 1, or unless threshold is in [0, 1].
///
///   const auto glyphs = random_glyphs(rng.split("glyphs"), {.classes = 20});
///   const Dataset<> train = sample_glyphs(glyphs, rng.split("train"), 3000);
inline Tensor<double> random_glyphs(const Rng& rng, const GlyphOptions& options = {}) {
  detail::check_count("random_glyphs", "classes", options.classes, 1);
  detail::check_count("random_glyphs", "size", options.size, 1);
  detail::check_count("random_glyphs", "grid", options.grid, 1);
  detail::check_fraction("random_glyphs", "threshold", options.threshold);
  const std::int64_t size = options.size, grid = options.grid;
  auto glyphs = Tensor<double>::empty({options.classes, size, size});
  double* out = glyphs.mutable_data();
  const double step = size == 1 ? 0 : static_cast<double>(grid - 1) / static_cast<double>(size - 1);
  for (std::int64_t k = 0; k < options.classes; ++k) {
    const auto map = rng.split(static_cast<std::uint64_t>(k)).uniform<double>({grid, grid});
    for (std::int64_t i = 0; i < size; ++i)
      for (std::int64_t j = 0; j < size; ++j) {
        const double y = step * static_cast<double>(i), x = step * static_cast<double>(j);
        const auto top = static_cast<std::int64_t>(y), left = static_cast<std::int64_t>(x);
        const std::int64_t bottom = std::min(top + 1, grid - 1), right = std::min(left + 1, grid - 1);
        const double wy = y - static_cast<double>(top), wx = x - static_cast<double>(left);
        const double* m = map.data();
        const double value = (1 - wy) * ((1 - wx) * m[top * grid + left] + wx * m[top * grid + right]) +
                             wy * ((1 - wx) * m[bottom * grid + left] + wx * m[bottom * grid + right]);
        *out++ = value > options.threshold ? 1 : 0;
      }
  }
  return glyphs;
}

struct GlyphSampleOptions {
  std::int64_t shift = 1;  ///< glyphs move by -shift, ..., shift pixels in both directions; what comes in is 0
  double min_gain = 0.8;   ///< the ink's value is uniform in [min_gain, max_gain)
  double max_gain = 1;
  double noise = 0.15;  ///< standard deviation of the noise added to every pixel
};

/// Images [count, 1, H, W] of glyphs [K, H, W] with small changes, and their labels; sample i is of class i mod K, and
/// a function of `rng` and i alone. Throws Error for glyphs of another shape, negative counts, shift or noise, or
/// unless 0 <= min_gain <= max_gain.
template <class T = float>
Dataset<T> sample_glyphs(const Tensor<double>& glyphs, const Rng& rng, std::int64_t count,
                         const GlyphSampleOptions& options = {}) {
  if (glyphs.rank() != 3 || glyphs.size(0) == 0)
    detail::fail("sample_glyphs", {"glyphs are ", glyphs.shape()}, "pass [classes, H, W]");
  detail::check_count("sample_glyphs", "count", count, 0);
  detail::check_count("sample_glyphs", "shift", options.shift, 0);
  detail::check_not_negative("sample_glyphs", "min_gain", options.min_gain);
  detail::check_not_negative("sample_glyphs", "max_gain - min_gain", options.max_gain - options.min_gain);
  detail::check_not_negative("sample_glyphs", "noise", options.noise);
  const std::int64_t classes = glyphs.size(0), height = glyphs.size(1), width = glyphs.size(2);
  Dataset<T> data{Tensor<T>::empty({count, 1, height, width}), Tensor<std::int64_t>::empty({count})};
  T* images = data.inputs.mutable_data();
  std::int64_t* labels = data.labels.mutable_data();
  parallel_for(count, 4096 / (height * width + 1) + 1, [&, images, labels](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      labels[i] = i % classes;
      Rng own = rng.split(static_cast<std::uint64_t>(i));
      const std::int64_t down = own.below(2 * options.shift + 1) - options.shift;
      const std::int64_t across = own.below(2 * options.shift + 1) - options.shift;
      const double gain = options.min_gain + own.uniform() * (options.max_gain - options.min_gain);
      const double* glyph = glyphs.data() + labels[i] * height * width;
      T* out = images + i * height * width;
      for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x) {
          const std::int64_t row = y - down, column = x - across;
          const bool inside = row >= 0 && row < height && column >= 0 && column < width;
          const double ink = inside ? gain * glyph[row * width + column] : 0;
          *out++ = static_cast<T>(ink + options.noise * own.normal());
        }
    }
  });
  return data;
}

}  // namespace regimen
