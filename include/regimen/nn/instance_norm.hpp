// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/group_norm.hpp"

namespace regimen {

struct InstanceNormOptions {
  double epsilon = 1e-5;
  bool affine = false;  ///< with weight and bias
};

/// Normalises each channel of each sample of x [n, channels, length] or [n, channels, height, width] over its
/// positions: GroupNorm with a channel a group. As in PyTorch there is no weight and bias by default; without running
/// statistics.
///
/// Source: Ulyanov et al. (2016), Instance normalization. Throws Error for other ranks, or a single position, of which
/// nothing would be left.
template <class T = float, class Device = Cpu>
struct InstanceNorm : GroupNorm<T, Device> {
  explicit InstanceNorm(std::int64_t channels_of, const InstanceNormOptions& options = {})
      : GroupNorm<T, Device>(channels_of, channels_of, {.epsilon = options.epsilon, .affine = options.affine}) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (x.rank() < 3 || x.shape().sub(2, x.rank()).size() < 2)
      detail::fail("InstanceNorm", {"x is ", x.shape()},
                   "x is [n, channels, length] or [n, channels, height, width] of two positions or more");
    return GroupNorm<T, Device>::operator()(x);
  }
};

}  // namespace regimen
