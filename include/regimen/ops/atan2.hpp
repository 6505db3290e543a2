// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"

namespace regimen {
namespace detail {

struct Atan2 {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V y, V x) const {
    return kernel::math::atan2(y, x);
  }
};

}  // namespace detail

/// The angle in (-pi, pi] of the point (x, y), with broadcasting. Derivatives: x / (x^2 + y^2) by y and
/// -y / (x^2 + y^2) by x, both 0 at the origin.
template <class T, class Device>
Tensor<T, Device> atan2(const Tensor<T, Device>& y, const Tensor<T, Device>& x) {
  const auto angle = detail::map_values("atan2", y, x, detail::Atan2{});
  if (!is_recorded(y, x)) return angle;
  return record(
      "atan2", angle,
      [y = Saved(y), x = Saved(x)](const auto& backward) {
        const Tensor<T, Device>&v = backward(y), &u = backward(x);
        const auto square = u * u + v * v;
        const auto share = backward.gradient() / (square + equal(square, T{0}));
        if (backward.needs(0)) backward.add(0, sum_to(share * u, v.shape()));
        if (backward.needs(1)) backward.add(1, -sum_to(share * v, u.shape()));
      },
      y, x);
}

}  // namespace regimen
