// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen {
namespace detail {

/// y = x scale where mask is not 0, else 0; also its own gradient.
template <class T, class Device>
Tensor<T, Device> masked(const Tensor<T, Device>& x, const Tensor<std::uint8_t, Device>& mask, T scale) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  const T* from = x.data();
  const std::uint8_t* keep = mask.data();
  T* to = y.mutable_data();
  parallel_for(x.size(), kernel::elementwise_grain, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) to[i] = keep[i] != 0 ? from[i] * scale : T{0};
  });
  if (!is_recorded(x)) return y;
  return record(
      "dropout", y, [mask, scale](const auto& backward) { backward.add(0, masked(backward.gradient(), mask, scale)); },
      x);
}

}  // namespace detail

/// Inverted dropout (Srivastava et al. 2014): each element is 0 with probability p, else x / (1 - p), so that the
/// expectation is x.
///
/// The mask takes one 32-bit word of rng an element, and a byte an element is kept for the gradient. p = 0 returns x,
/// and p = 1 zeros with a gradient of zeros; neither draws. Throws Error for p outside [0, 1].
template <class T, class Device>
Tensor<T, Device> dropout(const Tensor<T, Device>& x, double p, Rng& rng) {
  if (!(p >= 0 && p <= 1))
    detail::fail("dropout", {"p is ", p, " for x of shape ", x.shape()},
                 "it is the probability that an element is dropped, in [0, 1]");
  if (p == 0) return x;
  if (p == 1) return detail::masked(x, Tensor<std::uint8_t, Device>::zeros(x.shape()), T{1});
  return detail::masked(x, rng.bernoulli<std::uint8_t>(x.shape(), 1 - p), static_cast<T>(1 / (1 - p)));
}

}  // namespace regimen
