// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/rms_norm.hpp"

namespace regimen {

struct RMSNormOptions {
  double epsilon = 1e-6;
  bool affine = true;  ///< with weight
};

/// y = x / sqrt(mean(x^2) + epsilon) weight over the innermost axis of x [..., width]; weight [width], at first 1.
///
/// Source: Zhang & Sennrich (2019), Root mean square layer normalization.
template <class T = float, class Device = Cpu>
struct RMSNorm {
  explicit RMSNorm(std::int64_t width_of, const RMSNormOptions& options = {})
      : width(width_of), epsilon(options.epsilon) {
    if (width < 1) detail::fail("RMSNorm", {"width is ", width}, "it must be positive");
    if (options.affine) weight = variable(Tensor<T, Device>::ones({width}));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (x.rank() == 0 || x.size(-1) != width)
      detail::fail("RMSNorm", {"x is ", x.shape(), ", the layer has width ", width}, "x is [..., width]");
    return rms_norm(x, weight, epsilon);
  }

  Tensor<T, Device> weight;  ///< undefined where there is none
  std::int64_t width;
  double epsilon;
  REGIMEN_MODULE(weight)
};

}  // namespace regimen
