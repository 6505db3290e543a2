// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct FourierFeaturesOptions {
  double scale = 10;  ///< sigma: larger ones let a network learn finer detail
};

/// Random Fourier features of coordinates x [..., in]: y [..., 2 frequencies],
///
///   y = (cos(2 pi B x), sin(2 pi B x)),  B [frequencies, in] normal with standard deviation sigma
///
/// The frequencies are a buffer, not learned. Source: Tancik et al. (2020), Fourier features let networks learn high
/// frequency functions in low dimensional domains. Throws Error for sizes or a scale that are not positive.
template <class T = float, class Device = Cpu>
struct FourierFeatures {
  FourierFeatures(std::int64_t in, std::int64_t count, Rng& rng, const FourierFeaturesOptions& options = {}) {
    if (in <= 0 || count <= 0 || !(options.scale > 0 && std::isfinite(options.scale)))
      detail::fail("FourierFeatures", {count, " frequencies of scale ", options.scale, " for ", in, " inputs"},
                   "all must be positive and finite");
    frequencies = rng.normal<T>({count, in}, 0, static_cast<T>(options.scale));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    const auto angles = linear(x, frequencies, {}) * (2 * std::numbers::pi);
    return concat({cos(angles), sin(angles)}, -1);
  }

  Tensor<T, Device> frequencies;
  REGIMEN_MODULE(frequencies)
};

}  // namespace regimen
