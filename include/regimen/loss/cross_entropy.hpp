// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/cross_entropy.hpp"

namespace regimen {

template <class T = float, class Device = Cpu>
struct CrossEntropyLossOptions {
  double smoothing = 0;                  ///< e: the part of the target that is spread over all classes, in [0, 1]
  Tensor<T, Device> class_weights = {};  ///< w: one factor a class, or none; a constant
  Reduction reduction = Reduction::mean;
};

/// Cross-entropy of labels y [n, ...] under p = softmax(logits), logits [n, ..., classes]:
///
///   loss = (1 - e) w[y] (-log p[y]) + e / classes sum_j w[j] (-log p[j])          w = 1 where there are no weights
///
/// Mean over a sample's axes between the first and the classes. With class weights the mean over all samples is the
/// weighted one, sum(loss) / sum(w[y]), as in PyTorch. Throws Error for labels outside [0, classes), a smoothing
/// outside [0, 1], or shapes that do not agree.
///
///   const auto loss = cross_entropy(model(x), labels, {.smoothing = 0.1});
template <class T, class Device>
Tensor<T, Device> cross_entropy(const Tensor<T, Device>& logits, const Tensor<std::int64_t, Device>& labels,
                                const CrossEntropyLossOptions<T, Device>& options = {}) {
  const auto& weights = options.class_weights;
  const auto losses = softmax_cross_entropy(logits, labels, {options.smoothing, weights});
  if (options.reduction != Reduction::mean || !weights.defined())
    return detail::reduce_elements(losses, options.reduction);
  T total = 0;
  for (const std::int64_t label : labels.span()) total += weights.data()[label];
  if (total == 0)
    detail::fail("cross_entropy", {"the class weights of the labels, of shape ", labels.shape(), ", sum to 0"},
                 "there is no weighted mean; skip such a batch, or use the sum");
  return sum(losses) / total;
}

/// Cross-entropy of distributions t under p = softmax(logits), both [n, ..., classes]:
///
///   loss = sum_j w[j] ((1 - e) t[j] + e / classes) (-log p[j])
///
/// Reduced as above, but the mean is always the plain one, as in PyTorch. Rows of t need not sum to 1; t gets a
/// gradient where it is recorded. Throws Error for a smoothing outside [0, 1], or shapes that do not agree.
template <class T, class Device>
Tensor<T, Device> cross_entropy(const Tensor<T, Device>& logits, const Tensor<T, Device>& targets,
                                const CrossEntropyLossOptions<T, Device>& options = {}) {
  const auto& weights = options.class_weights;
  const double e = options.smoothing;
  if (!(e >= 0 && e <= 1)) detail::fail("cross_entropy", {"smoothing is ", e}, "it must be in [0, 1]");
  if (logits.rank() == 0 || !(targets.shape() == logits.shape()))
    detail::fail("cross_entropy", {"logits are ", logits.shape(), " and targets ", targets.shape()},
                 "shapes must agree; labels are Tensor<std::int64_t>, without the last axis");
  if (weights.defined() && !(weights.shape() == Shape{logits.size(-1)}))
    detail::fail("cross_entropy", {"class weights are ", weights.shape(), " and logits ", logits.shape()},
                 "give one weight a class");
  Tensor<T, Device> t = targets;
  if (e != 0) t = t * static_cast<T>(1 - e) + static_cast<T>(e / static_cast<double>(logits.size(-1)));
  if (weights.defined()) t = t * weights.detach();
  return detail::reduce_elements(softmax_cross_entropy(logits, t), options.reduction);
}

}  // namespace regimen
