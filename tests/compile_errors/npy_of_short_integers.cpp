// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: no NPY type
#include "regimen/io/npy.hpp"

#ifdef RIGHT
using Element = int;
#else
using Element = short;
#endif

void f(const regimen::Tensor<Element>& x) { regimen::write_npy("array.npy", x); }
