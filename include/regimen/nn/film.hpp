// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

/// y[n, c, ...] = gamma[n, c] x[n, c, ...] + beta[n, c], x [n, channels, ...]. Throws Error where the sizes differ.
template <class T, class Device>
Tensor<T, Device> film(const Tensor<T, Device>& x, const Tensor<T, Device>& gamma, const Tensor<T, Device>& beta) {
  if (x.rank() < 2 || !(gamma.shape() == x.shape().sub(0, 2)) || !(beta.shape() == gamma.shape()))
    detail::fail("film", {"x is ", x.shape(), ", gamma ", gamma.shape(), ", beta ", beta.shape()},
                 "x is [n, channels, ...], gamma and beta [n, channels]");
  Shape shape = gamma.shape();
  for (int axis = 2; axis < x.rank(); ++axis) shape.append(1);
  return x * reshape(gamma, shape) + reshape(beta, shape);
}

/// Feature-wise linear modulation: scales and shifts each channel of x [n, channels, ...] by a linear map of a
/// conditioning vector c [n, condition]:
///
///   y = (1 + gamma) x + beta,  (gamma, beta) = c weight^T + bias,  weight [2 channels, condition]
///
/// Source: Perez et al. (2018), FiLM: visual reasoning with a general conditioning layer. Throws Error for sizes that
/// are not positive, or that differ in a call.
template <class T = float, class Device = Cpu>
struct Film {
  Film(std::int64_t condition, std::int64_t channels, Rng& rng) : map(condition, 2 * channels, rng) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& condition) const {
    if (condition.rank() != 2 || condition.size(1) != map.weight.size(1))
      detail::fail("Film", {"the condition is ", condition.shape(), ", the weight ", map.weight.shape()},
                   "it is [n, the weight's inputs]");
    const auto both = map(condition);
    const std::int64_t channels = both.size(1) / 2;
    return film(x, slice(both, 1, 0, channels) + 1, slice(both, 1, channels, 2 * channels));
  }

  Linear<T, Device> map;
  REGIMEN_MODULE(map)
};

}  // namespace regimen
