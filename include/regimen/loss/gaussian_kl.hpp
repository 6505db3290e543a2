// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/kl.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// KL(N(mean, exp(log_variance)) || N(0, 1)) of independent normal variables, both [n, ..., d]: the term of the
/// evidence lower bound that holds a latent code near its prior. Sum over the last axis, mean over the axes between:
///
///   sum_j (exp(l_j) + m_j^2 - 1 - l_j) / 2
///
/// Throws Error where the shapes differ.
///
/// Source: Kingma & Welling (2014), Auto-encoding variational Bayes, appendix B.
template <class T, class Device>
Tensor<T, Device> gaussian_kl(const Tensor<T, Device>& mean, const Tensor<T, Device>& log_variance,
                              const KlOptions& options = {}) {
  detail::check_distributions("gaussian_kl", mean, log_variance);
  return detail::reduce_distributions((exp(log_variance) + square(mean) - T{1} - log_variance) * T{0.5},
                                      options.reduction);
}

/// KL(N(mean, exp(log_variance)) || N(prior_mean, exp(prior_log_variance))), all [n, ..., d]; otherwise the same:
///
///   sum_j (exp(l_j - l'_j) + (m_j - m'_j)^2 exp(-l'_j) - 1 - (l_j - l'_j)) / 2
template <class T, class Device>
Tensor<T, Device> gaussian_kl(const Tensor<T, Device>& mean, const Tensor<T, Device>& log_variance,
                              const Tensor<T, Device>& prior_mean, const Tensor<T, Device>& prior_log_variance,
                              const KlOptions& options = {}) {
  detail::check_distributions("gaussian_kl", mean, log_variance);
  detail::check_distributions("gaussian_kl", mean, prior_mean);
  detail::check_distributions("gaussian_kl", mean, prior_log_variance);
  const auto ratio = log_variance - prior_log_variance;
  const auto terms = exp(ratio) + square(mean - prior_mean) * exp(-prior_log_variance) - T{1} - ratio;
  return detail::reduce_distributions(terms * T{0.5}, options.reduction);
}

}  // namespace regimen
