// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/complex_init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/complex_matmul.hpp"

namespace regimen {

struct ComplexLinearOptions {
  bool bias = true;
};

/// y = z weight^T + bias of complex numbers: z [..., in], weight [out, in], bias [out], y [..., out]. At first the
/// weight is init::complex_kaiming and the bias 0. Parameters: "weight.real", "weight.imag", "bias.real", "bias.imag".
template <class T = float, class Device = Cpu>
struct ComplexLinear {
  ComplexLinear(std::int64_t in, std::int64_t out, Rng& rng, const ComplexLinearOptions& options = {}) {
    if (in <= 0 || out <= 0)
      detail::fail("ComplexLinear", {"from ", in, " inputs to ", out, " outputs"}, "both must be positive");
    weight = variable(init::complex_kaiming<T>({out, in}, rng));
    if (options.bias) bias = variable(ComplexTensor<T, Device>(Tensor<T, Device>::zeros({out})));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    const auto y = matmul(z, weight, {.transpose_b = true});
    return bias.defined() ? y + bias : y;
  }

  ComplexTensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
