// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct HuberOptions {
  double delta = 1;  ///< where the loss turns from a square into a line, > 0
  Reduction reduction = Reduction::mean;
};

/// With d = p - t: d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2); mean over a sample's elements, for
/// predictions p [n, ...] and targets t of the same shape.
///
/// Source: Huber (1964), Robust estimation of a location parameter. PyTorch's smooth L1 with beta is this divided by
/// delta = beta. Throws Error where the shapes differ or delta is not positive.
template <class T, class Device>
Tensor<T, Device> huber(const Tensor<T, Device>& predictions, const Tensor<T, Device>& targets,
                        const HuberOptions& options = {}) {
  detail::check_same_shape("huber", predictions, targets);
  if (!(options.delta > 0)) detail::fail("huber", {"delta is ", options.delta}, "delta must be positive");
  const auto delta = static_cast<T>(options.delta);
  const auto d = predictions - targets;
  const auto near = clip(d, -delta, delta);  // near (d - near / 2) is both cases
  return detail::reduce_elements(near * (d - near * T{0.5}), options.reduction);
}

}  // namespace regimen
