// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/optim/check.hpp"

/// Noise of class labels is a transition matrix [K, K]: row i has the probabilities of the labels that class i is
/// given.
///
///   const auto noisy = flip_labels(data.labels, uniform_noise(10, 0.4), rng.split("noise"));
namespace regimen {

/// With probability `rate` a label is replaced by a uniform one of all K, which may be the same. Throws Error unless
/// classes >= 1 and 0 <= rate <= 1.
inline Tensor<double> uniform_noise(std::int64_t classes, double rate) {
  detail::check_count("uniform_noise", "classes", classes, 1);
  detail::check_fraction("uniform_noise", "rate", rate);
  auto matrix = Tensor<double>::full({classes, classes}, rate / static_cast<double>(classes));
  for (std::int64_t k = 0; k < classes; ++k) matrix.mutable_data()[k * classes + k] += 1 - rate;
  return matrix;
}

/// Class k becomes targets[k] with probability `rate`: noise between classes that are alike. Throws Error for a target
/// that is no class, or unless 0 <= rate <= 1.
///
/// Source: the asymmetric noise of Patrini et al. (2017), Making deep neural networks robust to label noise.
inline Tensor<double> asymmetric_noise(const std::vector<std::int64_t>& targets, double rate) {
  const auto classes = static_cast<std::int64_t>(targets.size());
  detail::check_count("asymmetric_noise", "number of targets", classes, 1);
  detail::check_fraction("asymmetric_noise", "rate", rate);
  auto matrix = Tensor<double>::zeros({classes, classes});
  for (std::int64_t k = 0; k < classes; ++k) {
    const std::int64_t target = targets[static_cast<std::size_t>(k)];
    if (target < 0 || target >= classes)
      detail::fail("asymmetric_noise", {"target ", target, " is outside the ", classes, " classes"},
                   "it is in [0, classes)");
    matrix.mutable_data()[k * classes + k] += 1 - rate;
    matrix.mutable_data()[k * classes + target] += rate;
  }
  return matrix;
}

/// Symmetric noise: with probability `rate` a label becomes another one, each of the K - 1 equally likely. Throws Error
/// unless classes >= 2 and 0 <= rate <= 1.
inline Tensor<double> symmetric_noise(std::int64_t classes, double rate) {
  detail::check_count("symmetric_noise", "classes", classes, 2);
  detail::check_fraction("symmetric_noise", "rate", rate);
  auto matrix = Tensor<double>::full({classes, classes}, rate / static_cast<double>(classes - 1));
  for (std::int64_t k = 0; k < classes; ++k) matrix.mutable_data()[k * classes + k] = 1 - rate;
  return matrix;
}

/// Pair flips: class k becomes k + 1 with probability `rate`, the last one 0. Throws Error unless classes >= 2 and
/// 0 <= rate <= 1.
///
/// Source: Han et al. (2018), Co-teaching.
inline Tensor<double> pair_noise(std::int64_t classes, double rate) {
  detail::check_count("pair_noise", "classes", classes, 2);
  std::vector<std::int64_t> targets;
  for (std::int64_t k = 0; k < classes; ++k) targets.push_back((k + 1) % classes);
  return asymmetric_noise(targets, rate);
}

/// Labels [N] with the noise of a transition matrix [K, K]; label i is a function of labels[i], i and `rng`. Throws
/// Error for a label that is no class, or rows that are not numbers >= 0 of sum 1 (to within 1e-6).
inline Tensor<std::int64_t> flip_labels(const Tensor<std::int64_t>& labels, const Tensor<double>& transition,
                                        const Rng& rng) {
  if (transition.rank() != 2 || transition.size(0) != transition.size(1) || labels.rank() != 1)
    detail::fail("flip_labels", {"labels are ", labels.shape(), ", the matrix is ", transition.shape()},
                 "pass [N] and [K, K]");
  const std::int64_t classes = transition.size(0);
  const auto row = [&](std::int64_t k) {
    return std::span<const double>(transition.data() + k * classes, static_cast<std::size_t>(classes));
  };
  for (std::int64_t k = 0; k < classes; ++k) {
    double sum = 0;
    for (const double p : row(k)) {
      if (!(p >= 0)) detail::fail("flip_labels", {"row ", k, " has the probability ", p}, "they must be >= 0");
      sum += p;
    }
    if (!(std::abs(sum - 1) <= 1e-6)) detail::fail("flip_labels", {"row ", k, " sums to ", sum}, "it must sum to 1");
  }
  auto result = Tensor<std::int64_t>::empty(labels.shape());
  for (std::int64_t i = 0; i < labels.size(); ++i) {
    const std::int64_t label = labels.data()[i];
    if (label < 0 || label >= classes)
      detail::fail("flip_labels", {"label ", label, " is outside the ", classes, " classes"},
                   "labels are in [0, classes)");
    result.mutable_data()[i] = rng.split(static_cast<std::uint64_t>(i)).categorical(row(label));
  }
  return result;
}

}  // namespace regimen
