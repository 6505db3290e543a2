// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/conv.hpp"

namespace regimen {

struct Conv2dLayerOptions {
  HeightWidth stride = 1;
  HeightWidth padding = 0;  ///< zeros around x, on each side
  HeightWidth dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
  bool bias = true;
};

/// Convolution of images x [batch, channels, height, width] with weight [filters, channels / groups, kh, kw] and bias
/// [filters], as conv2d() in ops/: y [batch, filters, out_height, out_width] with
/// out = floor((size + 2 padding - dilation (k - 1) - 1) / stride) + 1.
///
/// At first both are uniform in [-b, b), b = 1 / sqrt(channels / groups kh kw), as in PyTorch. Throws Error for sizes
/// that are not positive, or groups that do not divide channels and filters.
///
///   Conv2d first(1, 16, 3, rng, {.padding = 1}), wide(16, 32, {1, 5}, rng);
template <class T = float, class Device = Cpu>
struct Conv2d {
  Conv2d(std::int64_t channels, std::int64_t filters, HeightWidth kernel, Rng& rng,
         const Conv2dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.dilation, layer.groups} {
    if (channels <= 0 || filters <= 0 || kernel.height <= 0 || kernel.width <= 0)
      detail::fail("Conv2d",
                   {"from ", channels, " channels to ", filters, " filters of ", kernel.height, " x ", kernel.width},
                   "all must be positive");
    if (layer.groups < 1 || channels % layer.groups != 0 || filters % layer.groups != 0)
      detail::fail("Conv2d", {layer.groups, " groups for ", channels, " channels and ", filters, " filters"},
                   "groups must divide both");
    const Shape shape{filters, channels / layer.groups, kernel.height, kernel.width};
    const double bound = 1 / std::sqrt(static_cast<double>(init::fans(shape).in));
    weight = variable(init::uniform<T>(shape, rng, -bound, bound));
    if (layer.bias) bias = variable(init::uniform<T>({filters}, rng, -bound, bound));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return conv2d(x, weight, bias, options); }

  Tensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  Conv2dOptions options;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
