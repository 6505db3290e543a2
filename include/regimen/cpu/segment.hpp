// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/scratch.hpp"

namespace regimen::kernel {

/// out[s, j] = the largest in[k, j] with ids[k] = s, NaN where one is, 0 where there is none, for in[count, inner],
/// ids[count] in [0, segments) and out[segments, inner]. Threads share out the segments, and each looks at all ids.
template <class T>
void segment_max(Cpu, std::int64_t count, std::int64_t inner, std::int64_t segments, const T* in,
                 const std::int64_t* ids, T* out) {
  parallel_for(segments, std::max<std::int64_t>(1, elementwise_grain * segments / (count * (inner + 8) + 1)),
               [&](std::int64_t low, std::int64_t high) {
                 const Scratch<bool> seen(high - low);
                 std::fill(seen.data(), seen.data() + high - low, false);
                 std::fill(out + low * inner, out + high * inner, T{0});
                 for (std::int64_t k = 0; k < count; ++k) {
                   const std::int64_t segment = ids[k];
                   if (segment < low || segment >= high) continue;
                   const T* from = in + k * inner;
                   T* to = out + segment * inner;
                   if (!seen.data()[segment - low]) {
                     seen.data()[segment - low] = true;
                     std::copy(from, from + inner, to);
                   } else {
                     for (std::int64_t j = 0; j < inner; ++j)
                       to[j] = from[j] > to[j] || from[j] != from[j] ? from[j] : to[j];
                   }
                 }
               });
}

}  // namespace regimen::kernel
