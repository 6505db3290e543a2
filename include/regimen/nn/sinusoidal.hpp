// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct SinusoidalOptions {
  double base = 10000;  ///< the slowest frequencies are near 1 / base radians a step
};

/// Positions or timesteps t [...] as waves of width / 2 frequencies, [..., width]:
///
///   y = (sin(t w_0), sin(t w_1), ..., cos(t w_0), cos(t w_1), ...),  w_i = base^(-2 i / width)
///
/// t need not be whole, and has a gradient. Source: Vaswani et al. (2017), section 3.5, whose sines and cosines
/// alternate. Throws Error for a width that is not even and positive, or a base that is not positive and finite.
template <class T, class Device>
Tensor<T, Device> sinusoidal(const Tensor<T, Device>& t, std::int64_t width, const SinusoidalOptions& options = {}) {
  if (width < 2 || width % 2 != 0)
    detail::fail("sinusoidal", {"width is ", width, " for t of shape ", t.shape()}, "it must be even and positive");
  if (!(options.base > 0 && options.base <= std::numeric_limits<double>::max()))
    detail::fail("sinusoidal", {"base is ", options.base}, "it must be positive and finite");
  const auto frequencies = Tensor<T, Device>::empty({width / 2});
  T* const w = frequencies.mutable_data();
  for (std::int64_t i = 0; i < width / 2; ++i)
    w[i] = static_cast<T>(std::pow(options.base, -2 * static_cast<double>(i) / static_cast<double>(width)));
  const auto angles = unsqueeze(t, -1) * frequencies;
  return concat({sin(angles), cos(angles)}, -1);
}

}  // namespace regimen
