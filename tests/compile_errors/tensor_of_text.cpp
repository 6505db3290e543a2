// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: Tensor<T>: T is float, double or an integer type
#include <string>

#include "regimen/core/tensor.hpp"

#ifdef RIGHT
using Element = int;
#else
using Element = std::string;
#endif

regimen::Tensor<Element> x;
