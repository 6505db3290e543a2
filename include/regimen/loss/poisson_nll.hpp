// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct PoissonNllOptions {
  bool log_input = true;  ///< predictions are logarithms of the rates
  bool full = false;      ///< with Stirling's t log t - t + log(2 pi t) / 2 for log t!, where t > 1
  double epsilon = 1e-8;  ///< added to a rate of which the logarithm is taken
  Reduction reduction = Reduction::mean;
};

/// -log of the Poisson probability of counts t, up to log t!, for logarithms x of the rates [n, ...] and counts of the
/// same shape; mean over a sample's elements:
///
///   exp(x) - t x          or, for rates x themselves, x - t log(x + epsilon)
///
/// As PyTorch's poisson_nll_loss. Throws Error where the shapes differ or epsilon is negative.
template <class T, class Device>
Tensor<T, Device> poisson_nll(const Tensor<T, Device>& predictions, const Tensor<T, Device>& targets,
                              const PoissonNllOptions& options = {}) {
  detail::check_same_shape("poisson_nll", predictions, targets);
  if (!(options.epsilon >= 0)) detail::fail("poisson_nll", {"epsilon is ", options.epsilon}, "it must be >= 0");
  auto losses = options.log_input ? exp(predictions) - targets * predictions
                                  : predictions - targets * log(predictions + static_cast<T>(options.epsilon));
  if (options.full) {
    const auto above = greater(targets, T{1});
    const auto t = where(above, targets, Tensor<T, Device>::scalar(T{1}));
    losses = losses + above * (t * log(t) - t + log(t * T(6.28318530717958647693)) * T{0.5});
  }
  return detail::reduce_elements(losses, options.reduction);
}

}  // namespace regimen
