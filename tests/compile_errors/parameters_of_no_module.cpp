// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: REGIMEN_MODULE: members are tensors, Rng, Mode, structs with REGIMEN_MODULE, or containers of these
#include "regimen/nn/parameters.hpp"

using namespace regimen;

struct Model {
  Tensor<> weight;
#ifdef RIGHT
  REGIMEN_MODULE(weight)
#endif
};

Parameters<> f(Model& model) { return parameters(model); }
