// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/index.hpp"

namespace regimen {

/// A row of weight [entries, width] for each index: indices [...] in [0, entries) give [..., width].
///
/// At first standard normal, as in PyTorch.
template <class T = float, class Device = Cpu>
struct Embedding {
  Embedding(std::int64_t entries, std::int64_t width, Rng& rng) {
    if (entries <= 0 || width <= 0)
      detail::fail("Embedding", {entries, " entries of ", width, " elements"}, "both must be positive");
    weight = variable(init::normal<T>({entries, width}, rng));
  }

  Tensor<T, Device> operator()(const Tensor<std::int64_t, Device>& indices) const { return embedding(weight, indices); }

  Tensor<T, Device> weight;
  REGIMEN_MODULE(weight)
};

}  // namespace regimen
