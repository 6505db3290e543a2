// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/blur.hpp"
#include "regimen/data/augment/colour.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/data/augment/jpeg.hpp"
#include "regimen/data/distributions.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// Images [N, C, H, W] at a resolution of max(1, floor(factor H)) x max(1, floor(factor W)): each large pixel is the
/// mean of those whose centres are in it. Throws Error unless 0 < factor <= 1.
template <class T>
Tensor<T> pixelate(const Tensor<T>& images, double factor) {
  const detail::ImageSizes in = detail::check_images(images, "pixelate");
  detail::check_option(factor > 0 && factor <= 1, "pixelate", "factor", factor, "in (0, 1]");
  const auto shrink = [factor](std::int64_t size) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(factor * static_cast<double>(size)));
  };
  const std::int64_t rows = shrink(in.height), columns = shrink(in.width);
  // Large pixel u is (u s, (u + 1) s], s = size / large, where it is averaged, and [u s, (u + 1) s) where it is shown.
  const auto averaged = [](std::int64_t i, std::int64_t large, std::int64_t size) {
    return ((2 * i + 1) * large - 1) / (2 * size);
  };
  const auto shown = [](std::int64_t i, std::int64_t large, std::int64_t size) {
    return (2 * i + 1) * large / (2 * size);
  };
  return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
    for (std::int64_t c = 0; c < in.channels; ++c, from += in.pixels(), to += in.pixels()) {
      std::vector<double> sums(static_cast<std::size_t>(rows * columns), 0), counts = sums;
      for (std::int64_t y = 0; y < in.height; ++y)
        for (std::int64_t x = 0; x < in.width; ++x) {
          const auto k =
              static_cast<std::size_t>(averaged(y, rows, in.height) * columns + averaged(x, columns, in.width));
          sums[k] += static_cast<double>(from[y * in.width + x]);
          ++counts[k];
        }
      for (std::int64_t y = 0; y < in.height; ++y)
        for (std::int64_t x = 0; x < in.width; ++x) {
          const auto k = static_cast<std::size_t>(shown(y, rows, in.height) * columns + shown(x, columns, in.width));
          to[y * in.width + x] = static_cast<T>(sums[k] / counts[k]);
        }
    }
  });
}

enum class Corruption {
  gaussian_noise,  ///< x + s normal
  shot_noise,      ///< Poisson(s x) / s
  impulse_noise,   ///< an element is 0 or 1 with probability s
  gaussian_blur,   ///< gaussian_blur()
  defocus_blur,    ///< defocus_blur()
  motion_blur,     ///< motion_blur(), the direction uniform in [-45, 45) degrees
  brightness,      ///< s is added to the value of each HSV colour
  contrast,        ///< the distance from the channel's mean times s
  pixelate,        ///< pixelate()
  jpeg             ///< jpeg_quantise()
};

inline constexpr std::array<Corruption, 10> all_corruptions = {
    Corruption::gaussian_noise, Corruption::shot_noise,  Corruption::impulse_noise, Corruption::gaussian_blur,
    Corruption::defocus_blur,   Corruption::motion_blur, Corruption::brightness,    Corruption::contrast,
    Corruption::pixelate,       Corruption::jpeg};

