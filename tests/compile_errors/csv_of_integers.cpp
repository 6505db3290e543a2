// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
// says: read_csv<T>: T is float or double
#include "regimen/data/read/csv.hpp"

#ifdef RIGHT
using Element = float;
#else
using Element = int;
#endif

auto f() { return regimen::read_csv<Element>("table.csv"); }
