// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct FeedForwardOptions {
  std::int64_t hidden = 0;  ///< 0 stands for 4 times the width
  bool bias = true;
};

/// The perceptron of a transformer, row by row: y = down(gelu(up(x))), x and y [..., width].
template <class T = float, class Device = Cpu>
struct FeedForward {
  FeedForward(std::int64_t width, Rng& rng, const FeedForwardOptions& options = {})
      : up(width, options.hidden == 0 ? 4 * width : options.hidden, rng, {.bias = options.bias}),
        down(options.hidden == 0 ? 4 * width : options.hidden, width, rng, {.bias = options.bias}) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return down(gelu(up(x))); }

  Linear<T, Device> up, down;
  REGIMEN_MODULE(up, down)
};

}  // namespace regimen
