// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen::kernel {

/// y[o, i, j] = x[o, k, j] + weight[i] (x[o, k', j] - x[o, k, j]) with k = at[i] and k' = min(k + 1, n - 1): linear
/// interpolation along the middle axis, for x[outer, n, inner] and y[outer, count, inner].
template <class T>
void interpolate(Cpu, std::int64_t outer, std::int64_t n, std::int64_t inner, std::int64_t count,
                 const std::int64_t* at, const T* weight, const T* x, T* y) {
  parallel_for(outer * count, std::max<std::int64_t>(1, elementwise_grain / (inner + 4)),
               [&](std::int64_t begin, std::int64_t end) {
                 std::int64_t o = begin / count, i = begin % count;
                 for (std::int64_t row = begin; row < end; ++row) {
                   const T w = weight[i];
                   const T *low = x + (o * n + at[i]) * inner, *high = at[i] + 1 < n ? low + inner : low;
                   if (inner == 1)
                     y[row] = *low + w * (*high - *low);
                   else
                     map_range(
                         inner, [w](auto a, auto b) { return a + (b - a) * w; }, y + row * inner, low, high);
                   if (++i == count) i = 0, ++o;
                 }
               });
}

/// dx[outer, n, inner] of interpolate for the gradient g of y, in order of i: its adjoint.
template <class T>
void interpolate_backward(Cpu, std::int64_t outer, std::int64_t n, std::int64_t inner, std::int64_t count,
                          const std::int64_t* at, const T* weight, const T* g, T* dx) {
  constexpr std::int64_t strip = 64;  // of inner
  const std::int64_t strips = (inner + strip - 1) / strip;
  parallel_for(outer * strips, std::max<std::int64_t>(1, elementwise_grain / (count * std::min(inner, strip) + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t unit = begin; unit < end; ++unit) {
                   const std::int64_t first = unit % strips * strip, width = std::min(strip, inner - first);
                   const T* from = g + unit / strips * count * inner + first;
                   T* const to = dx + unit / strips * n * inner + first;
                   for (std::int64_t k = 0; k < n; ++k) std::fill(to + k * inner, to + k * inner + width, T{0});
                   for (std::int64_t i = 0; i < count; ++i, from += inner) {
                     const T w = weight[i];
                     T *low = to + at[i] * inner, *high = at[i] + 1 < n ? low + inner : low;
                     for (std::int64_t j = 0; j < width; ++j) low[j] += from[j] * (T{1} - w);
                     for (std::int64_t j = 0; j < width; ++j) high[j] += from[j] * w;
                   }
                 }
               });
}

}  // namespace regimen::kernel
