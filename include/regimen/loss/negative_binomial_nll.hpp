// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct NegativeBinomialNllOptions {
  bool full = false;  ///< with the constant log t!
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// sum_{k < t} log(r + k), which is log Gamma(r + t) - log Gamma(r), or for power p > 0 sum_{k < t} (r + k)^-p, for r
/// of the shape of t, element by element.
template <class T, class Device>
Tensor<T, Device> rising_sum(const Tensor<T, Device>& r, const Tensor<T, Device>& t, int power) {
  const auto y = Tensor<T, Device>::empty(t.shape());
  T* const values = y.mutable_data();
  for (std::int64_t i = 0; i < y.size(); ++i) {
    const auto first = static_cast<double>(r.data()[i]);
    const auto count = static_cast<std::int64_t>(t.data()[i]);
    double total = 0;
    for (std::int64_t k = 0; k < count; ++k) {
      const double term = first + static_cast<double>(k);
      total += power == 0 ? std::log(term) : std::pow(term, -power);
    }
    values[i] = static_cast<T>(total);
  }
  if (!is_recorded(r)) return y;
  return record(
      "rising_sum", y,
      [r = Saved(r), t = Saved(t.detach()), power](const auto& backward) {
        const auto slope = rising_sum(backward(r), backward(t), power + 1);
        backward.add(0, backward.gradient() * (power == 0 ? slope : slope * static_cast<T>(-power)));
      },
      r);
}

}  // namespace detail

/// -log of the negative binomial probability of counts t, up to log t!, for logits x [n, ...] of success and numbers of
/// failures r > 0 that broadcast to them, as PyTorch's NegativeBinomial(total_count, logits); mean over a sample's
/// elements:
///
///   log Gamma(r) - log Gamma(r + t) + r softplus(x) + t softplus(-x)
///
/// The mean is r exp(x) and the variance mean (1 + mean / r): counts that vary more than Poisson's. A count costs t
/// terms, which are summed as they are, without Gamma functions. Gradients flow to x and r. Throws Error where shapes
/// do not agree, for r <= 0, and for a target that is no count.
template <class T, class Device>
Tensor<T, Device> negative_binomial_nll(const Tensor<T, Device>& logits, const Tensor<T, Device>& targets,
                                        const Tensor<T, Device>& total_count,
                                        const NegativeBinomialNllOptions& options = {}) {
  const char* const operation = "negative_binomial_nll";
  detail::check_same_shape(operation, logits, targets);
  if (!(broadcast(total_count.shape(), logits.shape(), operation) == logits.shape()))
    detail::fail(operation, {"total counts are ", total_count.shape(), " and logits ", logits.shape()},
                 "total counts must broadcast to the logits");
  for (const T r : total_count.span())
    if (!(r > T{0}))
      detail::fail(operation, {"a total count of ", total_count.shape(), " is ", r},
                   "predict its logarithm, or softplus");
  for (const T t : targets.span())
    if (!(t >= T{0} && t < T(1e15) && t == std::floor(t)))
      detail::fail(operation, {"a target of ", targets.shape(), " is ", t}, "targets are whole numbers from 0 on");
  const auto r = broadcast_to(total_count, logits.shape());
  auto losses = r * softplus(logits) + targets * softplus(-logits) - detail::rising_sum(r, targets, 0);
  if (options.full) losses = losses + detail::rising_sum(Tensor<T, Device>::ones(targets.shape()), targets, 0);
  return detail::reduce_elements(losses, options.reduction);
}

}  // namespace regimen
