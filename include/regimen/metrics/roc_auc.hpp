// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/average.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {
namespace detail {

template <class T>
struct Ranked {
  T score;
  bool positive;
};

/// The area under the ROC curve by the rank-sum statistic; -1 where all are of one kind.
template <class T>
double area_under_roc(std::vector<Ranked<T>>& samples) {
  std::sort(samples.begin(), samples.end(), [](const auto& a, const auto& b) { return a.score < b.score; });
  double positives = 0, negatives = 0, pairs = 0;  // pairs ordered rightly, equal ones a half
  for (auto first = samples.begin(); first != samples.end();) {
    const auto last = std::find_if(first, samples.end(), [=](const auto& s) { return s.score != first->score; });
    const auto here = static_cast<double>(std::count_if(first, last, [](const auto& s) { return s.positive; }));
    const double others = static_cast<double>(last - first) - here;
    pairs += here * (negatives + others / 2);
    positives += here;
    negatives += others;
    first = last;
  }
  return positives == 0 || negatives == 0 ? -1 : pairs / (positives * negatives);
}

}  // namespace detail

/// The area under the receiver operating characteristic of scores [n] for labels [n] of 0 and 1: the probability that a
/// random sample of label 1 has a higher score than one of label 0, where equal scores count as a half. Throws Error
/// for other shapes or labels, NaN, and where one of the labels does not occur.
///
/// Source: Hanley & McNeil (1982), The meaning and use of the area under a ROC curve.
template <class T, class Device>
double roc_auc(const Tensor<T, Device>& scores, const Tensor<std::int64_t, Device>& labels) {
  if (scores.rank() != 1 || !(labels.shape() == scores.shape()))
    detail::fail("roc_auc", {"scores are ", scores.shape(), " and labels ", labels.shape()},
                 "both are [n]; for scores [n, classes] name the average");
  detail::check_classes("roc_auc", "labels", labels, 2);
  detail::check_no_nan("roc_auc", "scores", scores);
  std::vector<detail::Ranked<T>> samples;
  for (std::int64_t i = 0; i < labels.size(); ++i) samples.push_back({scores.data()[i], labels.data()[i] == 1});
  const double area = detail::area_under_roc(samples);
  if (area < 0)
    detail::fail("roc_auc", {"all ", labels.size(), " labels are ", labels.data()[0]}, "the area needs both kinds");
  return area;
}

/// One against the rest: the mean over the classes of the area of their column of scores [n, classes] against all other
/// labels; micro is the area of all elements together. Throws Error for other shapes, labels outside [0, classes), NaN,
/// and where a class has no samples or all.
template <class T, class Device>
double roc_auc(const Tensor<T, Device>& scores, const Tensor<std::int64_t, Device>& labels, Average average) {
  detail::check_scores("roc_auc", "scores", scores, labels);
  const std::int64_t n = scores.size(0), classes = scores.size(1);
  double sum = 0, total = 0;
  std::vector<detail::Ranked<T>> samples;
  for (std::int64_t c = 0; c < classes; ++c) {
    std::int64_t support = 0;
    if (average != Average::micro) samples.clear();
    for (std::int64_t i = 0; i < n; ++i) {
      samples.push_back({scores.data()[i * classes + c], labels.data()[i] == c});
      support += labels.data()[i] == c ? 1 : 0;
    }
    if (support == 0 || support == n)
      detail::fail("roc_auc", {"class ", c, " has ", support, " of ", n, " samples"},
                   "the area needs samples of the class and others");
    if (average == Average::micro) continue;
    const double weight = average == Average::weighted ? static_cast<double>(support) : 1;
    sum += weight * detail::area_under_roc(samples);
    total += weight;
  }
  return average == Average::micro ? detail::area_under_roc(samples) : sum / total;
}

}  // namespace regimen
