// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct SirenLayerOptions {
  double omega = 30;   ///< omega_0
  bool first = false;  ///< the layer that reads the coordinates
};

/// y = sin(omega_0 (x weight^T + bias)), x [..., in], y [..., out].
///
/// At first weights are uniform within sqrt(6 / in) / omega_0, those of a first layer within 1 / in, so that what
/// enters each sine is about normal, and biases as Linear's. Source: Sitzmann et al. (2020), Implicit neural
/// representations with periodic activation functions. Throws Error for an omega that is not positive and finite.
template <class T = float, class Device = Cpu>
struct SirenLayer {
  SirenLayer(std::int64_t in, std::int64_t out, Rng& rng, const SirenLayerOptions& options = {})
      : map(in, out, rng), omega(options.omega) {
    if (!(omega > 0 && std::isfinite(omega)))
      detail::fail("SirenLayer", {"omega is ", omega}, "it must be positive and finite");
    const double size = static_cast<double>(in), bound = options.first ? 1 / size : std::sqrt(6 / size) / omega;
    map.weight.assign(init::uniform<T>(map.weight.shape(), rng, -bound, bound));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return sin(map(x) * omega); }

  Linear<T, Device> map;
  double omega;
  REGIMEN_MODULE(map)
};

struct SirenOptions {
  std::int64_t width = 256, layers = 3;  ///< sine layers, at least one
  double omega_first = 30, omega = 30;   ///< omega_0 of the first layer and of the others
};

/// A network of sine layers and a linear one at the end, from coordinates [..., in] to a field's values [..., out]. The
/// last layer's weights are at first within sqrt(6 / width) / omega. Source: as SirenLayer.
///
///   Siren image(2, 3, rng, {.width = 128});
///   const auto rgb = image(coordinates);  // [n, 2] in [-1, 1] to [n, 3]
template <class T = float, class Device = Cpu>
struct Siren {
  Siren(std::int64_t in, std::int64_t out_size, Rng& rng, const SirenOptions& options = {})
      : out(options.width, out_size, rng) {
    if (options.layers < 1) detail::fail("Siren", {options.layers, " sine layers"}, "there must be one or more");
    layers.emplace_back(in, options.width, rng, SirenLayerOptions{.omega = options.omega_first, .first = true});
    for (std::int64_t i = 1; i < options.layers; ++i)
      layers.emplace_back(options.width, options.width, rng, SirenLayerOptions{.omega = options.omega});
    out.weight.assign(SirenLayer<T, Device>(options.width, out_size, rng, {.omega = options.omega}).map.weight);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    Tensor<T, Device> y = x;
    for (const auto& layer : layers) y = layer(y);
    return out(y);
  }

  std::vector<SirenLayer<T, Device>> layers;
  Linear<T, Device> out;
  REGIMEN_MODULE(layers, out)
};

}  // namespace regimen