/// Grey or RGB images of values in [0, 1], corrupted at a severity from 1 to 5, to test robustness. See images.hpp
/// about `indices` and `rng`. Throws Error for other images, values or severities.
///
///   for (const Corruption corruption : all_corruptions)
///     const auto x = corrupt(test.inputs, indices, rng, corruption, 3);
///
/// Source: Hendrycks & Dietterich (2019), Benchmarking neural network robustness to common corruptions and
/// perturbations; the strengths are those of its code for 32 x 32 images (CIFAR-10-C). For motion_blur and jpeg, whose
/// results there are another program's, see those functions.
template <class T>
Tensor<T> corrupt(const Tensor<T>& images, const Tensor<std::int64_t>& indices, const Rng& rng, Corruption corruption,
                  std::int64_t severity) {
  const detail::ImageSizes in = detail::check_colours(images, "corrupt");
  detail::check_sample_indices(indices, in.count, "corrupt");
  detail::check_option(severity >= 1 && severity <= 5, "corrupt", "severity", static_cast<double>(severity),
                       "in 1, ..., 5");
  for (const T value : images.span())
    if (!(value >= 0 && value <= 1)) detail::fail("corrupt", {"a value is ", value}, "values must be in [0, 1]");
  using Levels = std::array<double, 5>;
  const auto at = [severity](const Levels& levels) { return levels[static_cast<std::size_t>(severity - 1)]; };
  const auto draw_elements = [&](const auto& draw) {
    return detail::map_images_randomly(images, indices, rng, [&](Rng& own, const T* from, T* to) {
      for (std::int64_t k = 0; k < in.elements(); ++k)
        to[k] = static_cast<T>(std::clamp(draw(own, static_cast<double>(from[k])), 0.0, 1.0));
    });
  };
  switch (corruption) {
    case Corruption::gaussian_noise: {
      const double s = at({0.04, 0.06, 0.08, 0.09, 0.10});
      return draw_elements([s](Rng& own, double x) { return x + s * own.normal(); });
    }
    case Corruption::shot_noise: {
      const double s = at({500, 250, 100, 75, 50});
      return draw_elements([s](Rng& own, double x) { return static_cast<double>(draw_poisson(own, s * x)) / s; });
    }
    case Corruption::impulse_noise: {
      const double s = at({0.01, 0.02, 0.03, 0.05, 0.07});
      return draw_elements([s](Rng& own, double x) { return own.bernoulli(s) ? (own.bernoulli(0.5) ? 1.0 : 0.0) : x; });
    }
    case Corruption::gaussian_blur:
      return gaussian_blur(images, at({0.4, 0.6, 0.7, 0.8, 1}));
    case Corruption::defocus_blur:
      return defocus_blur(images, at({0.3, 0.4, 0.5, 1, 1.5}), at({0.4, 0.5, 0.6, 0.2, 0.1}));
    case Corruption::motion_blur: {
      const double radius = at({6, 6, 6, 8, 9}), sigma = at({1, 1.5, 2, 2, 2.5});
      return detail::map_images_randomly(images, indices, rng, [=](Rng& own, const T* from, T* to) {
        const auto taps = detail::motion_taps(radius, sigma, 90 * own.uniform() - 45);
        detail::filter_image(in, from, to, taps, detail::Border::replicate);
      });
    }
    case Corruption::brightness: {
      const T s = static_cast<T>(at({0.05, 0.1, 0.15, 0.2, 0.3}));
      return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
        const std::int64_t plane = in.pixels();
        for (std::int64_t k = 0; k < plane; ++k) {
          if (in.channels == 1) {
            to[k] = std::min<T>(from[k] + s, 1);
            continue;
          }
          detail::Hsv<T> pixel = detail::hsv_of(from[k], from[k + plane], from[k + 2 * plane]);
          pixel.value = std::min<T>(pixel.value + s, 1);
          detail::write_rgb(pixel, to + k, plane);
        }
      });
    }
    case Corruption::contrast: {
      const T s = static_cast<T>(at({0.75, 0.5, 0.4, 0.3, 0.15}));
      const detail::ImageSizes grey{in.count, 1, in.height, in.width};  // each channel with a mean of its own
      return detail::map_images(images, in.height, in.width, [=](std::int64_t, const T* from, T* to) {
        for (std::int64_t c = 0; c < in.channels; ++c)
          detail::contrast_image(grey, from + c * in.pixels(), to + c * in.pixels(), s);
      });
    }
    case Corruption::pixelate:
      return pixelate(images, at({0.95, 0.9, 0.85, 0.75, 0.65}));
    case Corruption::jpeg:
      return jpeg_quantise(images, static_cast<std::int64_t>(at({80, 65, 58, 50, 40})));
  }
  detail::fail("corrupt", {"there is no corruption ", static_cast<int>(corruption)}, "take one of all_corruptions");
}

}  // namespace regimen
