// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct CosineEmbeddingOptions {
  double margin = 0;  ///< in [-1, 1]: how alike two that do not belong together may be
  Reduction reduction = Reduction::mean;
};

/// 1 - cos(a, b) where the target is 1, max(0, cos(a, b) - margin) where it is -1, for a and b [n, ..., d] and targets
/// [n, ...]; mean over the axes between the first and the last. A vector of zeros has cosine 0, by the 1e-12 that is
/// added to squared lengths. As PyTorch's cosine_embedding_loss. Throws Error where shapes do not agree, for other
/// targets, and for a margin outside [-1, 1].
template <class T, class Device>
Tensor<T, Device> cosine_embedding(const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                                   const Tensor<T, Device>& targets, const CosineEmbeddingOptions& options = {}) {
  if (a.rank() == 0 || !(b.shape() == a.shape()) || !(targets.shape() == a.shape().without(-1)))
    detail::fail("cosine_embedding", {"a is ", a.shape(), ", b ", b.shape(), " and targets ", targets.shape()},
                 "a and b have one shape, and targets that shape without the last axis");
  if (!(options.margin >= -1 && options.margin <= 1))
    detail::fail("cosine_embedding", {"margin is ", options.margin}, "it must be in [-1, 1]");
  for (const T t : targets.span())
    if (t != T{1} && t != T{-1})
      detail::fail("cosine_embedding", {"a target is ", t}, "targets are -1 or 1; map labels y to 2 y - 1");
  const auto squared_length = [](const Tensor<T, Device>& x) { return sum(square(x), -1) + T(1e-12); };
  const auto cosine = sum(a * b, -1) / sqrt(squared_length(a) * squared_length(b));
  const auto losses = where(greater(targets, T{0}), T{1} - cosine, relu(cosine - static_cast<T>(options.margin)));
  return detail::reduce_elements(losses, options.reduction);
}

}  // namespace regimen
