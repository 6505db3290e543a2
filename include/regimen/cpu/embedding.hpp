// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

/// The first i < n with indices[i] outside [0, limit), or -1 where there is none. The kernels below do not look.
inline std::int64_t find_out_of_range(Cpu, std::int64_t n, const std::int64_t* indices, std::int64_t limit) {
  const auto top = static_cast<std::uint64_t>(limit);
  for (std::int64_t i = 0; i < n; ++i)
    if (static_cast<std::uint64_t>(indices[i]) >= top) return i;
  return -1;
}

/// out[o, k, j] = in[o, indices[k], j] for in[outer, axis, inner], indices[count] and out[outer, count, inner]. An
/// embedding is the case outer = 1: rows of a table.
template <class T>
void index_select(Cpu, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                  const std::int64_t* indices, T* out) {
  if (inner == 0) return;
  parallel_for(outer * count, std::max<std::int64_t>(1, elementwise_grain / (inner + 8)),
               [&](std::int64_t begin, std::int64_t end) {
                 std::int64_t o = begin / count, k = begin % count;
                 for (std::int64_t row = begin; row < end; ++row) {
                   const T* from = in + (o * axis + indices[k]) * inner;
                   T* to = out + row * inner;
                   if (inner == 1)
                     *to = *from;
                   else
                     std::memcpy(to, from, static_cast<std::size_t>(inner) * sizeof(T));
                   if (++k == count) k = 0, ++o;
                 }
               });
}

/// out[o, indices[k], j] += in[o, k, j] for in[outer, count, inner], indices[count] and out[outer, axis, inner], in
/// order of k: the gradient of index_select. Threads share out the elements of out, not the indices, so the bits do not
/// depend on their number.
template <class T>
void index_add(Cpu, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
               const std::int64_t* indices, T* out) {
  constexpr std::int64_t columns = 64, parts = 16;  // of a row, and of the axis where rows are short
  const auto add = [](auto a, auto b) { return a + b; };
  if (inner >= columns || outer >= parts) {
    const std::int64_t strips = (inner + columns - 1) / columns;
    parallel_for(outer * strips, std::max<std::int64_t>(1, elementwise_grain / (count * std::min(columns, inner) + 1)),
                 [&](std::int64_t begin, std::int64_t end) {
                   // Neighbouring strips of one o are one wide strip.
                   while (begin < end) {
                     const std::int64_t o = begin / strips, first = begin % strips * columns;
                     const std::int64_t stop = std::min(end, (o + 1) * strips);
                     const std::int64_t width = std::min(inner, (stop - o * strips) * columns) - first;
                     for (std::int64_t k = 0; k < count; ++k) {
                       T* const to = out + (o * axis + indices[k]) * inner + first;
                       map_range(width, add, to, static_cast<const T*>(to), in + (o * count + k) * inner + first);
                     }
                     begin = stop;
                   }
                 });
    return;
  }
  // Each thread scans all indices for those in its part of the axis.
  parallel_for(outer * parts, std::max<std::int64_t>(1, elementwise_grain * parts / (count * (inner + 8) + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 while (begin < end) {
                   const std::int64_t o = begin / parts, stop = std::min(end, (o + 1) * parts);
                   const std::int64_t low = begin % parts * axis / parts, high = (stop - o * parts) * axis / parts;
                   for (std::int64_t k = 0; k < count; ++k) {
                     const std::int64_t row = indices[k];
                     if (row < low || row >= high) continue;
                     T* const to = out + (o * axis + row) * inner;
                     const T* from = in + (o * count + k) * inner;
                     for (std::int64_t j = 0; j < inner; ++j) to[j] += from[j];
                   }
                   begin = stop;
                 }
               });
}

/// out[o, k, j] = in[o, indices[o, k, j], j] for in[outer, axis, inner], and indices and out [outer, count, inner]:
/// PyTorch's gather. With count = inner = 1 it picks one element of each row.
template <class T>
void gather(Cpu, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
            const std::int64_t* indices, T* out) {
  parallel_for(outer * count, std::max<std::int64_t>(1, elementwise_grain / (inner + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t row = begin; row < end; ++row) {
                   const T* from = in + row / count * axis * inner;
                   for (std::int64_t j = 0; j < inner; ++j)
                     out[row * inner + j] = from[indices[row * inner + j] * inner + j];
                 }
               });
}

/// out[o, indices[o, k, j], j] += in[o, k, j] for in and indices [outer, count, inner] and out[outer, axis, inner], in
/// order of k: the gradient of gather. Split over outer, else over inner.
template <class T>
void scatter_add(Cpu, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                 const std::int64_t* indices, T* out) {
  const auto part = [&](std::int64_t o, std::int64_t begin, std::int64_t end) {
    T* const to = out + o * axis * inner;
    for (std::int64_t row = o * count; row < (o + 1) * count; ++row)
      for (std::int64_t j = begin; j < end; ++j) to[indices[row * inner + j] * inner + j] += in[row * inner + j];
  };
  if (outer >= 16 || inner < 64) {
    parallel_for(outer, std::max<std::int64_t>(1, elementwise_grain / (count * inner + 1)),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t o = begin; o < end; ++o) part(o, 0, inner);
                 });
    return;
  }
  for (std::int64_t o = 0; o < outer; ++o)
    parallel_for(inner, std::max<std::int64_t>(16, elementwise_grain / (count + 1)),
                 [&](std::int64_t begin, std::int64_t end) { part(o, begin, end); });
}

}  // namespace regimen::kernel
