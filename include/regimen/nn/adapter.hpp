// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct AdapterOptions {
  std::int64_t bottleneck = 64;
  double stddev = 1e-2;  ///< of the weights at first
};

/// A narrow perceptron that is added to its input, to be trained between layers
/// that are frozen:
///
///   y = x + up(gelu(down(x))),  x and y [..., width], down to [...,
///   bottleneck]
///
/// At first the weights are normal with a small deviation and the biases 0, so
/// that y is nearly x. Source: Houlsby et al. (2019), Parameter-efficient
/// transfer learning for NLP. Deviation: they cut the normal distribution off
/// at two deviations. Throws Error for sizes that are not positive or a
/// negative deviation.
template <class T = float, class Device = Cpu>
struct Adapter {
  Adapter(std::int64_t width, Rng& rng, const AdapterOptions& options = {})
      : down(width, options.bottleneck, rng), up(options.bottleneck, width, rng) {
    if (!(options.stddev >= 0)) detail::fail("Adapter", {"stddev is ", options.stddev}, "it must be >= 0");
    for (Linear<T, Device>* layer : {&down, &up}) {
      layer->weight = variable(init::normal<T>(layer->weight.shape(), rng, 0, options.stddev));
      layer->bias = variable(init::zeros<T>(layer->bias.shape()));
    }
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return x + up(gelu(down(x))); }

  Linear<T, Device> down, up;
  REGIMEN_MODULE(down, up)
};

}  // namespace regimen
