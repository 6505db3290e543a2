// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

struct PerplexityOptions {
  std::int64_t ignored = -100;  ///< the label of positions that do not count, as padding
};

/// exp of the mean of -log p[label] over the positions that count, p = softmax(logits), for logits [..., classes] and
/// labels [...]. Summed in double. Throws Error for shapes that do not agree, labels outside [0, classes), NaN, and no
/// positions that count.
template <class T, class Device>
double perplexity(const Tensor<T, Device>& logits, const Tensor<std::int64_t, Device>& labels,
                  const PerplexityOptions& options = {}) {
  if (logits.rank() == 0 || !(labels.shape() == logits.shape().without(-1)))
    detail::fail("perplexity", {"logits are ", logits.shape(), " and labels ", labels.shape()},
                 "logits are [..., classes] and labels [...]");
  detail::check_no_nan("perplexity", "logits", logits);
  const std::int64_t classes = logits.size(-1);
  double sum = 0;
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < labels.size(); ++i) {
    const std::int64_t label = labels.data()[i];
    if (label == options.ignored) continue;
    if (label < 0 || label >= classes)
      detail::fail("perplexity", {"label ", i, " is ", label, ", and there are ", classes, " classes"},
                   {"classes count from 0; positions that do not count have the label ", options.ignored});
    const T* row = logits.data() + i * classes;
    const auto top = static_cast<double>(*std::max_element(row, row + classes));
    if (!std::isfinite(top))
      detail::fail("perplexity", {"the largest logit at position ", i, " is ", top},
                   "logits must be numbers, and one of them finite");
    double total = 0;
    for (std::int64_t j = 0; j < classes; ++j) total += std::exp(static_cast<double>(row[j]) - top);
    sum += std::log(total) - (static_cast<double>(row[label]) - top);
    ++count;
  }
  if (count == 0)
    detail::fail("perplexity", {"none of the labels ", labels.shape(), " counts"}, "give at least one that does");
  return std::exp(sum / static_cast<double>(count));
}

}  // namespace regimen
