// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/special.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/unary.hpp"

/// Special functions of each element, differentiable to any order; erf, log1p, softplus and sigmoid are in unary.hpp.
namespace regimen {
namespace detail {

struct Erfc {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return kernel::math::erfc(v);
  }
};

struct Expm1 {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return kernel::math::expm1(v);
  }
};

template <class T>
struct Polygamma {
  int n;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return kernel::math::each(v,
                              [order = n](T u) { return static_cast<T>(kernel::math::polygamma(order, double{u})); });
  }
};

template <class T>
struct LogGamma {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return kernel::math::each(v, [](T u) { return static_cast<T>(kernel::math::log_gamma(double{u})); });
  }
};

}  // namespace detail

/// 1 - erf(x), exact in the tail, where 1 - erf(x) would be 0.
template <class T, class Device>
Tensor<T, Device> erfc(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, detail::Erfc{});
  if (!is_recorded(x)) return y;
  return record(
      "erfc", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, backward.gradient() * exp(-square(backward(x))) * T(-1.1283791670955125739));
      },
      x);
}

/// e^x - 1, exact for small x.
template <class T, class Device>
Tensor<T, Device> expm1(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, detail::Expm1{});
  if (!is_recorded(x)) return y;
  return record(
      "expm1", y, [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() * exp(backward(x))); }, x);
}

/// log(1 / (1 + exp(-x))), where sigmoid(x) would be 0 or 1.
template <class T, class Device>
Tensor<T, Device> logsigmoid(const Tensor<T, Device>& x) {
  return -softplus(-x);
}

/// exp(-x) / sum exp(-x) along an axis, of x's shape: the softmax of -x.
template <class T, class Device>
Tensor<T, Device> softmin(const Tensor<T, Device>& x, int axis = -1) {
  return softmax(-x, axis);
}

/// psi_n(x), the derivative of order n + 1 of lgamma(x). Infinite at 0, NaN at -1, -2, ... Throws Error unless
/// 0 <= n <= 20, which also limits the order of its derivatives.
template <class T, class Device>
Tensor<T, Device> polygamma(int n, const Tensor<T, Device>& x) {
  if (n < 0 || n > kernel::math::max_polygamma)
    detail::fail("polygamma", {"n is ", n}, {"it is from 0 to ", kernel::math::max_polygamma});
  const auto y = detail::map_values(x, detail::Polygamma<T>{n});
  if (!is_recorded(x)) return y;
  return record(
      "polygamma", y,
      [n, x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() * polygamma(n + 1, backward(x))); },
      x);
}

/// The derivative of lgamma(x): psi_0(x).
template <class T, class Device>
Tensor<T, Device> digamma(const Tensor<T, Device>& x) {
  return polygamma(0, x);
}

/// log |Gamma(x)|, so that log k! = lgamma(k + 1); infinite at 0, -1, -2, ...
template <class T, class Device>
Tensor<T, Device> lgamma(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, detail::LogGamma<T>{});
  if (!is_recorded(x)) return y;
  return record(
      "lgamma", y,
      [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() * digamma(backward(x))); }, x);
}

}  // namespace regimen
