// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen::kernel {

/// out[o, indices[o, k, j], j] = in[o, k, j] for in and indices [outer, count, inner] and out[outer, axis, inner], in
/// order of k, so that of equal indices the last one counts. No two of in, indices and out overlap.
template <class T>
void scatter(Cpu, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
             const std::int64_t* indices, T* out) {
  parallel_for(outer, std::max<std::int64_t>(1, elementwise_grain / (count * inner + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t o = begin; o < end; ++o)
                   for (std::int64_t row = o * count; row < (o + 1) * count; ++row)
                     for (std::int64_t j = 0; j < inner; ++j)
                       out[(o * axis + indices[row * inner + j]) * inner + j] = in[row * inner + j];
               });
}

}  // namespace regimen::kernel
