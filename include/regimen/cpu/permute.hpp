// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/gemm_tile.hpp"
#include "regimen/cpu/strides.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

namespace permute_detail {

/// rows x columns elements of a walk over two arrays.
template <class T>
struct Plane {
  std::int64_t rows, columns;
  const T* in;
  std::int64_t in_down, in_along;
  T* out;
  std::int64_t out_down, out_along;
};

template <class T>
inline constexpr std::int64_t line = 64 / static_cast<std::int64_t>(sizeof(T));  // elements of a cache line

template <bool Add, class T>
void by_rows(Plane<T> p) {
  const bool direct = p.in_along == 1 && p.out_along == 1;
  for (std::int64_t i = 0; i < p.rows; ++i, p.in += p.in_down, p.out += p.out_down) {
    if (direct && p.columns >= line<T>) {
      if constexpr (Add)
        map_range(
            p.columns, [](auto a, auto b) { return a + b; }, p.out, static_cast<const T*>(p.out), p.in);
      else
        std::memcpy(p.out, p.in, static_cast<std::size_t>(p.columns) * sizeof(T));
      continue;
    }
    const T* from = p.in;
    T* to = p.out;
    for (std::int64_t j = 0; j < p.columns; ++j, from += p.in_along, to += p.out_along, keep_scalar())
      if constexpr (Add)
        *to += *from;
      else
        *to = *from;
  }
}

/// A copy whose input is contiguous down and whose output is contiguous along: a cache line of each at a time, by
/// squares of four 16-byte vectors (two of doubles). The block goes through the stack, as rows of the output whose
/// distance is a power of two would evict each other before they are complete.
template <class T>
void transposed(const Plane<T>& p) {
  using Lane = std::conditional_t<sizeof(T) == 4, float, double>;
  using Quad = gemm_detail::Quad<Lane>;
  constexpr std::int64_t Q = 16 / static_cast<std::int64_t>(sizeof(T)), B = line<T>;
  alignas(64) T block[B * B];
  const bool staged = p.out_down % 256 == 0;
  for (std::int64_t first = 0; first < p.rows; first += B) {
    const std::int64_t rows = std::min(B, p.rows - first);
    const T* from = p.in + first;
    T* to = p.out + first * p.out_down;
    for (std::int64_t j = 0; j < p.columns; j += B, from += B * p.in_along, to += B) {
      const std::int64_t columns = std::min(B, p.columns - j);
      if (rows < B || columns < B) {
        for (std::int64_t q = 0; q < columns; ++q)
          for (std::int64_t i = 0; i < rows; ++i, keep_scalar()) to[i * p.out_down + q] = from[q * p.in_along + i];
        continue;
      }
      T* const target = staged ? block : to;
      const std::int64_t down = staged ? B : p.out_down;
      for (std::int64_t q = 0; q < B; q += Q)
        for (std::int64_t i = 0; i < B; i += Q) {
          Quad square[Q];
#pragma GCC unroll 4
          for (std::int64_t k = 0; k < Q; ++k) std::memcpy(&square[k], from + (q + k) * p.in_along + i, 16);
          gemm_detail::transpose(square);
#pragma GCC unroll 4
          for (std::int64_t k = 0; k < Q; ++k) std::memcpy(target + (i + k) * down + q, &square[k], 16);
        }
      for (std::int64_t i = 0; staged && i < B; ++i) std::memcpy(to + i * p.out_down, block + i * B, 64);
    }
  }
}

template <bool Add, class T>
void walk(int rank, const std::int64_t* sizes, const T* in, const std::int64_t* in_strides, T* out,
          const std::int64_t* out_strides) {
  constexpr std::int64_t some = 1 << 12;  // elements of a unit of work
  Walk<2> w = copy_walk(rank, sizes, in_strides, out_strides);
  const std::int64_t total = w.count();
  if (total == 0) return;
  w.collapse();
  if (w.rank == 1) {
    w.rank = 2;
    w.size[1] = w.size[0];
    w.size[0] = 1;
    for (int k = 0; k < 2; ++k) w.stride[k][1] = w.stride[k][0], w.stride[k][0] = 0;
  }
  const int last = w.rank - 1;
  bool transposes = false;
  if constexpr (!Add && (sizeof(T) == 4 || sizeof(T) == 8))
    if (w.stride[1][last] == 1 && w.stride[0][last] != 1)
      for (int axis = 0; axis < last && !transposes; ++axis)
        if (w.stride[0][axis] == 1) {
          transposes = true;
          w.exchange(axis, last - 1);
        }

  const std::int64_t rows = w.size[last - 1], columns = w.size[last];
  std::int64_t group = std::max<std::int64_t>(1, some / columns), segment = some;
  if (transposes) group = (group + line<T> - 1) / line<T> * line<T>, segment = some / line<T>;
  const std::int64_t groups = (rows + group - 1) / group, segments = (columns + segment - 1) / segment;
  parallel_for(total / rows / columns * groups * segments,
               std::max<std::int64_t>(1, elementwise_grain / (std::min(group, rows) * std::min(segment, columns))),
               [&](std::int64_t begin, std::int64_t end) {
                 Odometer<2> at(w, last - 1, begin / segments / groups);
                 for (std::int64_t unit = begin; unit < end; ++unit) {
                   const std::int64_t j = unit % segments * segment, i = unit / segments % groups * group;
                   const std::int64_t* a = w.stride[0];
                   const std::int64_t* b = w.stride[1];
                   const Plane<T> plane{std::min(group, rows - i),
                                        std::min(segment, columns - j),
                                        in + at.offset[0] + i * a[last - 1] + j * a[last],
                                        a[last - 1],
                                        a[last],
                                        out + at.offset[1] + i * b[last - 1] + j * b[last],
                                        b[last - 1],
                                        b[last]};
                   if constexpr (!Add && (sizeof(T) == 4 || sizeof(T) == 8)) {
                     if (transposes)
                       transposed(plane);
                     else
                       by_rows<Add>(plane);
                   } else {
                     by_rows<Add>(plane);
                   }
                   if ((unit + 1) % (groups * segments) == 0) at.next();
                 }
               });
}

}  // namespace permute_detail

/// out[i . out_strides] = in[i . in_strides] for every index i of an array of the given sizes; strides count elements
/// and may be negative, in_strides may be 0. Transpositions go by blocks. So a slice with steps is a copy from `in` at
/// the slice's first element, a concatenation is a copy into each part of `out`, and a flip has a negative stride.
///
/// rank is at most 8. No two indices write one element; out overlaps no input.
template <class T>
void strided_copy(Cpu, int rank, const std::int64_t* sizes, const T* in, const std::int64_t* in_strides, T* out,
                  const std::int64_t* out_strides) {
  permute_detail::walk<false>(rank, sizes, in, in_strides, out, out_strides);
}

/// out[i . out_strides] += in[i . in_strides], otherwise as strided_copy.
template <class T>
void strided_add(Cpu, int rank, const std::int64_t* sizes, const T* in, const std::int64_t* in_strides, T* out,
                 const std::int64_t* out_strides) {
  permute_detail::walk<true>(rank, sizes, in, in_strides, out, out_strides);
}

/// Axis k of out is axis axes[k] of in, which has the given sizes; both contiguous.
template <class T>
void permute(Cpu, int rank, const std::int64_t* sizes, const int* axes, const T* in, T* out) {
  const Walk<2> walk = permuted_walk(rank, sizes, axes);
  strided_copy(Cpu{}, rank, walk.size, in, walk.stride[0], out, walk.stride[1]);
}

}  // namespace regimen::kernel
