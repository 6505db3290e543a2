// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen::kernel {

/// y = x rounded to the nearest integer, halves to the even one; y may be x.
template <class T>
void round(Cpu, std::int64_t n, const T* x, T* y) {
  parallel_for(n, elementwise_grain, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) y[i] = std::nearbyint(x[i]);
  });
}

}  // namespace regimen::kernel
