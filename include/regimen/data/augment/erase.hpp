// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct RandomErasingOptions {
  double p = 0.5;               ///< probability that an image is erased
  double min_area = 0.02;       ///< smallest share of the image
  double max_area = 0.33;       ///< largest share of the image
  double min_aspect = 0.3;      ///< smallest height / width
  double max_aspect = 1 / 0.3;  ///< largest height / width
  double fill = 0;              ///< value of the erased pixels
  bool random_fill = false;     ///< erase with numbers uniform in [0, 1) instead, another for each element
};

/// Random erasing: overwrites a rectangle of each image with probability p.
///
/// The rectangle's area is uniform between the limits, its aspect log-uniform, and its place uniform; one that does not
/// fit is drawn again, ten times at most, and then the image stays as it is. See images.hpp about `indices` and `rng`.
/// Throws Error unless 0 <= p <= 1, 0 < min_area <= max_area <= 1 and 0 < min_aspect <= max_aspect.
///
/// Source: Zhong et al. (2020), Random erasing data augmentation; the ten draws and the log-uniform aspect are
/// torchvision's RandomErasing.
template <class T>
Tensor<T> random_erasing(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng,
                         const RandomErasingOptions& options = {}) {
  const detail::ImageSizes in = detail::check_images(images, "random_erasing");
  detail::check_sample_indices(indices, in.count, "random_erasing");
  detail::check_fraction("random_erasing", "p", options.p);
  detail::check_option(options.min_area > 0 && options.min_area <= options.max_area, "random_erasing", "min_area",
                       options.min_area, "positive and at most max_area");
  detail::check_fraction("random_erasing", "max_area", options.max_area);
  detail::check_option(options.min_aspect > 0 && options.min_aspect <= options.max_aspect, "random_erasing",
                       "min_aspect", options.min_aspect, "positive and at most max_aspect");
  detail::check_positive("random_erasing", "max_aspect", options.max_aspect);
  return detail::map_images_randomly(images, indices, rng, [=](Rng& own, const T* from, T* to) {
    std::copy(from, from + in.elements(), to);
    if (!own.bernoulli(options.p)) return;
    for (int attempt = 0; attempt < 10; ++attempt) {
      const double area =
          static_cast<double>(in.pixels()) * (options.min_area + own.uniform() * (options.max_area - options.min_area));
      const double low = std::log(options.min_aspect), high = std::log(options.max_aspect);
      const double aspect = std::exp(low + own.uniform() * (high - low));
      const double rows = std::round(std::sqrt(area * aspect)), columns = std::round(std::sqrt(area / aspect));
      if (!(rows >= 1 && columns >= 1 && rows <= static_cast<double>(in.height) &&
            columns <= static_cast<double>(in.width)))
        continue;
      const auto height = static_cast<std::int64_t>(rows), width = static_cast<std::int64_t>(columns);
      const std::int64_t top = own.below(in.height - height + 1), left = own.below(in.width - width + 1);
      for (std::int64_t c = 0; c < in.channels; ++c)
        for (std::int64_t y = top; y < top + height; ++y)
          for (std::int64_t x = left; x < left + width; ++x)
            to[(c * in.height + y) * in.width + x] = static_cast<T>(options.random_fill ? own.uniform() : options.fill);
      return;
    }
  });
}

}  // namespace regimen
