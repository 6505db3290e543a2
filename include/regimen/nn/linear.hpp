// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/activation.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/linear.hpp"

namespace regimen {

struct LinearOptions {
  bool bias = true;
  Activation activation = Activation::none;  ///< applied in the same pass
};

/// y = activation(x weight^T + bias), x [..., in], weight [out, in], bias [out], y [..., out].
///
/// At first both are uniform in [-1 / sqrt(in), 1 / sqrt(in)), as in PyTorch.
template <class T = float, class Device = Cpu>
struct Linear {
  Linear(std::int64_t in, std::int64_t out, Rng& rng, const LinearOptions& options = {})
      : activation(options.activation) {
    if (in <= 0 || out <= 0)
      detail::fail("Linear", {"from ", in, " inputs to ", out, " outputs"}, "both must be positive");
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    weight = variable(init::uniform<T>({out, in}, rng, -bound, bound));
    if (options.bias) bias = variable(init::uniform<T>({out}, rng, -bound, bound));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return linear(x, weight, bias, activation); }

  Tensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  Activation activation;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
