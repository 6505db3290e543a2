// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/matmul.hpp"

namespace regimen {

struct LoraOptions {
  std::int64_t rank = 8;
  double alpha = 8;  ///< the change is scaled by alpha / rank
};

/// A linear map that is fixed, and a change of low rank that is learned (Hu et al. 2022):
///
///   y = base(x) + (alpha / rank) x a^T b^T,  a [rank, in], b [out, rank]
///
/// The base is frozen: it shares its parameters with the layer it is made from, which is frozen too. At first a is
/// Kaiming uniform as Linear's weight and b is 0, so that y is the base's. merged() is the same map as one Linear, with
/// parameters of its own; this layer stays as it is. Throws Error for rank <= 0 or a base with an activation.
template <class T = float, class Device = Cpu>
struct Lora {
  Lora(Linear<T, Device> from, Rng& rng, const LoraOptions& options = {}) : base(std::move(from)) {
    const std::int64_t out = base.weight.size(0), in = base.weight.size(1);
    if (options.rank <= 0 || base.activation != Activation::none)
      detail::fail("Lora", {"rank ", options.rank, " for a weight of shape ", base.weight.shape()},
                   "the rank must be positive, and the layer without an activation");
    scale = options.alpha / static_cast<double>(options.rank);
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    a = variable(init::uniform<T>({options.rank, in}, rng, -bound, bound));
    b = variable(Tensor<T, Device>::zeros({out, options.rank}));
    freeze<Device>(base);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return base(x) + linear(linear(x, a, {}), b, {}) * scale;
  }

  /// base.weight + (alpha / rank) b a and the base's bias, as a layer with parameters of its own that are not frozen.
  Linear<T, Device> merged() const {
    Linear<T, Device> result = base;
    result.weight = variable(base.weight.detach() + matmul(b.detach(), a.detach()) * scale);
    if (base.bias.defined()) result.bias = variable(base.bias.clone());
    return result;
  }

  Linear<T, Device> base;
  Tensor<T, Device> a, b;
  double scale = 1;
  REGIMEN_MODULE(base, a, b)
};

}  // namespace regimen
