// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: Eigen reads the host's memory
#include "regimen/core/eigen.hpp"

using namespace regimen;

#ifdef RIGHT
using Other = Cpu;
#else
struct Other {};
#endif

double f(const Tensor<float, Other>& x) { return x.array().sum(); }
