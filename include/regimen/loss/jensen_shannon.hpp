// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// (KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2, for probabilities p and q [n, ..., outcomes]: symmetric, and
/// between 0 and log 2. Sum over outcomes, mean over the axes between; an outcome of probability 0 counts 0. Throws
/// Error where the shapes differ.
///
/// Source: Lin (1991), Divergence measures based on the Shannon entropy.
template <class T, class Device>
Tensor<T, Device> jensen_shannon(const Tensor<T, Device>& p, const Tensor<T, Device>& q,
                                 const KlOptions& options = {}) {
  detail::check_distributions("jensen_shannon", p, q);
  const auto one = Tensor<T, Device>::scalar(T{1});
  const auto m = (p + q) * T{0.5};
  const auto log_m = log(where(m, m, one));
  const auto part = [&](const Tensor<T, Device>& x) { return x * (log(where(x, x, one)) - log_m); };
  return detail::reduce_distributions((part(p) + part(q)) * T{0.5}, options.reduction);
}

/// The same for p = softmax(logits / temperature) and q = softmax(target_logits / temperature), along the last axis of
/// [n, ..., classes]. A class whose logit is -infinity has probability 0. Throws Error where the shapes differ or
/// temperature is not positive.
template <class T, class Device>
Tensor<T, Device> jensen_shannon_from_logits(const Tensor<T, Device>& logits, const Tensor<T, Device>& target_logits,
                                             const KlLogitsOptions& options = {}) {
  detail::check_distributions("jensen_shannon_from_logits", logits, target_logits);
  if (!(options.temperature > 0))
    detail::fail("jensen_shannon_from_logits", {"temperature is ", options.temperature}, "it must be positive");
  const auto scale = static_cast<T>(1 / options.temperature);
  return jensen_shannon(softmax(logits * scale, -1), softmax(target_logits * scale, -1),
                        {.reduction = options.reduction});
}

}  // namespace regimen
