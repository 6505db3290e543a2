// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

struct SpectralNormOptions {
  int iterations = 1;      ///< of the power method, in each call in training
  int axis = 0;            ///< of the weight, whose entries are the matrix's rows; 1 for transposed convolutions
  double epsilon = 1e-12;  ///< the least norm that is divided by
};

/// A layer whose weight is divided by its largest singular value, so that it is Lipschitz with constant about 1 (for a
/// convolution: of the weight as a matrix W of one row a filter):
///
///   y = layer(x) with weight / sigma,  sigma = u^T W v
///
/// In training each call first improves u and v by the power method, u <- W v / |W v|, v <- W^T u / |W^T u|; gradients
/// take them as constants. Both are buffers, and begin with 15 iterations from a random v. The layer is any with a
/// member `weight`, which stays the parameter.
///
/// Source: Miyato et al. (2018), Spectral normalization for generative adversarial networks; details as in PyTorch.
/// Throws Error for options out of range.
///
///   SpectralNorm critic(Linear<>(64, 1, rng), rng);
template <class Layer>
struct SpectralNorm {
  using Weight = decltype(Layer::weight);  // Tensor<T, Device>

  SpectralNorm(Layer from, Rng& rng, const SpectralNormOptions& given = {}) : layer(std::move(from)), options(given) {
    if (options.iterations < 1 || !(options.epsilon > 0 && std::isfinite(options.epsilon)))
      detail::fail("SpectralNorm", {options.iterations, " iterations, epsilon ", options.epsilon},
                   "both must be positive");
    const auto w = matrix(layer.weight.detach());
    u = Weight::zeros({w.size(0)});
    v = rng.normal<typename Weight::Scalar>({w.size(1)});
    iterate(w, 15);
  }

  Weight operator()(const Weight& x) const {
    const auto w = matrix(layer.weight);
    if (mode.training) iterate(w.detach(), options.iterations);
    const auto sigma = matmul(matmul(u.clone(), w), v.clone());
    Layer normalised = layer;
    normalised.weight = layer.weight / sigma;
    return normalised(x);
  }

  Layer layer;
  Weight u, v;  ///< [rows] and [columns] of the weight's matrix, of norm 1
  SpectralNormOptions options;
  Mode mode;
  REGIMEN_MODULE(layer, u, v, mode)

 private:
  Weight matrix(const Weight& weight) const {
    return flatten(options.axis == 0 ? weight : transpose(weight, 0, options.axis), 1);
  }

  void iterate(const Weight& w, int times) const {
    const auto step = [&](const Weight& into, const Weight& product) {
      into.assign(product / std::fmax(static_cast<double>(norm(product).item()), options.epsilon));
    };
    for (int i = 0; i < times; ++i) {
      step(u, matmul(w, v));
      step(v, matmul(u, w));
    }
  }
};

}  // namespace regimen
