// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/cpu/round.hpp"
#include "regimen/ops/unary.hpp"

/// Straight-through estimators: a step function's value with the gradient of something smooth.
///
/// Source: Bengio, Leonard & Courville (2013), Estimating or propagating gradients through stochastic neurons.
namespace regimen {

/// The values of hard, to the bit, with the gradient of soft: dL/dsoft = dL/dy, and nothing reaches hard.
/// (soft + (hard - soft).detach(), the usual form, rounds.) Throws Error where the shapes differ.
template <class T, class Device>
Tensor<T, Device> straight_through(const Tensor<T, Device>& hard, const Tensor<T, Device>& soft) {
  if (!(hard.shape() == soft.shape()))
    detail::fail("straight_through", {"hard is ", hard.shape(), " and soft is ", soft.shape()}, "shapes must agree");
  const auto y = hard.detach();
  if (!is_recorded(soft)) return y;
  return record(
      "straight_through", y, [](const auto& backward) { backward.add(0, backward.gradient()); }, soft);
}

/// x rounded to the nearest integer, halves to the even one, with the gradient of x.
template <class T, class Device>
Tensor<T, Device> round_ste(const Tensor<T, Device>& x) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::round(Device{}, x.size(), x.data(), y.mutable_data());
  return straight_through(y, x);
}

namespace detail {

template <class T>
struct SignSte {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    using functor::all_lanes;
    return v >= V{} ? all_lanes(v, T{1}) : v < V{} ? all_lanes(v, T{-1}) : v;
  }
};

template <class T>
struct SignSteGate {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V g, V v) const {
    return kernel::math::abs(v) <= functor::all_lanes(v, T{1}) ? g : V{};
  }
};

}  // namespace detail

/// 1 where x >= 0, else -1 (NaN where x is), with the gradient of x where |x| <= 1, else 0.
///
/// Source: Hubara et al. (2016), Binarized neural networks.
template <class T, class Device>
Tensor<T, Device> sign_ste(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, detail::SignSte<T>{});
  if (!is_recorded(x)) return y;
  return record(
      "sign_ste", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, detail::gated("sign_ste", backward.gradient(), backward(x), detail::SignSteGate<T>{}));
      },
      x);
}

}  // namespace regimen
