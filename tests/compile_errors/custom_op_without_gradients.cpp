// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: custom_op: vjp returns a std::array with one gradient an input
#include <array>

#include "regimen/autodiff/custom_op.hpp"
#include "regimen/ops/arithmetic.hpp"

using namespace regimen;

Tensor<> f(const Tensor<>& a, const Tensor<>& b) {
  return custom_op(
      "product", [](const auto& x, const auto& y) { return x * y; },
      [](const auto& gradient, const auto&, const auto& x, const auto& y) {
#ifdef RIGHT
        return std::array{gradient * y, gradient * x};
#else
        return gradient * y + x;
#endif
      },
      a, b);
}
