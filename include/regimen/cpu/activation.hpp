// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/activation.hpp"

namespace regimen::kernel {

/// Replaces n values by their activation.
template <class T>
[[gnu::noinline]] void activate(Activation activation, T* values, std::int64_t n) {
  switch (activation) {
    case Activation::none:
      break;
    case Activation::relu:
      for (std::int64_t i = 0; i < n; ++i) values[i] = values[i] < T{0} ? T{0} : values[i];
      break;
    case Activation::tanh:
      for (std::int64_t i = 0; i < n; ++i) values[i] = std::tanh(values[i]);
      break;
    case Activation::sigmoid:
      for (std::int64_t i = 0; i < n; ++i) values[i] = T{1} / (T{1} + std::exp(-values[i]));
      break;
  }
}

}  // namespace regimen::kernel
