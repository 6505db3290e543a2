// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/reduce.hpp"

namespace regimen {

/// The fraction of rows of scores [n, classes] whose first largest element is the label's: labels [n]. A row with NaN
/// counts as wrong. Throws Error for other shapes and for no rows.
template <class T, class Device>
double accuracy(const Tensor<T, Device>& scores, const Tensor<std::int64_t, Device>& labels) {
  if (scores.rank() != 2 || !(labels.shape() == Shape{scores.size(0)}) || scores.size() == 0)
    detail::fail("accuracy", {"scores are ", scores.shape(), " and labels ", labels.shape()},
                 "scores are [n, classes] and labels [n], with n and classes at least 1");
  const std::int64_t n = scores.size(0), classes = scores.size(1);
  const auto best = Tensor<std::int64_t, Device>::empty({n});
  kernel::argmax(Device{}, n, classes, std::int64_t{1}, scores.data(), best.mutable_data());
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t found = best.data()[i];
    if (found == labels.data()[i] && !std::isnan(scores.data()[i * classes + found])) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(n);
}

}  // namespace regimen
