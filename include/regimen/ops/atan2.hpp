// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>

#include "regimen/autodiff/record.hpp"
#include "regimen/cpu/vector.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"

namespace regimen {

/// The angle in (-pi, pi] of the point (x, y), with broadcasting. Derivatives: x / (x^2 + y^2) by y and
/// -y / (x^2 + y^2) by x, both 0 at the origin.
template <class T, class Device>
Tensor<T, Device> atan2(const Tensor<T, Device>& y, const Tensor<T, Device>& x) {
  const auto angle = detail::map_values("atan2", y, x, [](auto u, auto v) {
    constexpr int count = static_cast<int>(sizeof(u) / sizeof(T));
    T opposite[count], adjacent[count];
    kernel::store(opposite, u);
    kernel::store(adjacent, v);
    for (int i = 0; i < count; ++i) opposite[i] = std::atan2(opposite[i], adjacent[i]);
    return kernel::load<decltype(u)>(opposite);
  });
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
