// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/class_balanced_sampler.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

inline void check_imbalance(const char* operation, std::int64_t largest, std::int64_t classes, double ratio) {
  check_count(operation, "largest", largest, 1);
  check_count(operation, "classes", classes, 1);
  check_option(ratio >= 1 && ratio <= static_cast<double>(largest), operation, "ratio", ratio,
               "at least 1, and at most largest, so that every class has a sample");
}

}  // namespace detail

/// Class sizes that fall exponentially, from `largest` to largest / ratio: n_k = round(largest ratio^(-k / (K - 1))).
/// Throws Error unless 1 <= ratio <= largest.
///
///   const auto indices = take_classes(data.labels, long_tail_counts(130, 10, 100), rng.split("tail"));
///   const Dataset<> tail = subset(data, indices);
///
/// Source: Cao et al. (2019), Learning imbalanced datasets with label-distribution-aware margin loss.
inline std::vector<std::int64_t> long_tail_counts(std::int64_t largest, std::int64_t classes, double ratio) {
  detail::check_imbalance("long_tail_counts", largest, classes, ratio);
  std::vector<std::int64_t> counts;
  for (std::int64_t k = 0; k < classes; ++k) {
    const double place = classes == 1 ? 0 : static_cast<double>(k) / static_cast<double>(classes - 1);
    counts.push_back(std::llround(static_cast<double>(largest) * std::pow(ratio, -place)));
  }
  return counts;
}

/// Class sizes that fall linearly, from `largest` to largest / ratio, rounded. Throws Error unless
/// 1 <= ratio <= largest.
///
/// Source: Buda et al. (2018), A systematic study of the class imbalance problem in convolutional neural networks.
inline std::vector<std::int64_t> linear_counts(std::int64_t largest, std::int64_t classes, double ratio) {
  detail::check_imbalance("linear_counts", largest, classes, ratio);
  std::vector<std::int64_t> counts;
  for (std::int64_t k = 0; k < classes; ++k) {
    const double place = classes == 1 ? 0 : static_cast<double>(k) / static_cast<double>(classes - 1);
    counts.push_back(std::llround(static_cast<double>(largest) * (1 - place * (1 - 1 / ratio))));
  }
  return counts;
}

/// Class sizes of two kinds: `largest`, and for the last `minority` classes largest / ratio, rounded. Throws Error
/// unless 0 <= minority <= classes and 1 <= ratio <= largest.
///
/// Source: Buda et al. (2018).
inline std::vector<std::int64_t> step_counts(std::int64_t largest, std::int64_t classes, std::int64_t minority,
                                             double ratio) {
  detail::check_imbalance("step_counts", largest, classes, ratio);
  detail::check_option(minority >= 0 && minority <= classes, "step_counts", "minority", static_cast<double>(minority),
                       "in 0, ..., classes");
  std::vector<std::int64_t> counts(static_cast<std::size_t>(classes), largest);
  std::fill(counts.end() - minority, counts.end(), std::llround(static_cast<double>(largest) / ratio));
  return counts;
}

/// Indices, in order, of counts[k] random samples of each class k = 0, 1, ... of labels [N]. Another order of the
/// counts gives other classes the tail. Throws Error for a label without a count, a negative count, or a class of fewer
/// samples.
inline Tensor<std::int64_t> take_classes(const Tensor<std::int64_t>& labels, const std::vector<std::int64_t>& counts,
                                         const Rng& rng) {
  const std::vector<std::int64_t> have = class_counts(labels, static_cast<std::int64_t>(counts.size()));
  std::vector<std::vector<std::int64_t>> samples(counts.size());
  for (std::int64_t i = 0; i < labels.size(); ++i) samples[static_cast<std::size_t>(labels.data()[i])].push_back(i);
  std::vector<std::int64_t> indices;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] < 0 || counts[k] > have[k])
      detail::fail("take_classes", {counts[k], " samples of class ", k, ", which has ", have[k]},
                   "counts are at least 0, and at most what there is");
    const auto order = rng.split(k).permutation(have[k]);
    for (std::int64_t i = 0; i < counts[k]; ++i)
      indices.push_back(samples[k][static_cast<std::size_t>(order.data()[i])]);
  }
  std::sort(indices.begin(), indices.end());
  return Tensor<std::int64_t>::from(indices, {static_cast<std::int64_t>(indices.size())});
}

}  // namespace regimen
