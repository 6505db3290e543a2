// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"

/// Checks that metrics share, each an Error in the name of `operation`.
namespace regimen::detail {

/// Labels, or other class numbers, [n] with n at least 1, each in [0, classes).
template <class Device>
void check_classes(const char* operation, const char* name, const Tensor<std::int64_t, Device>& labels,
                   std::int64_t classes) {
  if (labels.rank() != 1 || labels.size() == 0)
    fail(operation, {name, " are ", labels.shape()}, "they are [n], with n at least 1");
  for (std::int64_t i = 0; i < labels.size(); ++i)
    if (labels.data()[i] < 0 || labels.data()[i] >= classes)
      fail(operation, {name, " number ", i, " is ", labels.data()[i], ", and there are ", classes, " classes"},
           "classes count from 0");
}

/// Elements that are all finite.
template <class T, class Device>
void check_all_finite(const char* operation, const char* name, const Tensor<T, Device>& x) {
  for (std::int64_t i = 0; i < x.size(); ++i)
    if (!std::isfinite(x.data()[i]))
      fail(operation, {name, " have ", x.data()[i], " at position ", i, " of ", x.shape()}, "they must be finite");
}

/// Elements of which none is NaN.
template <class T, class Device>
void check_no_nan(const char* operation, const char* name, const Tensor<T, Device>& x) {
  for (std::int64_t i = 0; i < x.size(); ++i)
    if (std::isnan(x.data()[i]))
      fail(operation, {name, " have NaN at position ", i, " of ", x.shape()}, "look where it comes from");
}

/// Scores [n, classes] without NaN, and labels [n] in [0, classes), n and classes at least 1.
template <class T, class Device>
void check_scores(const char* operation, const char* name, const Tensor<T, Device>& scores,
                  const Tensor<std::int64_t, Device>& labels) {
  if (scores.rank() != 2 || !(labels.shape() == Shape{scores.size(0)}) || scores.size() == 0)
    fail(operation, {name, " are ", scores.shape(), " and labels ", labels.shape()},
         {name, " are [n, classes] and labels [n], with n and classes at least 1"});
  check_classes(operation, "labels", labels, scores.size(1));
  check_no_nan(operation, name, scores);
}

}  // namespace regimen::detail
