// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/epoch_sampler.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

/// The samples of each class in order, by label.
inline std::map<std::int64_t, std::vector<std::int64_t>> samples_by_class(const Tensor<std::int64_t>& labels,
                                                                          const char* operation) {
  if (labels.rank() != 1 || labels.size() == 0)
    fail(operation, "the labels are " + labels.shape().to_string(), "give a vector of at least one");
  std::map<std::int64_t, std::vector<std::int64_t>> classes;
  for (std::int64_t i = 0; i < labels.size(); ++i) classes[labels.data()[i]].push_back(i);
  return classes;
}

}  // namespace detail

/// How many of the labels [N] are each of 0, ..., classes - 1. Throws Error for a label that is none of them.
inline std::vector<std::int64_t> class_counts(const Tensor<std::int64_t>& labels, std::int64_t classes) {
  detail::check_count("class_counts", "classes", classes, 1);
  std::vector<std::int64_t> counts(static_cast<std::size_t>(classes), 0);
  for (const std::int64_t label : labels.span()) {
    if (label < 0 || label >= classes)
      detail::fail("class_counts",
                   "label " + std::to_string(label) + " is outside the " + std::to_string(classes) + " classes");
    ++counts[static_cast<std::size_t>(label)];
  }
  return counts;
}

/// A weight a sample, (size of its class)^-power, for a WeightedSampler: power 1 draws all classes equally often, 1/2
/// in proportion to the roots of their sizes, 0 as they are. Throws Error for no labels.
inline std::vector<double> class_balanced_weights(const Tensor<std::int64_t>& labels, double power = 1) {
  detail::check_not_negative("class_balanced_weights", "power", power);
  std::vector<double> weights(static_cast<std::size_t>(labels.size()));
  for (const auto& [label, samples] : detail::samples_by_class(labels, "class_balanced_weights"))
    for (const std::int64_t i : samples)
      weights[static_cast<std::size_t>(i)] = std::pow(static_cast<double>(samples.size()), -power);
  return weights;
}

/// Samples drawn such that every class is equally likely, and within it every sample: a WeightedSampler with the
/// weights of class_balanced_weights. An epoch has as many draws as there are samples.
///
///   Sampler sampler = ClassBalancedSampler(data.labels, rng.split("order"), {.batch_size = 64});
class ClassBalancedSampler : public WeightedSampler {
 public:
  ClassBalancedSampler(const Tensor<std::int64_t>& labels, const Rng& rng, const Batching& batching = {})
      : WeightedSampler(class_balanced_weights(labels), rng,
                        {.batch_size = batching.batch_size, .drop_last = batching.drop_last}) {}
};

/// Indices of all samples, in order, followed by repetitions of random samples of the small classes, class after class,
/// until no class has fewer than 1 / max_ratio of the largest one's samples. max_ratio 1 is full balance. Throws Error
/// unless max_ratio >= 1.
///
///   const Dataset<> balanced = subset(data, oversample(data.labels, rng.split("oversample")));
inline Tensor<std::int64_t> oversample(const Tensor<std::int64_t>& labels, Rng rng, double max_ratio = 1) {
  detail::check_option(max_ratio >= 1, "oversample", "max_ratio", max_ratio, "at least 1");
  const auto classes = detail::samples_by_class(labels, "oversample");
  std::size_t largest = 0;
  for (const auto& [label, samples] : classes) largest = std::max(largest, samples.size());
  const auto wanted = static_cast<std::size_t>(std::ceil(static_cast<double>(largest) / max_ratio));
  std::vector<std::int64_t> indices(static_cast<std::size_t>(labels.size()));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::int64_t>(i);
  for (const auto& [label, samples] : classes)
    for (std::size_t have = samples.size(); have < wanted; ++have)
      indices.push_back(samples[static_cast<std::size_t>(rng.below(static_cast<std::int64_t>(samples.size())))]);
  return Tensor<std::int64_t>::from(indices, {static_cast<std::int64_t>(indices.size())});
}

/// Indices, in order, of random samples such that no class has more than max_ratio times the smallest one's samples;
/// the smallest class stays whole. max_ratio 1 is full balance. Throws Error unless max_ratio >= 1.
inline Tensor<std::int64_t> undersample(const Tensor<std::int64_t>& labels, Rng rng, double max_ratio = 1) {
  detail::check_option(max_ratio >= 1, "undersample", "max_ratio", max_ratio, "at least 1");
  const auto classes = detail::samples_by_class(labels, "undersample");
  auto smallest = static_cast<std::size_t>(labels.size());
  for (const auto& [label, samples] : classes) smallest = std::min(smallest, samples.size());
  const double most =
      std::min(std::floor(static_cast<double>(smallest) * max_ratio), static_cast<double>(labels.size()));
  std::vector<std::int64_t> indices;
  for (const auto& [label, samples] : classes) {
    const auto count = static_cast<std::int64_t>(samples.size());
    const std::int64_t kept = std::min(count, static_cast<std::int64_t>(most));
    const auto order = rng.permutation(count);
    for (std::int64_t i = 0; i < kept; ++i) indices.push_back(samples[static_cast<std::size_t>(order.data()[i])]);
  }
  std::sort(indices.begin(), indices.end());
  return Tensor<std::int64_t>::from(indices, {static_cast<std::int64_t>(indices.size())});
}

}  // namespace regimen
