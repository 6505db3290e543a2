// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

struct CalibrationOptions {
  std::int64_t bins = 15;   ///< M, at least 1
  bool equal_mass = false;  ///< bins of equally many samples, not of equal width
};

struct CalibrationBin {
  std::int64_t count = 0;               ///< samples; 0 where the bin is empty, and then the others are 0 too
  double confidence = 0, accuracy = 0;  ///< their means
};

struct Calibration {
  double ece = 0;                    ///< expected calibration error
  double mce = 0;                    ///< maximum calibration error
  std::vector<CalibrationBin> bins;  ///< the points of the reliability diagram
};

namespace detail {

template <class T, class Device>
void check_probabilities(const char* operation, const Tensor<T, Device>& p,
                         const Tensor<std::int64_t, Device>& labels) {
  check_scores(operation, "probabilities", p, labels);
  for (std::int64_t i = 0; i < p.size(0); ++i) {
    double sum = 0;
    bool inside = true;
    for (std::int64_t j = 0; j < p.size(1); ++j) {
      const double value = static_cast<double>(p.data()[i * p.size(1) + j]);
      inside = inside && value >= 0;
      sum += value;
    }
    if (!inside || !(std::abs(sum - 1) <= 1e-3))
      fail(operation, {"row ", i, " of the probabilities, of sum ", sum, ", is no distribution"},
           "give softmax(logits)");
  }
}

}  // namespace detail

/// How well the confidence, the largest probability of a row, foretells that its class is the label, for probabilities
/// [n, classes] and labels [n]:
///
///   ECE = sum_b n_b / n |accuracy_b - confidence_b|        MCE = max_b |accuracy_b - confidence_b|
///
/// over bins b, which are ((b-1)/M, b/M], or with equal_mass M runs of n / M samples by rising confidence, where equal
/// confidences stay together. Throws Error for other shapes, labels outside [0, classes), and rows that are no
/// distribution.
///
/// Sources: Guo et al. (2017), On calibration of modern neural networks; equal mass: Nguyen & O'Connor (2015).
template <class T, class Device>
Calibration calibration(const Tensor<T, Device>& probabilities, const Tensor<std::int64_t, Device>& labels,
                        const CalibrationOptions& options = {}) {
  if (options.bins < 1 || options.bins > std::int64_t{1} << 30)
    detail::fail("calibration", {"bins is ", options.bins}, "it must be at least 1 and at most 2^30");
  detail::check_probabilities("calibration", probabilities, labels);
  struct Sample {
    double confidence;
    bool right;
  };
  const std::int64_t n = probabilities.size(0), classes = probabilities.size(1);
  std::vector<Sample> samples;
  for (std::int64_t i = 0; i < n; ++i) {
    const T* row = probabilities.data() + i * classes;
    const T* best = std::max_element(row, row + classes);
    samples.push_back({static_cast<double>(*best), best - row == labels.data()[i]});
  }
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) {
    return a.confidence != b.confidence ? a.confidence < b.confidence : a.right < b.right;
  });

  Calibration result;
  result.bins.resize(static_cast<std::size_t>(options.bins));
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const Sample& sample = samples[static_cast<std::size_t>(i)];
    if (!options.equal_mass)
      at = static_cast<std::int64_t>(std::ceil(sample.confidence * static_cast<double>(options.bins))) - 1;
    else if (i == 0 || sample.confidence != samples[static_cast<std::size_t>(i - 1)].confidence)
      at = i * options.bins / n;
    CalibrationBin& bin = result.bins[static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, options.bins - 1))];
    ++bin.count;
    bin.confidence += sample.confidence;
    bin.accuracy += sample.right ? 1 : 0;
  }
  for (CalibrationBin& bin : result.bins) {
    if (bin.count == 0) continue;
    const auto count = static_cast<double>(bin.count);
    bin.confidence /= count;
    bin.accuracy /= count;
    const double gap = std::abs(bin.accuracy - bin.confidence);
    result.ece += count / static_cast<double>(n) * gap;
    result.mce = std::max(result.mce, gap);
  }
  return result;
}

/// The Brier score, the mean over the rows of sum_j (p_j - [j = label])^2, in [0, 2], for probabilities p [n, classes]
/// and labels [n]. Throws Error as calibration().
///
/// Source: Brier (1950), Verification of forecasts expressed in terms of probability.
template <class T, class Device>
double brier_score(const Tensor<T, Device>& probabilities, const Tensor<std::int64_t, Device>& labels) {
  detail::check_probabilities("brier_score", probabilities, labels);
  const std::int64_t n = probabilities.size(0), classes = probabilities.size(1);
  double sum = 0;
  for (std::int64_t i = 0; i < n * classes; ++i) {
    const double d = static_cast<double>(probabilities.data()[i]) - (labels.data()[i / classes] == i % classes ? 1 : 0);
    sum += d * d;
  }
  return sum / static_cast<double>(n);
}

}  // namespace regimen
