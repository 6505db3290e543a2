// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/group_norm.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/sequential.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

enum class ImageNorm { batch, group, none };

struct ResnetBlockOptions {
  std::int64_t stride = 1;
  ImageNorm norm = ImageNorm::batch;
  std::int64_t groups = 8;      ///< of ImageNorm::group; they divide the filters
  std::int64_t bottleneck = 0;  ///< filters of the 3 x 3 convolution between two of 1 x 1; 0: two of 3 x 3
};

/// A residual block of images x [n, channels, height, width]:
///
///   y = relu(f(x) + shortcut(x))
///   f = norm conv3x3 relu norm conv3x3                        (basic)
///   f = norm conv1x1 relu norm conv3x3 relu norm conv1x1      (bottleneck)
///
/// Convolutions have no bias, but with ImageNorm::none; the first of 3 x 3 has the stride. The shortcut is x itself, or
/// a convolution of 1 x 1 with the stride and a norm where the stride or the number of channels changes. At first
/// weights are normal with variance 2 / (filters kh kw).
///
/// Source: He et al. (2016), Deep residual learning, with the stride of bottlenecks as in torchvision. Throws Error for
/// sizes that do not fit.
template <class T = float, class Device = Cpu>
struct ResnetBlock {
  ResnetBlock(std::int64_t channels, std::int64_t filters, Rng& rng, const ResnetBlockOptions& options = {}) {
    if (options.stride < 1 || options.bottleneck < 0)
      detail::fail("ResnetBlock", {"stride ", options.stride, " and bottleneck ", options.bottleneck},
                   "the stride must be positive and the bottleneck >= 0");
    const auto add = [&](auto& to_convs, auto& to_norms, std::int64_t from, std::int64_t to, std::int64_t size,
                         std::int64_t stride) {
      to_convs.push_back(Conv2d<T, Device>(
          from, to, size, rng, {.stride = stride, .padding = size / 2, .bias = options.norm == ImageNorm::none}));
      auto& weight = to_convs.back().weight;
      weight.assign(init::kaiming_normal<T>(weight.shape(), rng, {.fan = init::Fan::out}));
      if (options.norm == ImageNorm::batch) to_norms.push_back(BatchNorm<T, Device>(to));
      if (options.norm == ImageNorm::group) to_norms.push_back(GroupNorm<T, Device>(options.groups, to));
    };
    if (options.bottleneck > 0) {
      add(convs, norms, channels, options.bottleneck, 1, 1);
      add(convs, norms, options.bottleneck, options.bottleneck, 3, options.stride);
      add(convs, norms, options.bottleneck, filters, 1, 1);
    } else {
      add(convs, norms, channels, filters, 3, options.stride);
      add(convs, norms, filters, filters, 3, 1);
    }
    if (options.stride != 1 || channels != filters)
      add(shortcut_conv, shortcut_norm, channels, filters, 1, options.stride);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    Tensor<T, Device> y = x;
    for (std::size_t i = 0; i < convs.size(); ++i) {
      y = convs[i](i == 0 ? y : relu(y));
      if (!norms.empty()) y = norms[i](y);
    }
    Tensor<T, Device> shortcut = x;
    for (const auto& conv : shortcut_conv) shortcut = conv(shortcut);
    for (const auto& norm : shortcut_norm) shortcut = norm(shortcut);
    return relu(y + shortcut);
  }

  std::vector<Conv2d<T, Device>> convs;
  std::vector<AnyLayer<T, Device>> norms;        ///< of each convolution; empty where there are none
  std::vector<Conv2d<T, Device>> shortcut_conv;  ///< one, or none where the shortcut is x itself
  std::vector<AnyLayer<T, Device>> shortcut_norm;
  REGIMEN_MODULE(convs, norms, shortcut_conv, shortcut_norm)
};

}  // namespace regimen
