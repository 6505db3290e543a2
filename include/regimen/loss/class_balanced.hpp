// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// E = (1 - beta^count) / (1 - beta): how many of `count` samples are new where each further one is likelier to repeat
/// what the others show. 1 for any count > 0 at beta = 0, and the count itself at beta = 1. Throws Error for a negative
/// count or beta outside [0, 1].
///
/// Source: Cui et al. (2019), Class-balanced loss based on effective number of samples.
inline double effective_number(std::int64_t count, double beta) {
  if (count < 0) detail::fail("effective_number", {"the count is ", count}, "it must be >= 0");
  if (!(beta >= 0 && beta <= 1)) detail::fail("effective_number", {"beta is ", beta}, "it must be in [0, 1]");
  if (beta == 1 || count == 0) return static_cast<double>(count);
  return std::expm1(static_cast<double>(count) * std::log(beta)) / std::expm1(std::log(beta));
}

/// Class weights 1 / E(counts[j]), scaled so that they sum to the number of classes, for the class_weights of
/// cross_entropy() or focal(); `counts` [classes] are the numbers of training samples. beta = 0 gives equal weights,
/// 1 the inverse frequencies; the paper takes 0.9 to 0.9999. A class without samples gets weight 0 and is not counted.
/// Throws Error for counts of another rank, negative ones, no samples at all, or beta outside [0, 1].
///
///   const auto weights = class_balanced_weights<float>(counts, 0.999);
///   const auto loss = cross_entropy(logits, labels, {.class_weights = weights});
///
/// Source: Cui et al. (2019), Class-balanced loss based on effective number of samples.
template <class T = float, class Device>
Tensor<T, Device> class_balanced_weights(const Tensor<std::int64_t, Device>& counts, double beta = 0.999) {
  if (counts.rank() != 1)
    detail::fail("class_balanced_weights", {"counts are ", counts.shape()}, "give one number of samples a class");
  double total = 0, present = 0;
  for (const std::int64_t count : counts.span()) {
    const double number = effective_number(count, beta);
    if (number > 0) {
      total += 1 / number;
      ++present;
    }
  }
  if (total == 0)
    detail::fail("class_balanced_weights", {"the counts ", counts.shape(), " are all 0"},
                 "count the samples of each class");
  const auto weights = Tensor<T, Device>::empty(counts.shape());
  T* const values = weights.mutable_data();
  for (std::int64_t j = 0; j < counts.size(); ++j) {
    const double number = effective_number(counts.data()[j], beta);
    values[j] = number > 0 ? static_cast<T>(present / total / number) : T{0};
  }
  return weights;
}

}  // namespace regimen
