// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/colour.hpp"
#include "regimen/data/augment/images.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

/// Quantisation steps of the standard (ITU T.81, annex K) at a quality in [1, 100], row by row; with the scaling of the
/// Independent JPEG Group.
inline std::array<double, 64> jpeg_steps(bool luminance, std::int64_t quality) {
  constexpr std::array<int, 64> luminance_steps = {16, 11, 10, 16, 24,  40,  51,  61,   //
                                                   12, 12, 14, 19, 26,  58,  60,  55,   //
                                                   14, 13, 16, 24, 40,  57,  69,  56,   //
                                                   14, 17, 22, 29, 51,  87,  80,  62,   //
                                                   18, 22, 37, 56, 68,  109, 103, 77,   //
                                                   24, 35, 55, 64, 81,  104, 113, 92,   //
                                                   49, 64, 78, 87, 103, 121, 120, 101,  //
                                                   72, 92, 95, 98, 112, 100, 103, 99};
  constexpr std::array<int, 64> chrominance_steps = {17, 18, 24, 47, 99, 99, 99, 99,  //
                                                     18, 21, 26, 66, 99, 99, 99, 99,  //
                                                     24, 26, 56, 99, 99, 99, 99, 99,  //
                                                     47, 66, 99, 99, 99, 99, 99, 99,  //
                                                     99, 99, 99, 99, 99, 99, 99, 99,  //
                                                     99, 99, 99, 99, 99, 99, 99, 99,  //
                                                     99, 99, 99, 99, 99, 99, 99, 99,  //
                                                     99, 99, 99, 99, 99, 99, 99, 99};
  const std::int64_t scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  std::array<double, 64> steps;
  for (std::size_t k = 0; k < 64; ++k) {
    const int base = luminance ? luminance_steps[k] : chrominance_steps[k];
    steps[k] = static_cast<double>(std::clamp<std::int64_t>((base * scale + 50) / 100, 1, 255));
  }
  return steps;
}

/// The 8 x 8 matrix of the orthonormal cosine transform, a row a frequency.
inline std::array<double, 64> cosine_matrix() {
  std::array<double, 64> matrix;
  for (int k = 0; k < 8; ++k)
    for (int n = 0; n < 8; ++n)
      matrix[static_cast<std::size_t>(8 * k + n)] =
          k == 0 ? std::sqrt(0.125) : 0.5 * std::cos(3.14159265358979323846 * (2 * n + 1) * k / 16);
  return matrix;
}

/// block <- round(C block C^T / steps) steps, transformed back.
inline void quantise_block(const std::array<double, 64>& matrix, const std::array<double, 64>& steps, double* block) {
  double half[64];
  // Two passes: out = m x, transposed, twice over is m x m^T; with `back`, m^T x m.
  const auto pass = [&](const double* in, double* out, bool back) {
    for (int i = 0; i < 8; ++i)
      for (int j = 0; j < 8; ++j) {
        double sum = 0;
        for (int k = 0; k < 8; ++k)
          sum += matrix[static_cast<std::size_t>(back ? 8 * k + i : 8 * i + k)] * in[8 * k + j];
        out[8 * j + i] = sum;
      }
  };
  pass(block, half, false);
  pass(half, block, false);
  for (std::size_t k = 0; k < 64; ++k) block[k] = std::nearbyint(block[k] / steps[k]) * steps[k];
  pass(block, half, true);
  pass(half, block, true);
}

/// One plane [H, W] of values in [0, 255], block by block; blocks that reach beyond it repeat its last row and column.
inline void quantise_plane(const ImageSizes& in, double* plane, const std::array<double, 64>& steps) {
  const auto matrix = cosine_matrix();
  for (std::int64_t top = 0; top < in.height; top += 8)
    for (std::int64_t left = 0; left < in.width; left += 8) {
      double block[64];
      for (std::int64_t k = 0; k < 64; ++k)
        block[k] = plane[std::min(top + k / 8, in.height - 1) * in.width + std::min(left + k % 8, in.width - 1)] - 128;
      quantise_block(matrix, steps, block);
      for (std::int64_t k = 0; k < 64; ++k)
        if (top + k / 8 < in.height && left + k % 8 < in.width)
          plane[(top + k / 8) * in.width + left + k % 8] = block[k] + 128;
    }
}

}  // namespace detail

/// Grey or RGB images of values in [0, 1] with the losses of JPEG at a quality from 1 (worst) to 100: the cosine
/// transform of 8 x 8 blocks, of Y, Cb and Cr, quantised with the standard's tables. Unlike a file, whose colours most
/// encoders also store at half the resolution, and whose pixels are whole numbers. Throws Error for other images or
/// qualities.
template <class T>
Tensor<T> jpeg_quantise(const Tensor<T>& images, std::int64_t quality) {
  const detail::ImageSizes in = detail::check_colours(images, "jpeg_quantise");
  detail::check_option(quality >= 1 && quality <= 100, "jpeg_quantise", "quality", static_cast<double>(quality),
                       "in 1, ..., 100");
  const auto luminance = detail::jpeg_steps(true, quality), chrominance = detail::jpeg_steps(false, quality);
  return detail::map_images(images, in.height, in.width, [&](std::int64_t, const T* from, T* to) {
    const std::int64_t plane = in.pixels();
    std::vector<double> x(static_cast<std::size_t>(in.elements()));
    for (std::int64_t k = 0; k < in.elements(); ++k)
      x[static_cast<std::size_t>(k)] = 255 * static_cast<double>(from[k]);
    double *a = x.data(), *b = a + plane, *c = b + plane;
    if (in.channels == 3)
      for (std::int64_t k = 0; k < plane; ++k) {
        const double luma = 0.299 * a[k] + 0.587 * b[k] + 0.114 * c[k];
        const double red = a[k], blue = c[k];
        a[k] = luma;
        b[k] = 128 + (blue - luma) / 1.772;
        c[k] = 128 + (red - luma) / 1.402;
      }
    for (std::int64_t channel = 0; channel < in.channels; ++channel)
      detail::quantise_plane(in, a + channel * plane, channel == 0 ? luminance : chrominance);
    if (in.channels == 3)
      for (std::int64_t k = 0; k < plane; ++k) {
        const double luma = a[k], blue = luma + 1.772 * (b[k] - 128), red = luma + 1.402 * (c[k] - 128);
        a[k] = red;
        b[k] = (luma - 0.299 * red - 0.114 * blue) / 0.587;
        c[k] = blue;
      }
    for (std::int64_t k = 0; k < in.elements(); ++k)
      to[k] = static_cast<T>(std::clamp(x[static_cast<std::size_t>(k)] / 255, 0.0, 1.0));
  });
}

}  // namespace regimen
