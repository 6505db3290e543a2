// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct L1Options {
  Reduction reduction = Reduction::mean;
};

/// |p - t|, mean over a sample's elements, for predictions p [n, ...] and targets t of the same shape. The gradient is
/// 0 where p = t. Throws Error where the shapes differ.
template <class T, class Device>
Tensor<T, Device> l1(const Tensor<T, Device>& predictions, const Tensor<T, Device>& targets,
                     const L1Options& options = {}) {
  detail::check_same_shape("l1", predictions, targets);
  return detail::reduce_elements(abs(predictions - targets), options.reduction);
}

}  // namespace regimen
