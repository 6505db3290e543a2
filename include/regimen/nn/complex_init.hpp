// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>

#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/ops/complex.hpp"

/// First values of complex weights (Trabelsi et al. 2018, Deep complex networks, section 3.6): |w| has a Rayleigh
/// distribution with parameter sigma and the angle is uniform, so that the parts are independent and normal with
/// standard deviation sigma, and E |w|^2 = 2 sigma^2. Throw Error for a rank below 2.
namespace regimen::init {

/// sigma = 1 / sqrt(fan in), which keeps the variance through layers that zero half of the values.
template <class T = float>
ComplexTensor<T> complex_kaiming(const Shape& shape, Rng& rng) {
  return {kaiming_normal<T>(shape, rng, {.gain = 1}), kaiming_normal<T>(shape, rng, {.gain = 1})};
}

/// sigma = 1 / sqrt(fan in + fan out), which keeps it through linear layers, forward and backward as well as it can.
template <class T = float>
ComplexTensor<T> complex_xavier(const Shape& shape, Rng& rng) {
  const double gain = std::sqrt(0.5);
  return {xavier_normal<T>(shape, rng, {.gain = gain}), xavier_normal<T>(shape, rng, {.gain = gain})};
}

}  // namespace regimen::init
