// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/cross_entropy.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct SymmetricCrossEntropyOptions {
  double alpha = 0.1;    ///< factor of the cross-entropy, >= 0
  double beta = 1;       ///< factor of the reverse cross-entropy, >= 0
  double log_zero = -4;  ///< A < 0: what stands for log 0
  Reduction reduction = Reduction::mean;
};

/// alpha times cross-entropy plus beta times the reverse one, -sum_j p[j] log t[j], which tolerates wrong labels, for
/// labels y [n, ...] under p = softmax(logits), logits [n, ..., classes]. With log 0 = A of the one-hot t it is
///
///   alpha (-log p[y]) + beta (-A) (1 - p[y])
///
/// Mean over the axes between the first and the classes. Throws Error for labels outside [0, classes), shapes that do
/// not agree, and options outside their ranges.
///
/// Source: Wang et al. (2019), Symmetric cross entropy for robust learning with noisy labels.
template <class T, class Device>
Tensor<T, Device> symmetric_cross_entropy(const Tensor<T, Device>& logits, const Tensor<std::int64_t, Device>& labels,
                                          const SymmetricCrossEntropyOptions& options = {}) {
  if (!(options.alpha >= 0 && options.beta >= 0 && options.log_zero < 0))
    detail::fail("symmetric_cross_entropy",
                 {"alpha is ", options.alpha, ", beta ", options.beta, " and log_zero ", options.log_zero},
                 "alpha and beta must be >= 0, and log_zero < 0");
  const auto surprise = softmax_cross_entropy(logits, labels);
  const auto reverse = (T{1} - exp(-surprise)) * static_cast<T>(-options.beta * options.log_zero);
  return detail::reduce_elements(surprise * static_cast<T>(options.alpha) + reverse, options.reduction);
}

}  // namespace regimen
