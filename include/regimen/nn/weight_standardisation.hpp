// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

struct WeightStandardisationOptions {
  double epsilon = 1e-5;
};

/// The weight [filters, ...] with mean 0 and variance 1 of each filter: (w - mean) / sqrt(variance + epsilon), the
/// variance biased. Source: Qiao et al. (2019), Micro-batch training with batch-channel normalization and weight
/// standardization. Throws Error for a rank below 2, filters without elements and an epsilon <= 0.
template <class T, class Device>
Tensor<T, Device> standardise_weight(const Tensor<T, Device>& weight,
                                     const WeightStandardisationOptions& options = {}) {
  if (weight.rank() < 2 || weight.shape().sub(1, weight.rank()).size() == 0)
    detail::fail("standardise_weight", {"the weight is ", weight.shape()}, "it is [filters, ...] with elements");
  if (!(options.epsilon > 0 && std::isfinite(options.epsilon)))
    detail::fail("standardise_weight", {"epsilon is ", options.epsilon}, "it must be positive and finite");
  const auto rows = flatten(weight, 1);
  return reshape(layer_norm(rows, Shape{rows.size(1)}, {}, {}, options.epsilon), weight.shape());
}

/// A layer that works with its standardised weight; the layer is any with a member `weight` [filters, ...], which stays
/// the parameter. Good with GroupNorm and small batches.
///
///   WeightStandardised conv(Conv2d<>(16, 32, 3, rng, {.padding = 1}));
template <class Layer>
struct WeightStandardised {
  using Weight = decltype(Layer::weight);  // Tensor<T, Device>

  explicit WeightStandardised(Layer from, const WeightStandardisationOptions& given = {})
      : layer(std::move(from)), options(given) {
    standardise_weight(layer.weight.detach(), options);  // checks both
  }

  Weight operator()(const Weight& x) const {
    Layer standardised = layer;
    standardised.weight = standardise_weight(layer.weight, options);
    return standardised(x);
  }

  Layer layer;
  WeightStandardisationOptions options;
  REGIMEN_MODULE(layer)
};

}  // namespace regimen
