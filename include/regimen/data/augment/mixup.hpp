// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/augment/mix.hpp"
#include "regimen/data/distributions.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct MixUpOptions {
  double alpha = 1;         ///< of Beta(alpha, alpha); small values mix little
  bool per_sample = false;  ///< draw a weight for every sample, instead of one for all
};

/// MixUp: every sample of a batch [N, ...] mixed with another of it.
///
///   x~ = lambda x[i] + (1 - lambda) x[partner(i)],  lambda ~ Beta(alpha, alpha),  partner a random permutation
///
/// The targets go the same way, see Mixed, mix() and mix_labels(). Pass another Rng every step. Throws Error unless
/// alpha > 0, and for samples that are recorded for gradients.
///
///   const auto mixed = mixup(batch.inputs, rng.split(step), {.alpha = 0.2});
///   const auto targets = mix_labels(batch.labels, 10, mixed);
///
/// Source: Zhang et al. (2018), mixup: beyond empirical risk minimization.
template <class T>
Mixed<T> mixup(const Tensor<T>& inputs, const Rng& rng, const MixUpOptions& options = {}) {
  detail::check_positive("mixup", "alpha", options.alpha);
  if (inputs.rank() == 0) detail::fail("mixup", "the inputs are a scalar", "pass samples [N, ...]");
  const std::int64_t count = inputs.size(0);
  Rng draws = rng.split("weight");
  Mixed<T> mixed{{}, rng.split("partner").permutation(count), Tensor<T>::empty({count})};
  T* weight = mixed.weight.mutable_data();
  for (std::int64_t i = 0; i < count; ++i)
    weight[i] =
        i == 0 || options.per_sample ? static_cast<T>(draw_beta(draws, options.alpha, options.alpha)) : weight[0];
  mixed.inputs = mix(inputs, mixed);
  return mixed;
}

}  // namespace regimen
