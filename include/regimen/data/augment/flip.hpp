// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

template <class T>
void flip_image(const ImageSizes& in, const T* from, T* to, bool horizontal) {
  for (std::int64_t c = 0; c < in.channels; ++c)
    for (std::int64_t y = 0; y < in.height; ++y, to += in.width) {
      const T* line = from + (c * in.height + (horizontal ? y : in.height - 1 - y)) * in.width;
      if (horizontal)
        std::reverse_copy(line, line + in.width, to);
      else
        std::copy(line, line + in.width, to);
    }
}

template <class T>
Tensor<T> flip_images(const Tensor<T>& images, bool horizontal, const char* operation) {
  const ImageSizes in = check_images(images, operation);
  return map_images(images, in.height, in.width,
                    [=](std::int64_t, const T* from, T* to) { flip_image(in, from, to, horizontal); });
}

template <class T>
Tensor<T> flip_images_randomly(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng, double p,
                               bool horizontal, const char* operation) {
  const ImageSizes in = check_images(images, operation);
  check_sample_indices(indices, in.count, operation);
  check_fraction(operation, "p", p);
  return map_images_randomly(images, indices, rng, [=](Rng& own, const T* from, T* to) {
    if (own.bernoulli(p))
      flip_image(in, from, to, horizontal);
    else
      std::copy(from, from + in.elements(), to);
  });
}

}  // namespace detail

/// Images [N, C, H, W] with left and right exchanged.
template <class T>
Tensor<T> horizontal_flip(const Tensor<T>& images) {
  return detail::flip_images(images, true, "horizontal_flip");
}

/// Images [N, C, H, W] with top and bottom exchanged.
template <class T>
Tensor<T> vertical_flip(const Tensor<T>& images) {
  return detail::flip_images(images, false, "vertical_flip");
}

/// horizontal_flip of each image with probability p. See images.hpp about `indices` and `rng`. Throws Error unless
/// 0 <= p <= 1.
template <class T>
Tensor<T> random_horizontal_flip(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                                 double p = 0.5) {
  return detail::flip_images_randomly(images, indices, rng, p, true, "random_horizontal_flip");
}

/// vertical_flip of each image with probability p, as random_horizontal_flip.
template <class T>
Tensor<T> random_vertical_flip(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                               double p = 0.5) {
  return detail::flip_images_randomly(images, indices, rng, p, false, "random_vertical_flip");
}

}  // namespace regimen
