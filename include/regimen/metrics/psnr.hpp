// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

struct PsnrOptions {
  double range = 1;  ///< > 0: the largest value less the smallest that an image can have, as 255 for bytes
};

/// The peak signal-to-noise ratio 10 log10(range^2 / mean((x - y)^2)) in dB, over all elements of two tensors of one
/// shape; infinite where they are equal. Throws Error where the shapes differ, for no elements, and for elements that
/// are not finite.
template <class T, class Device>
double psnr(const Tensor<T, Device>& x, const Tensor<T, Device>& y, const PsnrOptions& options = {}) {
  if (!(x.shape() == y.shape()) || x.size() == 0)
    detail::fail("psnr", {"x is ", x.shape(), " and y ", y.shape()}, "shapes must agree, with at least one element");
  if (!(options.range > 0 && std::isfinite(options.range)))
    detail::fail("psnr", {"range is ", options.range}, "it must be positive and finite");
  detail::check_all_finite("psnr", "elements of x", x);
  detail::check_all_finite("psnr", "elements of y", y);
  double squares = 0;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const double d = static_cast<double>(x.data()[i]) - static_cast<double>(y.data()[i]);
    squares += d * d;
  }
  return 20 * std::log10(options.range) - 10 * std::log10(squares / static_cast<double>(x.size()));
}

}  // namespace regimen
