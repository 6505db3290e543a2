// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct GaussianNllOptions {
  bool full = false;      ///< with the constant log(2 pi) / 2
  double epsilon = 1e-6;  ///< the least variance, > 0
  Reduction reduction = Reduction::mean;
};

/// -log N(t; p, v) for means p [n, ...], targets t of the same shape, and variances v that broadcast to them; mean over
/// a sample's elements:
///
///   (log v + (p - t)^2 / v) / 2          + log(2 pi) / 2 where it is full
///
/// As in PyTorch's gaussian_nll_loss a variance below epsilon counts as epsilon, and still gets the gradient of that
/// value. Throws Error where shapes do not agree, for a negative variance, and for epsilon <= 0.
template <class T, class Device>
Tensor<T, Device> gaussian_nll(const Tensor<T, Device>& predictions, const Tensor<T, Device>& targets,
                               const Tensor<T, Device>& variances, const GaussianNllOptions& options = {}) {
  detail::check_same_shape("gaussian_nll", predictions, targets);
  if (!(broadcast(variances.shape(), predictions.shape(), "gaussian_nll") == predictions.shape()))
    detail::fail("gaussian_nll", {"variances are ", variances.shape(), " and predictions ", predictions.shape()},
                 "variances must broadcast to the predictions");
  if (!(options.epsilon > 0)) detail::fail("gaussian_nll", {"epsilon is ", options.epsilon}, "it must be positive");
  for (const T v : variances.span())
    if (v < T{0})
      detail::fail("gaussian_nll", {"a variance of ", variances.shape(), " is ", v},
                   "predict its logarithm, or softplus");
  const auto given = variances.detach();
  const auto v = variances + (maximum(given, static_cast<T>(options.epsilon)) - given);
  auto losses = (log(v) + square(predictions - targets) / v) * T{0.5};
  if (options.full) losses = losses + T(0.91893853320467274178);
  return detail::reduce_elements(losses, options.reduction);
}

}  // namespace regimen
