// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/group_norm.hpp"

namespace regimen {

struct GroupNormOptions {
  double epsilon = 1e-5;
  bool affine = true;  ///< with weight and bias
};

/// y = (x - mean) / sqrt(variance + epsilon) weight + bias for x [n, channels, ...], with the mean and the biased
/// variance of each sample over a group of channels / groups channels and the axes behind; weight and bias [channels].
/// The same in training and evaluation, and at any batch size.
///
/// At first weight is 1 and bias 0. Source: Wu & He (2018), Group normalization. Throws Error where groups do not
/// divide channels.
template <class T = float, class Device = Cpu>
struct GroupNorm {
  GroupNorm(std::int64_t groups_of, std::int64_t channels_of, const GroupNormOptions& options = {})
      : groups(groups_of), channels(channels_of), epsilon(options.epsilon) {
    if (groups < 1 || channels < 1 || channels % groups != 0)
      detail::fail("GroupNorm", {groups, " groups for ", channels, " channels"},
                   "both must be positive and groups divide channels");
    if (!options.affine) return;
    weight = variable(Tensor<T, Device>::ones({channels}));
    bias = variable(Tensor<T, Device>::zeros({channels}));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (x.rank() < 2 || x.size(1) != channels)
      detail::fail("GroupNorm", {"x is ", x.shape(), ", the layer has ", channels, " channels"},
                   "x is [n, channels, ...]");
    return group_norm(x, groups, weight, bias, epsilon);
  }

  Tensor<T, Device> weight, bias;  ///< undefined where there is none
  std::int64_t groups, channels;
  double epsilon;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
