// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/nt_xent.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/cross_entropy.hpp"

namespace regimen {

struct SupervisedContrastiveOptions {
  double temperature = 0.1;  ///< > 0: what cosines are divided by
  Reduction reduction = Reduction::mean;
};

/// Pulls the samples of a class together: for features z [n, d] and labels [n], with P(i) the others of i's label,
///
///   -1 / |P(i)| sum_{p in P(i)} log( exp(cos(z_i, z_p) / temperature) / sum_{k != i} exp(cos(z_i, z_k) / temperature)
///   )
///
/// one loss a sample, 0 for one whose label no other has; it counts in the mean all the same, as in the authors' code.
/// Their factor temperature / base temperature is left out. For views of one sample, concatenate them and repeat the
/// labels. Throws Error for other shapes, fewer than two samples, and for a temperature that is not positive.
///
/// Source: Khosla et al. (2020), Supervised contrastive learning, equation 2.
template <class T, class Device>
Tensor<T, Device> supervised_contrastive(const Tensor<T, Device>& features, const Tensor<std::int64_t, Device>& labels,
                                         const SupervisedContrastiveOptions& options = {}) {
  if (features.rank() != 2 || features.size(0) < 2 || !(labels.shape() == Shape{features.size(0)}))
    detail::fail("supervised_contrastive", {"features are ", features.shape(), " and labels ", labels.shape()},
                 "features are [n, d] and labels [n], with n at least 2");
  const std::int64_t n = features.size(0);
  const auto targets = Tensor<T, Device>::zeros({n, n});
  T* const values = targets.mutable_data();
  const std::int64_t* const y = labels.data();
  for (std::int64_t i = 0; i < n; ++i) {
    std::int64_t partners = -1;
    for (std::int64_t j = 0; j < n; ++j) partners += y[j] == y[i] ? 1 : 0;
    for (std::int64_t j = 0; j < n; ++j)
      if (j != i && y[j] == y[i]) values[i * n + j] = T{1} / static_cast<T>(partners);
  }
  const auto logits = detail::similarities_of_others("supervised_contrastive", features, options.temperature);
  return reduce(softmax_cross_entropy(logits, targets), options.reduction);
}

}  // namespace regimen
