// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/rms_norm.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// Root-mean-square normalisation over the innermost axis of x[..., n] (Zhang & Sennrich 2019):
///
///   y = x / sqrt(mean(x^2) + epsilon) gamma
///
/// gamma has shape [n]; an undefined one is 1. The gradient needs x, gamma and a number a row. Throws Error for a
/// scalar, or a gamma of another shape.
template <class T, class Device>
Tensor<T, Device> rms_norm(const Tensor<T, Device>& x, const std::type_identity_t<Tensor<T, Device>>& gamma = {},
                           double epsilon = 1e-6) {
  if (x.rank() == 0) detail::fail("rms_norm", {"x is ", x.shape()}, "it needs an axis to normalise");
  const std::int64_t m = x.shape().sub(0, x.rank() - 1).size(), n = x.size(-1);
  detail::check_affine("rms_norm", "gamma", gamma, {n}, x.shape());
  if (!(epsilon >= 0)) detail::fail("rms_norm", {"epsilon is ", epsilon}, "it must be >= 0");

  using Value = Tensor<T, Device>;
  const auto y = Value::empty(x.shape()), rstd = Value::empty({m});
  kernel::rms_norm(Device{}, m, n, x.data(), detail::data_or_null(gamma), static_cast<T>(epsilon), y.mutable_data(),
                   rstd.mutable_data());
  if (!is_recorded(x, gamma)) return y;
  return record(
      "rms_norm", y,
      [=, x = Saved(x), scaled = gamma.defined(), gamma = Saved(gamma.defined(), gamma)](const auto& backward) {
        const Value &values = backward(x), &g = backward.gradient();
        const Value factors = scaled ? backward(gamma) : Value{};
        if (is_recorded(values, factors, g)) {
          const auto average = [n](const Value& v) {
            return sum(v, -1, {.keepdim = true}) * (T{1} / static_cast<T>(n));
          };
          const auto scale = T{1} / sqrt(average(values * values) + static_cast<T>(epsilon));
          const auto h = values * scale, u = scaled ? g * factors : g;
          if (backward.needs(0)) backward.add(0, scale * (u - h * average(u * h)));
          if (backward.needs(1)) backward.add(1, sum_to(g * h, Shape{n}));
          return;
        }
        const auto dx = backward.needs(0) ? Value::empty(values.shape()) : Value{};
        const auto dgamma = backward.needs(1) ? Value::empty({n}) : Value{};
        kernel::rms_norm_backward(Device{}, m, n, values.data(), detail::data_or_null(factors), rstd.data(), g.data(),
                                  dx.defined() ? dx.mutable_data() : nullptr,
                                  dgamma.defined() ? dgamma.mutable_data() : nullptr);
        if (dx.defined()) backward.add(0, dx);
        if (dgamma.defined()) backward.add(1, dgamma);
      },
      x, gamma);
}

}  // namespace regimen
