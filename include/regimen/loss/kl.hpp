// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct KlOptions {
  Reduction reduction = Reduction::mean;
};

struct KlLogitsOptions {
  double temperature = 1;  ///< what both logits are divided by, > 0
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// Sums over the last axis, then the mean of each sample.
template <class T, class Device>
Tensor<T, Device> reduce_distributions(const Tensor<T, Device>& terms, Reduction reduction) {
  return reduce(per_sample(sum(terms, -1)), reduction);
}

template <class T, class Device>
void check_distributions(const char* operation, const Tensor<T, Device>& predictions,
                         const Tensor<T, Device>& targets) {
  check_same_shape(operation, predictions, targets);
  if (predictions.rank() == 0)
    fail(operation, "predictions are " + predictions.shape().to_string(), "the last axis runs over the outcomes");
}

}  // namespace detail

/// KL(p || q) = sum_j p_j (log p_j - log q_j) of target probabilities p under predicted log-probabilities log q, both
/// [n, ..., outcomes]; sum over outcomes, mean over the axes between. An outcome with p = 0 counts 0, whatever q, and
/// gets no gradient.
///
/// Gradients flow to both. Throws Error where the shapes differ.
template <class T, class Device>
Tensor<T, Device> kl_divergence(const Tensor<T, Device>& log_predictions, const Tensor<T, Device>& targets,
                                const KlOptions& options = {}) {
  detail::check_distributions("kl_divergence", log_predictions, targets);
  const auto zero = Tensor<T, Device>::scalar(T{0}), one = Tensor<T, Device>::scalar(T{1});
  const auto log_p = log(where(targets, targets, one)), log_q = where(targets, log_predictions, zero);
  return detail::reduce_distributions(targets * (log_p - log_q), options.reduction);
}

/// KL(p || q) for p = softmax(target_logits / temperature) and q = softmax(logits / temperature), along the last axis
/// of [n, ..., classes]; otherwise as kl_divergence: a class whose target logit is -infinity counts 0. Distillation
/// multiplies it by temperature^2, so that gradients keep their size. stop_gradient() the target's logits where they
/// are a teacher's. Throws Error where the shapes differ or temperature is not positive.
template <class T, class Device>
Tensor<T, Device> kl_from_logits(const Tensor<T, Device>& logits, const Tensor<T, Device>& target_logits,
                                 const KlLogitsOptions& options = {}) {
  detail::check_distributions("kl_from_logits", logits, target_logits);
  if (!(options.temperature > 0))
    detail::fail("kl_from_logits", {"temperature is ", options.temperature}, "it must be positive");
  const auto scale = static_cast<T>(1 / options.temperature);
  const auto log_q = log_softmax(logits * scale, -1), log_p = log_softmax(target_logits * scale, -1);
  const auto p = exp(log_p);
  return detail::reduce_distributions(p * where(p, log_p - log_q, Tensor<T, Device>::scalar(T{0})), options.reduction);
}

/// KL(q || p), the divergence in the other direction: for the p and q of kl_from_logits, and as that. It is large where
/// the prediction puts weight on what the target excludes, so that a small model learns some modes of the target well
/// instead of a bit of each.
template <class T, class Device>
Tensor<T, Device> reverse_kl_from_logits(const Tensor<T, Device>& logits, const Tensor<T, Device>& target_logits,
                                         const KlLogitsOptions& options = {}) {
  return kl_from_logits(target_logits, logits, options);
}

}  // namespace regimen
