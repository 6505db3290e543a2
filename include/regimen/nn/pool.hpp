// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/pool.hpp"

namespace regimen {

/// The largest element of each window of x [..., height, width], as max_pool2d() in ops/; windows of 2 x 2 side by side
/// by default.
///
///   MaxPool2d halve, overlapping({.window = 3, .stride = 2, .padding = 1});
struct MaxPool2d {
  explicit MaxPool2d(const MaxPool2dOptions& from = {}) : options(from) {}

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return max_pool2d(x, options);
  }

  MaxPool2dOptions options;
  REGIMEN_MODULE()
};

/// The mean of each window of x [..., height, width], as avg_pool2d() in ops/; windows of 2 x 2 side by side by
/// default.
struct AvgPool2d {
  explicit AvgPool2d(const AvgPool2dOptions& from = {}) : options(from) {}

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return avg_pool2d(x, options);
  }

  AvgPool2dOptions options;
  REGIMEN_MODULE()
};

}  // namespace regimen
