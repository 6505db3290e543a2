// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: Sequential: a layer is a function from a Tensor to a Tensor
#include "regimen/nn/activation.hpp"
#include "regimen/nn/sequential.hpp"

#ifdef RIGHT
regimen::Sequential<> network{regimen::Relu{}};
#else
regimen::Sequential<> network{64};
#endif
