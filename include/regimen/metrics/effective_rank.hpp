// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"
#include "regimen/ops/svd.hpp"

namespace regimen {

/// exp of the entropy of the singular values s of a [m, n], scaled to sum 1: from 1, where one of them is all, to
/// min(m, n), where all are equal.
///
///   exp(-sum_k p_k ln p_k),   p_k = s_k / sum_j s_j
///
/// Computed in double. Throws Error for another rank, elements that are not finite, and where all are 0.
///
/// Source: Roy & Vetterli (2007), The effective rank: a measure of effective dimensionality.
template <class T, class Device>
double effective_rank(const Tensor<T, Device>& a) {
  if (a.rank() != 2) detail::fail("effective_rank", {"a is ", a.shape()}, "it is a matrix [m, n]");
  detail::check_all_finite("effective_rank", "elements", a);
  const auto values = svd(a.detach().template to<double>()).s;
  const double largest = values.size() == 0 ? 0 : values.data()[0];
  if (largest == 0)
    detail::fail("effective_rank", {"all elements of a, which is ", a.shape(), ", are 0"}, "it needs one that is not");
  double total = 0, entropy = 0;
  for (const double value : values.span()) total += value / largest;
  for (const double value : values.span()) {
    const double p = value / largest / total;
    if (p > 0) entropy -= p * std::log(p);
  }
  return std::exp(entropy);
}

}  // namespace regimen
