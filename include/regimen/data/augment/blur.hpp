// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

/// One pixel of a filter: its place from the centre, and its weight.
struct Tap {
  std::int64_t y, x;
  double weight;
};

enum class Border {
  replicate,  // the pixel at the edge
  reflect     // mirrored at the edge pixel: d c b | a b c d
};

inline std::int64_t inside(std::int64_t place, std::int64_t size, Border border) {
  if (border == Border::replicate || size == 1) return std::clamp<std::int64_t>(place, 0, size - 1);
  const std::int64_t period = 2 * (size - 1), wrapped = ((place % period) + period) % period;
  return std::min(wrapped, period - wrapped);
}

/// to[y, x] = sum over the taps of weight from[y + tap.y, x + tap.x], for each channel.
template <class T>
void filter_image(const ImageSizes& in, const T* from, T* to, const std::vector<Tap>& taps, Border border) {
  for (std::int64_t c = 0; c < in.channels; ++c, from += in.pixels(), to += in.pixels())
    for (std::int64_t y = 0; y < in.height; ++y)
      for (std::int64_t x = 0; x < in.width; ++x) {
        double sum = 0;
        for (const Tap& tap : taps)
          sum += tap.weight *
                 static_cast<double>(
                     from[inside(y + tap.y, in.height, border) * in.width + inside(x + tap.x, in.width, border)]);
        to[y * in.width + x] = static_cast<T>(sum);
      }
}

/// exp(-k^2 / (2 sigma^2)) for k = first, ..., last, divided by its sum.
inline std::vector<double> gaussian_weights(double sigma, std::int64_t first, std::int64_t last) {
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t k = first; k <= last; ++k) {
    const double z = static_cast<double>(k) / sigma;
    weights.push_back(std::exp(-0.5 * z * z));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// The taps of a disc of the given radius that is smoothed by a Gaussian of 3 x 3 pixels.
inline std::vector<Tap> defocus_taps(double radius, double sigma) {
  const auto reach = static_cast<std::int64_t>(radius) + 1, width = 2 * reach + 1;
  const auto smooth = gaussian_weights(sigma, -1, 1);
  std::vector<double> weights(static_cast<std::size_t>(width * width), 0);
  double disc = 0;
  for (std::int64_t y = 1 - reach; y < reach; ++y)
    for (std::int64_t x = 1 - reach; x < reach; ++x) {
      if (static_cast<double>(y * y + x * x) > radius * radius) continue;
      ++disc;
      for (std::int64_t i = 0; i < 3; ++i)
        for (std::int64_t j = 0; j < 3; ++j)
          weights[static_cast<std::size_t>((y + reach + i - 1) * width + x + reach + j - 1)] +=
              smooth[static_cast<std::size_t>(i)] * smooth[static_cast<std::size_t>(j)];
    }
  std::vector<Tap> taps;
  for (std::int64_t k = 0; k < width * width; ++k) {
    const double weight = weights[static_cast<std::size_t>(k)];
    if (weight > 0) taps.push_back({k / width - reach, k % width - reach, weight / disc});
  }
  return taps;
}

/// The taps of a half Gaussian of 2 ceil(radius) + 1 pixels along a line, each at the nearest pixel of the line.
inline std::vector<Tap> motion_taps(double radius, double sigma, double degrees) {
  const double angle = degrees * (3.14159265358979323846 / 180);
  const auto last = 2 * static_cast<std::int64_t>(std::ceil(radius));
  const auto weights = gaussian_weights(sigma, 0, last);
  std::vector<Tap> taps;
  for (std::int64_t k = 0; k <= last; ++k) {
    const auto along = static_cast<double>(k);
    taps.push_back({static_cast<std::int64_t>(std::lround(along * std::sin(angle))),
                    static_cast<std::int64_t>(std::lround(along * std::cos(angle))),
                    weights[static_cast<std::size_t>(k)]});
  }
  return taps;
}

}  // namespace detail

/// Images [N, C, H, W] convolved with a Gaussian, which is cut at round(4 sigma) pixels and of sum 1; beyond an edge
/// its pixel goes on. Throws Error unless 0 < sigma <= 1000.
///
/// Source: the definition and the cut are those of scikit-image's gaussian() and SciPy's gaussian_filter().
template <class T>
Tensor<T> gaussian_blur(const Tensor<T>& images, double sigma) {
  const detail::ImageSizes in = detail::check_images(images, "gaussian_blur");
  detail::check_option(sigma > 0 && sigma <= 1000, "gaussian_blur", "sigma", sigma, "in (0, 1000]");
  const auto reach = static_cast<std::int64_t>(4 * sigma + 0.5);
  const auto weights = detail::gaussian_weights(sigma, -reach, reach);
  std::vector<detail::Tap> down, across;
  for (std::int64_t k = -reach; k <= reach; ++k) {
    const double weight = weights[static_cast<std::size_t>(k + reach)];
    down.push_back({k, 0, weight});
    across.push_back({0, k, weight});
  }
  return detail::map_images(images, in.height, in.width, [&](std::int64_t, const T* from, T* to) {
    std::vector<T> half(static_cast<std::size_t>(in.elements()));
    detail::filter_image(in, from, half.data(), down, detail::Border::replicate);
    detail::filter_image(in, half.data(), to, across, detail::Border::replicate);
  });
}

/// Images [N, C, H, W] seen out of focus: convolved with a disc, of the pixels within `radius` of its centre, which is
/// itself smoothed by a Gaussian of 3 x 3 pixels; mirrored at the edges. Throws Error unless 0 <= radius <= 100 and
/// sigma is positive.
///
/// Source: Hendrycks & Dietterich (2019), Benchmarking neural network robustness, for radii up to 8.
template <class T>
Tensor<T> defocus_blur(const Tensor<T>& images, double radius, double sigma) {
  const detail::ImageSizes in = detail::check_images(images, "defocus_blur");
  detail::check_option(radius >= 0 && radius <= 100, "defocus_blur", "radius", radius, "in [0, 100]");
  detail::check_positive("defocus_blur", "sigma", sigma);
  const auto taps = detail::defocus_taps(radius, sigma);
  return detail::map_images(images, in.height, in.width, [&](std::int64_t, const T* from, T* to) {
    detail::filter_image(in, from, to, taps, detail::Border::reflect);
  });
}

/// Images [N, C, H, W] smeared along a line: pixel p is sum_k w_k x[p + k (cos, sin)(degrees)], k = 0, ...,
/// 2 ceil(radius), w a half Gaussian of sum 1, at the nearest pixels (x to the right, y down); beyond an edge its pixel
/// goes on. Throws Error unless 0 <= radius <= 1000, sigma is positive and degrees finite.
///
/// Source: after ImageMagick's motion blur, which the corruptions of Hendrycks & Dietterich (2019) use.
template <class T>
Tensor<T> motion_blur(const Tensor<T>& images, double radius, double sigma, double degrees) {
  const detail::ImageSizes in = detail::check_images(images, "motion_blur");
  detail::check_option(radius >= 0 && radius <= 1000, "motion_blur", "radius", radius, "in [0, 1000]");
  detail::check_positive("motion_blur", "sigma", sigma);
  detail::check_finite("motion_blur", "degrees", degrees);
  const auto taps = detail::motion_taps(radius, sigma, degrees);
  return detail::map_images(images, in.height, in.width, [&](std::int64_t, const T* from, T* to) {
    detail::filter_image(in, from, to, taps, detail::Border::replicate);
  });
}

}  // namespace regimen
