// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct BceProbabilityOptions {
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// max(log x, -100), with derivative 1 / max(x, 1e-12).
template <class T, class Device>
Tensor<T, Device> bounded_log(const Tensor<T, Device>& x) {
  const auto y = maximum(log(x.detach()), T{-100});
  if (!is_recorded(x)) return y;
  return record(
      "bounded_log", y,
      [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() / maximum(backward(x), T(1e-12))); },
      x);
}

}  // namespace detail

/// Binary cross-entropy of targets t in [0, 1] under probabilities p [n, ...], targets of the same shape; mean over a
/// sample's elements:
///
///   -t log p - (1 - t) log(1 - p)
///
/// Logarithms are at least -100, and the divisors of their derivatives at least 1e-12, so that losses and gradients
/// are finite, as in PyTorch's binary_cross_entropy; the derivative of a term that is at its bound's right side, such
/// as -log(1 - p) at p = 0, is its own here, and 0 in PyTorch. Prefer bce_with_logits() where there are logits. Throws
/// Error where the shapes differ or a probability is outside [0, 1].
template <class T, class Device>
Tensor<T, Device> bce(const Tensor<T, Device>& probabilities, const Tensor<T, Device>& targets,
                      const BceProbabilityOptions& options = {}) {
  detail::check_same_shape("bce", probabilities, targets);
  for (const T p : probabilities.span())
    if (!(p >= T{0} && p <= T{1}))
      detail::fail("bce", {"a probability of ", probabilities.shape(), " is ", p},
                   "it must be in [0, 1]; bce_with_logits() takes logits");
  return detail::reduce_elements(
      -(targets * detail::bounded_log(probabilities) + (T{1} - targets) * detail::bounded_log(T{1} - probabilities)),
      options.reduction);
}

}  // namespace regimen
