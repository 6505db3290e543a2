// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: random elements are float or double
#include "regimen/core/rng.hpp"

#ifdef RIGHT
using Element = double;
#else
using Element = int;
#endif

regimen::Tensor<Element> f(regimen::Rng& rng) { return rng.uniform<Element>({3}); }
