// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"

namespace regimen {

struct LogitAdjustedOptions {
  double tau = 1;  ///< strength of the adjustment; 1 is consistent for the balanced error, 0 is plain cross-entropy
  Reduction reduction = Reduction::mean;
};

/// log(counts[j] / sum(counts)) for the numbers of training samples of classes. Throws Error for counts of another rank
/// than 1 or a count below 1, whose logarithm is not finite.
template <class T = float, class Device>
Tensor<T, Device> class_log_priors(const Tensor<std::int64_t, Device>& counts) {
  if (counts.rank() != 1)
    detail::fail("class_log_priors", {"counts are ", counts.shape()}, "give one number of samples a class");
  double total = 0;
  for (const std::int64_t count : counts.span()) {
    if (count < 1) detail::fail("class_log_priors", {"a count is ", count}, "each class needs a sample");
    total += static_cast<double>(count);
  }
  const auto result = Tensor<T, Device>::empty(counts.shape());
  T* const values = result.mutable_data();
  for (std::int64_t j = 0; j < counts.size(); ++j)
    values[j] = static_cast<T>(std::log(static_cast<double>(counts.data()[j]) / total));
  return result;
}

/// Cross-entropy of labels y [n, ...] under softmax(logits + tau log_priors), logits [n, ..., classes] and log_priors
/// [classes]: the classes' frequencies are learned into the offset, and the logits by themselves are then those of
/// balanced classes. Predict with the plain logits. Throws Error for labels outside [0, classes) or shapes that do not
/// agree.
///
///   const auto loss = logit_adjusted(model(x), labels, class_log_priors<float>(counts));
///
/// Source: Menon et al. (2021), Long-tail learning via logit adjustment.
template <class T, class Device>
Tensor<T, Device> logit_adjusted(const Tensor<T, Device>& logits, const Tensor<std::int64_t, Device>& labels,
                                 const Tensor<T, Device>& log_priors, const LogitAdjustedOptions& options = {}) {
  if (logits.rank() == 0 || !(log_priors.shape() == Shape{logits.size(-1)}))
    detail::fail("logit_adjusted", {"log priors are ", log_priors.shape(), " and logits ", logits.shape()},
                 "give one prior a class");
  CrossEntropyLossOptions<T, Device> plain;
  plain.reduction = options.reduction;
  return cross_entropy(logits + log_priors * static_cast<T>(options.tau), labels, plain);
}

}  // namespace regimen
