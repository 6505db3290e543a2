// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

/// One image turned about its centre; bilinear, with `fill` as the value of every pixel outside it.
template <class T>
void rotate_image(const ImageSizes& in, const T* from, T* to, double degrees, T fill) {
  const double angle = degrees * (3.14159265358979323846 / 180), cosine = std::cos(angle), sine = std::sin(angle);
  const double middle_x = 0.5 * static_cast<double>(in.width - 1), middle_y = 0.5 * static_cast<double>(in.height - 1);
  for (std::int64_t y = 0; y < in.height; ++y)
    for (std::int64_t x = 0; x < in.width; ++x) {
      const double dx = static_cast<double>(x) - middle_x, dy = static_cast<double>(y) - middle_y;
      const double source_x = middle_x + cosine * dx - sine * dy, source_y = middle_y + sine * dx + cosine * dy;
      const double floor_x = std::floor(source_x), floor_y = std::floor(source_y);
      const auto left = static_cast<std::int64_t>(floor_x), top = static_cast<std::int64_t>(floor_y);
      const T wx = static_cast<T>(source_x - floor_x), wy = static_cast<T>(source_y - floor_y);
      const T weights[4] = {(1 - wx) * (1 - wy), wx * (1 - wy), (1 - wx) * wy, wx * wy};
      for (std::int64_t c = 0; c < in.channels; ++c) {
        T sum = 0;
        for (int corner = 0; corner < 4; ++corner) {
          const std::int64_t column = left + corner % 2, row = top + corner / 2;
          const bool inside = row >= 0 && row < in.height && column >= 0 && column < in.width;
          if (weights[corner] != 0)
            sum += weights[corner] * (inside ? from[(c * in.height + row) * in.width + column] : fill);
        }
        to[(c * in.height + y) * in.width + x] = sum;
      }
    }
}

}  // namespace detail

/// Images [N, C, H, W] turned counter-clockwise about their centre, bilinear; what comes from outside is `fill`. Throws
/// Error for an angle that is not finite.
///
/// Source: as torchvision's rotate with InterpolationMode.BILINEAR, of images of the same size.
template <class T>
Tensor<T> rotate(const Tensor<T>& images, double degrees, std::type_identity_t<T> fill = 0) {
  const detail::ImageSizes in = detail::check_images(images, "rotate");
  detail::check_finite("rotate", "degrees", degrees);
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    detail::rotate_image(in, from, to, degrees, fill);
  });
}

struct RandomRotationOptions {
  double degrees = 15;  ///< angles are uniform in [-degrees, degrees)
  double fill = 0;      ///< value of the pixels from outside
};

/// rotate() of each image by an angle of its own. See images.hpp about `indices` and `rng`. Throws Error unless degrees
/// is finite and not negative.
template <class T>
Tensor<T> random_rotation(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                          const RandomRotationOptions& options = {}) {
  const detail::ImageSizes in = detail::check_images(images, "random_rotation");
  detail::check_sample_indices(indices, in.count, "random_rotation");
  detail::check_not_negative("random_rotation", "degrees", options.degrees);
  return detail::map_images_randomly(images, indices, rng, [=](Rng& own, const T* from, T* to) {
    detail::rotate_image(in, from, to, options.degrees * (2 * own.uniform() - 1), static_cast<T>(options.fill));
  });
}

}  // namespace regimen
