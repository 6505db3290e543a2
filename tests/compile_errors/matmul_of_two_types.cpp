// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: the operands have two element types: convert one, as in a + b.to<float>()
#include "regimen/ops/matmul.hpp"

using namespace regimen;

Tensor<float> f(const Tensor<float>& a, const Tensor<double>& b) {
#ifdef RIGHT
  return matmul(a, b.to<float>());
#else
  return matmul(a, b);
#endif
}
