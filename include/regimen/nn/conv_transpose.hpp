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
#include "regimen/ops/conv_transpose.hpp"

namespace regimen {

struct ConvTranspose1dLayerOptions {
  std::int64_t stride = 1;
  std::int64_t padding = 0;         ///< what is cut off the result, on each side
  std::int64_t output_padding = 0;  ///< what is added to the result's end, below stride
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
  bool bias = true;
};

struct ConvTranspose2dLayerOptions {
  HeightWidth stride = 1;
  HeightWidth padding = 0;         ///< what is cut off the result, on each side
  HeightWidth output_padding = 0;  ///< what is added to the result's end, below stride
  HeightWidth dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
  bool bias = true;
};

/// Transposed convolution of sequences x [batch, channels, length] with weight [channels, filters / groups, k] and bias
/// [filters], as conv_transpose1d() in ops/: y [batch, filters, out] with
/// out = (length - 1) stride - 2 padding + dilation (k - 1) + output_padding + 1.
///
/// At first both are uniform in [-b, b), b = 1 / sqrt(filters / groups k), as in PyTorch. Throws Error for sizes that
/// are not positive, or groups that do not divide channels and filters.
template <class T = float, class Device = Cpu>
struct ConvTranspose1d {
  ConvTranspose1d(std::int64_t channels, std::int64_t filters, std::int64_t kernel, Rng& rng,
                  const ConvTranspose1dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups} {
    if (channels <= 0 || filters <= 0 || kernel <= 0)
      detail::fail("ConvTranspose1d", {"from ", channels, " channels to ", filters, " filters of ", kernel},
                   "all must be positive");
    if (layer.groups < 1 || channels % layer.groups != 0 || filters % layer.groups != 0)
      detail::fail("ConvTranspose1d", {layer.groups, " groups for ", channels, " channels and ", filters, " filters"},
                   "groups must divide both");
    const Shape shape{channels, filters / layer.groups, kernel};
    const double bound = 1 / std::sqrt(static_cast<double>(init::fans(shape).in));
    weight = variable(init::uniform<T>(shape, rng, -bound, bound));
    if (layer.bias) bias = variable(init::uniform<T>({filters}, rng, -bound, bound));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return conv_transpose1d(x, weight, bias, options); }

  Tensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  ConvTranspose1dOptions options;
  REGIMEN_MODULE(weight, bias)
};

/// The same for images x [batch, channels, height, width], weight [channels, filters / groups, kh, kw].
///
///   ConvTranspose2d twice(32, 16, 2, rng, {.stride = 2});  // [n, 32, 14, 14] to [n, 16, 28, 28]
template <class T = float, class Device = Cpu>
struct ConvTranspose2d {
  ConvTranspose2d(std::int64_t channels, std::int64_t filters, HeightWidth kernel, Rng& rng,
                  const ConvTranspose2dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups} {
    if (channels <= 0 || filters <= 0 || kernel.height <= 0 || kernel.width <= 0)
      detail::fail("ConvTranspose2d",
                   {"from ", channels, " channels to ", filters, " filters of ", kernel.height, " x ", kernel.width},
                   "all must be positive");
    if (layer.groups < 1 || channels % layer.groups != 0 || filters % layer.groups != 0)
      detail::fail("ConvTranspose2d", {layer.groups, " groups for ", channels, " channels and ", filters, " filters"},
                   "groups must divide both");
    const Shape shape{channels, filters / layer.groups, kernel.height, kernel.width};
    const double bound = 1 / std::sqrt(static_cast<double>(init::fans(shape).in));
    weight = variable(init::uniform<T>(shape, rng, -bound, bound));
    if (layer.bias) bias = variable(init::uniform<T>({filters}, rng, -bound, bound));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return conv_transpose2d(x, weight, bias, options); }

  Tensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  ConvTranspose2dOptions options;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
