// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

/// Images as sequences of tokens: each patch of x [n, channels, height, width] becomes a row by one linear map, a
/// convolution whose stride is its size. y [n, patches, width], patches row by row.
///
/// Source: Dosovitskiy et al. (2021), An image is worth 16x16 words, eq. 1. Throws Error where the patch does not
/// divide the image.
template <class T = float, class Device = Cpu>
struct PatchEmbedding {
  PatchEmbedding(std::int64_t channels, HeightWidth patch, std::int64_t width, Rng& rng)
      : conv(channels, width, patch, rng, {.stride = patch}) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    const auto& weight = conv.weight;
    if (x.rank() != 4 || x.size(2) % weight.size(2) != 0 || x.size(3) % weight.size(3) != 0)
      detail::fail("PatchEmbedding", {"x is ", x.shape(), ", patches ", weight.size(2), " x ", weight.size(3)},
                   "x is [n, channels, height, width] of whole patches");
    return transpose(flatten(conv(x), 2), 1, 2);
  }

  Conv2d<T, Device> conv;
  REGIMEN_MODULE(conv)
};

}  // namespace regimen
