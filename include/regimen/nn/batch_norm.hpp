// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/norm.hpp"

namespace regimen {

struct BatchNormOptions {
  double epsilon = 1e-5;
  double momentum = 0.1;  ///< m: the part of the running statistics that a batch replaces, in [0, 1]
  bool affine = true;     ///< with weight and bias
};

namespace detail {

template <class T, class Device>
void check_batch_norm(const char* operation, const Tensor<T, Device>& x, std::int64_t channels, bool training) {
  if (x.rank() < 2 || x.rank() > 4 || x.size(1) != channels)
    fail(operation, {"x is ", x.shape(), ", the layer has ", channels, " channels"},
         "x is [n, channels], [n, channels, length] or [n, channels, height, width]");
  if (training && x.size() < 2 * channels)
    fail(operation, {"x is ", x.shape(), ", too little to take a variance in training"},
         "pass at least two elements a channel, or set_training(model, false)");
}

template <class T>
struct Blend {
  T keep, take;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V a, V b) const {
    return keep * a + take * b;
  }
};

/// running <- (1 - momentum) running + momentum factor batch.
template <class T, class Device>
void blend_statistics(const Tensor<T, Device>& running, const Tensor<T, Device>& batch, double momentum,
                      double factor = 1) {
  T* const values = running.mutable_data();
  const T keep = static_cast<T>(1 - momentum), take = static_cast<T>(momentum * factor);
  kernel::map(Device{}, running.size(), Blend<T>{keep, take}, values, static_cast<const T*>(values), batch.data());
}

}  // namespace detail

/// Normalises each channel of x [n, channels], [n, channels, length] or [n, channels, height, width]:
///
///   y = (x - mean) / sqrt(variance + epsilon) weight + bias
///
/// In training with the batch's mean and biased variance over all axes but the second; the running statistics then
/// become (1 - m) running + m batch, with the unbiased variance. In evaluation with the running statistics. At first
/// weight and running_variance are 1, bias and running_mean 0.
///
/// Source: Ioffe & Szegedy (2015), Batch normalization; details as in PyTorch. Throws Error in training for fewer than
/// two elements a channel, which have no unbiased variance.
template <class T = float, class Device = Cpu>
struct BatchNorm {
  explicit BatchNorm(std::int64_t channels, const BatchNormOptions& options = {})
      : running_mean(Tensor<T, Device>::zeros({channels})),
        running_variance(Tensor<T, Device>::ones({channels})),
        epsilon(options.epsilon),
        momentum(options.momentum) {
    if (!(momentum >= 0 && momentum <= 1))
      detail::fail("BatchNorm", {"momentum is ", momentum}, "momentum must be in [0, 1]");
    if (!options.affine) return;
    weight = variable(Tensor<T, Device>::ones({channels}));
    bias = variable(Tensor<T, Device>::zeros({channels}));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    const std::int64_t channels = running_mean.size();
    detail::check_batch_norm("BatchNorm", x, channels, mode.training);
    const auto result = batch_norm(x, weight, bias, running_mean, running_variance, epsilon, mode.training);
    if (mode.training && channels > 0) {
      const auto count = static_cast<double>(x.size() / channels);
      detail::blend_statistics(running_mean, result.mean, momentum);
      detail::blend_statistics(running_variance, result.variance, momentum, count / (count - 1));
    }
    return result.y;
  }

  Tensor<T, Device> weight, bias;  ///< undefined where there is none
  Tensor<T, Device> running_mean, running_variance;
  double epsilon, momentum;
  Mode mode;
  REGIMEN_MODULE(weight, bias, running_mean, running_variance, mode)
};

}  // namespace regimen
