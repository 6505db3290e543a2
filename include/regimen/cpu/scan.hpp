// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"

/// Running sums, products and recurrences along the middle axis of [outer, count, inner], from its first entry on, or
/// from its last one where `reverse`. Values of float are accumulated in double. out may be an input; otherwise it
/// overlaps none.
namespace regimen::kernel {

namespace scan_detail {

inline constexpr std::int64_t strip = 64;  // columns that are scanned together

/// out[at] = acc = step(acc, at) for the positions of each column, acc being `start` before the first.
template <class T, class Step>
void scan(std::int64_t outer, std::int64_t count, std::int64_t inner, bool reverse, int start, const Step& step,
          T* out) {
  using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, T>;
  const std::int64_t strips = (inner + strip - 1) / strip;
  parallel_for(outer * strips, std::max<std::int64_t>(1, elementwise_grain / (count * std::min(inner, strip) + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 Accumulator acc[strip];
                 for (std::int64_t unit = begin; unit < end; ++unit) {
                   const std::int64_t first = unit % strips * strip, width = std::min(strip, inner - first);
                   std::fill(acc, acc + width, static_cast<Accumulator>(start));
                   for (std::int64_t i = 0; i < count; ++i) {
                     const std::int64_t k = reverse ? count - 1 - i : i;
                     const std::int64_t row = (unit / strips * count + k) * inner + first;
                     for (std::int64_t j = 0; j < width; ++j) {
                       acc[j] = step(acc[j], row + j);
                       out[row + j] = static_cast<T>(acc[j]);
                     }
                   }
                 }
               });
}

}  // namespace scan_detail

/// out[o, k, j] = sum of in[o, i, j] over i <= k (i >= k where `reverse`).
template <class T>
void cumsum(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, bool reverse, const T* in, T* out) {
  scan_detail::scan(
      outer, count, inner, reverse, 0, [in](auto acc, std::int64_t at) { return acc + in[at]; }, out);
}

/// out[o, k, j] = product of in[o, i, j] over i <= k.
template <class T>
void cumprod(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  scan_detail::scan(
      outer, count, inner, false, 1, [in](auto acc, std::int64_t at) { return acc * in[at]; }, out);
}

/// out[o, k, j] = a[o, k, j] out[o, k - 1, j] + b[o, k, j] (k + 1 where `reverse`), from 0 on.
template <class T>
void linear_recurrence(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, bool reverse, const T* a,
                       const T* b, T* out) {
  scan_detail::scan(
      outer, count, inner, reverse, 0, [a, b](auto acc, std::int64_t at) { return a[at] * acc + b[at]; }, out);
}

}  // namespace regimen::kernel
