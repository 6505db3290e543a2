// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

template <class T = float, class Device = Cpu>
struct BceOptions {
  Tensor<T, Device> pos_weight = {};  ///< w: factor of the terms with target 1, broadcast to the logits; none is 1
  Reduction reduction = Reduction::mean;
};

/// Binary cross-entropy of targets t in [0, 1] under probabilities sigmoid(x), for logits x [n, ...] and targets of the
/// same shape; mean over a sample's elements:
///
///   -w t log sigmoid(x) - (1 - t) log(1 - sigmoid(x)) = w t softplus(-x) + (1 - t) softplus(x)
///
/// Finite, and without cancellation, for logits of any size. Throws Error where the shapes differ or pos_weight does
/// not broadcast to them.
template <class T, class Device>
Tensor<T, Device> bce_with_logits(const Tensor<T, Device>& logits, const Tensor<T, Device>& targets,
                                  const BceOptions<T, Device>& options = {}) {
  detail::check_same_shape("bce_with_logits", logits, targets);
  const Tensor<T, Device>& w = options.pos_weight;
  if (w.defined() && !(broadcast(w.shape(), logits.shape(), "bce_with_logits") == logits.shape()))
    detail::fail("bce_with_logits", {"pos_weight is ", w.shape(), " and the logits are ", logits.shape()},
                 "pos_weight must broadcast to the logits");
  const auto positive = w.defined() ? w * targets : targets;
  return detail::reduce_elements(positive * softplus(-logits) + (T{1} - targets) * softplus(logits), options.reduction);
}

}  // namespace regimen
