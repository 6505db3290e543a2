// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

struct RotaryOptions {
  double base = 10000;              ///< pair i of d / 2 turns by base^(-2 i / d) radians a position
  bool interleaved = false;         ///< pairs are elements 2 i and 2 i + 1 (RoFormer), else i and i + d / 2 (GPT-NeoX)
  std::int64_t first_position = 0;  ///< of the first row
};

/// Rotary position embedding: each row of x [..., T, d], d even, with its pairs of elements turned by an angle that
/// grows with the row's position, so that products of two rows depend on the distance of their positions alone:
///
///   (a, b) -> (a cos t - b sin t, b cos t + a sin t),  t = position base^(-2 i / d)
///
/// For queries and keys of attention. Throws Error where d is odd. Source: Su et al. (2021), RoFormer.
template <class T, class Device>
Tensor<T, Device> rotary(const Tensor<T, Device>& x, const RotaryOptions& options = {}) {
  if (x.rank() < 2 || x.size(-1) % 2 != 0)
    detail::fail("rotary", {"x is ", x.shape()}, "it is [..., T, d] with an even d");
  if (!(options.base > 0))
    detail::fail("rotary", {"base is ", options.base, " for x of shape ", x.shape()}, "it must be positive");
  const std::int64_t rows = x.size(-2), half = x.size(-1) / 2;
  const auto cosine = Tensor<T, Device>::empty({rows, half}), sine = Tensor<T, Device>::empty({rows, half});
  T *const c = cosine.mutable_data(), *const s = sine.mutable_data();
  for (std::int64_t i = 0; i < half; ++i) {
    const double speed = std::pow(options.base, -static_cast<double>(i) / static_cast<double>(half));
    for (std::int64_t t = 0; t < rows; ++t) {
      const double angle = static_cast<double>(options.first_position + t) * speed;
      c[t * half + i] = static_cast<T>(std::cos(angle));
      s[t * half + i] = static_cast<T>(std::sin(angle));
    }
  }
  if (options.interleaved) {
    const auto pairs = reshape(x, x.shape().with(-1, half).append(2));
    const auto a = select(pairs, -1, 0), b = select(pairs, -1, 1);
    return reshape(stack({a * cosine - b * sine, b * cosine + a * sine}, -1), x.shape());
  }
  const auto a = slice(x, -1, 0, half), b = slice(x, -1, half, 2 * half);
  return concat({a * cosine - b * sine, b * cosine + a * sine}, -1);
}

}  // namespace regimen
