// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/conv1d.hpp"

namespace regimen {

struct Conv1dLayerOptions {
  std::int64_t stride = 1;
  std::int64_t padding = 0;  ///< zeros around x, on each side
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
  bool bias = true;
};

/// Convolution of sequences x [batch, channels, length] with weight [filters, channels / groups, k] and bias [filters],
/// as conv1d() in ops/: y [batch, filters, out] with
/// out = floor((length + 2 padding - dilation (k - 1) - 1) / stride) + 1.
///
/// At first both are uniform in [-b, b), b = 1 / sqrt(channels / groups k), as in PyTorch. Throws Error for sizes that
/// are not positive, or groups that do not divide channels and filters.
///
///   Conv1d first(1, 16, 5, rng, {.padding = 2}), halving(16, 32, 4, rng, {.stride = 2, .padding = 1});
template <class T = float, class Device = Cpu>
struct Conv1d {
  Conv1d(std::int64_t channels, std::int64_t filters, std::int64_t kernel, Rng& rng,
         const Conv1dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.dilation, layer.groups} {
    if (channels <= 0 || filters <= 0 || kernel <= 0)
      detail::fail("Conv1d", {"from ", channels, " channels to ", filters, " filters of ", kernel},
                   "all must be positive");
    if (layer.groups < 1 || channels % layer.groups != 0 || filters % layer.groups != 0)
      detail::fail("Conv1d", {layer.groups, " groups for ", channels, " channels and ", filters, " filters"},
                   "groups must divide both");
    const Shape shape{filters, channels / layer.groups, kernel};
    const double bound = 1 / std::sqrt(static_cast<double>(init::fans(shape).in));
    weight = variable(init::uniform<T>(shape, rng, -bound, bound));
    if (layer.bias) bias = variable(init::uniform<T>({filters}, rng, -bound, bound));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return conv1d(x, weight, bias, options); }

  Tensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  Conv1dOptions options;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
