// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"

namespace regimen {

/// Stochastic depth (drop path): in training, each sample of x [n, ...] as a whole is multiplied by 0 with probability
/// p and by 1 / (1 - p) otherwise, so that its mean stays; in evaluation the input itself. For what a residual
/// connection adds:
///
///   y = x + drop(f(x))
///
/// Source: Huang et al. (2016), Deep networks with stochastic depth; deviation: a sample is dropped, not the batch, and
/// the scale is in training, as in torchvision. Random numbers as in Dropout.
struct StochasticDepth {
  /// Throws Error unless 0 <= p <= 1.
  StochasticDepth(double probability, Rng& from) : p(probability), rng(from.split(from.next32())) {
    if (!(p >= 0 && p <= 1)) detail::fail("StochasticDepth", {"p is ", p}, "p must be in [0, 1]");
  }

  /// Throws Error in training for a scalar.
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (!mode.training) return x;
    if (x.rank() == 0) detail::fail("StochasticDepth", {"x is ", x.shape()}, "it is [n, ...]");
    Shape shape{x.size(0)};
    for (int axis = 1; axis < x.rank(); ++axis) shape.append(1);
    return x * (rng.bernoulli<T>(shape, 1 - p) * (p < 1 ? 1 / (1 - p) : 1));
  }

  double p;
  mutable Rng rng;
  Mode mode;
  REGIMEN_MODULE(rng, mode)
};

}  // namespace regimen
