// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/norm.hpp"

namespace regimen {

struct LayerNormOptions {
  double epsilon = 1e-5;
  bool affine = true;  ///< with weight and bias
  bool bias = true;    ///< with bias, where affine
};

/// y = (x - mean) / sqrt(variance + epsilon) weight + bias, with the mean and the biased variance over the innermost
/// axes of x [..., normalized]; weight and bias have the shape `normalized`.
///
/// At first weight is 1 and bias 0. Source: Ba et al. (2016), Layer normalization.
template <class T = float, class Device = Cpu>
struct LayerNorm {
  explicit LayerNorm(std::int64_t width, const LayerNormOptions& options = {}) : LayerNorm(Shape{width}, options) {}
  explicit LayerNorm(const Shape& axes, const LayerNormOptions& options = {})
      : normalized(axes), epsilon(options.epsilon) {
    if (options.affine) weight = variable(Tensor<T, Device>::ones(axes));
    if (options.affine && options.bias) bias = variable(Tensor<T, Device>::zeros(axes));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return layer_norm(x, normalized, weight, bias, epsilon);
  }

  Tensor<T, Device> weight, bias;  ///< undefined where there is none
  Shape normalized;
  double epsilon;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
