// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/config.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {
namespace detail {

struct Pow {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V base, V exponent) const {
    return kernel::math::pow(base, exponent);
  }
};

}  // namespace detail

/// a^b, with broadcasting. Derivatives: b a^(b-1) by a, a^b log a by b, the latter 0 where a = 0 and b > 0. For a fixed
/// exponent, pow(x, number) is quicker and also takes x < 0 at integer exponents of any order of derivative.
template <class T, class Device>
Tensor<T, Device> pow(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("pow", a, b, detail::Pow{});
  if (!is_recorded(a, b)) return y;
  return record(
      "pow", y,
      [a = Saved(a), b = Saved(b), y = Saved(b.requires_grad(), y)](const auto& backward) {
        const Tensor<T, Device>&u = backward(a), &v = backward(b), &g = backward.gradient();
        if (backward.needs(0)) {
          // b = 0 has derivative 0, also at a = 0, where a^-1 is not finite.
          const auto none = equal(v, T{0});
          backward.add(0, sum_to(g * v * pow(u, v - (T{1} - none)), u.shape()));
        }
        if (backward.needs(1)) {
          const auto zero = equal(u, T{0});
          backward.add(1, sum_to(g * (backward.output(y) * log(u + zero)), v.shape()));
        }
      },
      a, b);
}

}  // namespace regimen
