// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/activation.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/math.hpp"

namespace regimen::kernel {

/// Replaces n values by their activation.
template <class T>
[[gnu::noinline]] void activate(Activation activation, T* values, std::int64_t n) {
  switch (activation) {
    case Activation::none:
      break;
    case Activation::relu:
      map(
          Cpu{}, n, [](Vector<T> z) { return z < Vector<T>{} ? Vector<T>{} : z; }, values, values);
      break;
    case Activation::tanh:
      map(
          Cpu{}, n, [](Vector<T> z) { return math::tanh(z); }, values, values);
      break;
    case Activation::sigmoid:
      map(
          Cpu{}, n, [](Vector<T> z) { return math::sigmoid(z); }, values, values);
      break;
  }
}

}  // namespace regimen::kernel
