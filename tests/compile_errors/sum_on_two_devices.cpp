// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: the operands are on two devices: bring them to one
#include "regimen/ops/arithmetic.hpp"

using namespace regimen;

#ifdef RIGHT
using Other = Cpu;
#else
struct Other {};
#endif

Tensor<float> f(const Tensor<float>& a, const Tensor<float, Other>& b) { return a + b; }
