// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

/// The fraction of rows of scores [n, classes] whose label, of labels [n], is among the k largest elements. Of equal
/// elements the first counts as larger, so that k = 1 is accuracy(). Throws Error for other shapes, no rows, labels
/// outside [0, classes), NaN, and k outside [1, classes].
template <class T, class Device>
double topk_accuracy(const Tensor<T, Device>& scores, const Tensor<std::int64_t, Device>& labels, std::int64_t k) {
  detail::check_scores("topk_accuracy", "scores", scores, labels);
  const std::int64_t n = scores.size(0), classes = scores.size(1);
  if (k < 1 || k > classes)
    detail::fail("topk_accuracy", {"k is ", k, " for scores ", scores.shape()},
                 "it is from 1 to the number of classes");
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const T* row = scores.data() + i * classes;
    const std::int64_t label = labels.data()[i];
    std::int64_t above = 0;
    for (std::int64_t j = 0; j < classes; ++j)
      if (row[j] > row[label] || (row[j] == row[label] && j < label)) ++above;
    if (above < k) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(n);
}

}  // namespace regimen
