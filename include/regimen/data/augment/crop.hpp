// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

/// The window of height x width at (top, left) of one image, `fill` where that is outside it.
template <class T>
void crop_image(const ImageSizes& in, const T* from, T* to, std::int64_t top, std::int64_t left, std::int64_t height,
                std::int64_t width, T fill) {
  const std::int64_t first = std::clamp<std::int64_t>(-left, 0, width);
  const std::int64_t last = std::clamp<std::int64_t>(in.width - left, first, width);
  for (std::int64_t c = 0; c < in.channels; ++c)
    for (std::int64_t y = 0; y < height; ++y, to += width) {
      const std::int64_t row = y + top;
      if (row < 0 || row >= in.height) {
        std::fill(to, to + width, fill);
        continue;
      }
      std::fill(to, to + first, fill);
      if (first < last) {
        const T* line = from + (c * in.height + row) * in.width + left;
        std::copy(line + first, line + last, to + first);
      }
      std::fill(to + last, to + width, fill);
    }
}

}  // namespace detail

/// The window [top, top + height) x [left, left + width) of images [N, C, H, W]; `fill` where it reaches beyond them.
/// Throws Error for an empty window, or an edge beyond +-2^30.
template <class T>
Tensor<T> crop(const Tensor<T>& images, std::int64_t top, std::int64_t left, std::int64_t height, std::int64_t width,
               std::type_identity_t<T> fill = 0) {
  const detail::ImageSizes in = detail::check_images(images, "crop");
  constexpr std::int64_t limit = std::int64_t{1} << 30;
  if (height < 1 || width < 1 || height > limit || width > limit || std::abs(top) > limit || std::abs(left) > limit)
    detail::fail("crop",
                 "no window of " + std::to_string(height) + " x " + std::to_string(width) + " at (" +
                     std::to_string(top) + ", " + std::to_string(left) + ")",
                 "sizes are positive, and edges within +-2^30");
  return detail::map_images(images, height, width, [=](std::int64_t, const T* from, T* to) {
    detail::crop_image(in, from, to, top, left, height, width, fill);
  });
}

/// The window of height x width in the middle, from (H - height) / 2 and (W - width) / 2 on, rounded down; padded with
/// zeros where it is larger than the image. Throws Error for an empty window.
template <class T>
Tensor<T> center_crop(const Tensor<T>& images, std::int64_t height, std::int64_t width) {
  const detail::ImageSizes in = detail::check_images(images, "center_crop");
  return crop(images, (in.height - height) >> 1, (in.width - width) >> 1, height, width);
}

struct RandomCropOptions {
  std::int64_t height = 0;   ///< of the window; 0 for the image's
  std::int64_t width = 0;    ///< of the window; 0 for the image's
  std::int64_t padding = 0;  ///< pixels added on each side before the crop
  double fill = 0;           ///< value of those pixels
};

/// A window of each image, every place within the padded image equally likely. See images.hpp about `indices` and
/// `rng`. Throws Error where the window is larger than the padded image.
///
/// Source: torchvision's RandomCrop; padding 4 is the standard for 32 x 32 images (He et al., 2016).
template <class T>
Tensor<T> random_crop(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                      const RandomCropOptions& options) {
  const detail::ImageSizes in = detail::check_images(images, "random_crop");
  detail::check_sample_indices(indices, in.count, "random_crop");
  detail::check_count("random_crop", "height", options.height, 0);
  detail::check_count("random_crop", "width", options.width, 0);
  detail::check_count("random_crop", "padding", options.padding, 0);
  const std::int64_t height = options.height == 0 ? in.height : options.height;
  const std::int64_t width = options.width == 0 ? in.width : options.width;
  const std::int64_t rows = in.height + 2 * options.padding - height + 1;
  const std::int64_t columns = in.width + 2 * options.padding - width + 1;
  if (rows < 1 || columns < 1)
    detail::fail("random_crop",
                 "a window of " + std::to_string(height) + " x " + std::to_string(width) +
                     " does not fit into images " + images.shape().to_string() + " with padding " +
                     std::to_string(options.padding),
                 "make it smaller or pad more");
  const std::int64_t* index = indices.data();
  return detail::map_images(images, height, width, [&, index](std::int64_t i, const T* from, T* to) {
    Rng own = rng.split(static_cast<std::uint64_t>(index[i]));
    const std::int64_t top = own.below(rows) - options.padding, left = own.below(columns) - options.padding;
    detail::crop_image(in, from, to, top, left, height, width, static_cast<T>(options.fill));
  });
}

}  // namespace regimen
