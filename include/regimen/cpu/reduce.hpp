// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/reductions.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/on_lanes.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

namespace reduce_detail {

inline constexpr std::int64_t row_block = 1024;       // terms that one chain of joins takes
inline constexpr std::int64_t column_block = 256;     // likewise, in rows
inline constexpr std::int64_t strip = 512;            // columns that are reduced together
inline constexpr std::int64_t chunk_terms = 1 << 16;  // terms of a part, where a long reduction has several parts

/// The first `count` < lanes<T> elements, then `filler`: by pieces of 8, 4, 2 and 1, as a loop over the elements costs
/// more than all the rest of a short row.
template <class T>
REGIMEN_ALWAYS_INLINE Vector<T> load_padded(const T* from, std::int64_t count, T filler) {
  T value[lanes<T>];
  store(value, broadcast(filler));
  T* to = value;
#pragma GCC unroll 4
  for (int piece = lanes<T> / 2; piece > 0; piece /= 2)
    if (count & piece) {
      std::memcpy(to, from, static_cast<std::size_t>(piece) * sizeof(T));
      to += piece;
      from += piece;
    }
  return load<Vector<T>>(value);
}

/// All lanes joined: halves, then halves of that.
template <class T, class R, class V>
REGIMEN_ALWAYS_INLINE T fold(const R& r, V v) {
  if constexpr (sizeof(V) > 16) {
    using Half = typename VectorOf<T, sizeof(V) / 2>::type;
    Half low, high;
    std::memcpy(&low, &v, sizeof(Half));
    std::memcpy(&high, reinterpret_cast<const char*>(&v) + sizeof(Half), sizeof(Half));
    return fold<T>(r, r.join(low, high));
  } else if constexpr (sizeof(T) == 4) {
    return r.join(r.join(T{v[0]}, T{v[2]}), r.join(T{v[1]}, T{v[3]}));
  } else {
    return r.join(T{v[0]}, T{v[1]});
  }
}

/// Calls f(Vector<T>{}, j) for all whole vectors of [0, width), then f(T{}, j) for each j that is left.
template <class T, class F>
REGIMEN_ALWAYS_INLINE void along(std::int64_t width, const F& f) {
  std::int64_t j = 0;
  for (; j + lanes<T> <= width; j += lanes<T>) f(Vector<T>{}, j);
  for (; j < width; ++j, keep_scalar()) f(T{}, j);
}

/// Columns [0, width) of `rows` rows, `stride` apart, into acc: by rows and four rows at a time, so that memory is read
/// in order.
template <class T, class R, class... In>
void columns(const R& rule, std::int64_t rows, std::int64_t stride, std::int64_t width, T* acc, const In*... in) {
  const auto& r = on_lanes(rule);
  if (rows > column_block) {
    const std::int64_t half = (rows / 2 + column_block - 1) / column_block * column_block;
    T other[strip];
    columns<T>(rule, half, stride, width, acc, in...);
    columns<T>(rule, rows - half, stride, width, other, (in + half * stride)...);
    for (std::int64_t j = 0; j < width; ++j) acc[j] = r.join(acc[j], other[j]);
    return;
  }
  std::int64_t i = 0;
  const auto one = [&](auto kind, std::int64_t j) {
    using U = decltype(kind);
    store<U>(acc + j, r.join(load<U>(acc + j), r.term(load<U>(in + i * stride + j)...)));
  };
  const auto four = [&](auto kind, std::int64_t j) {
    using U = decltype(kind);
    const std::int64_t at = i * stride + j;
    const U low = r.join(r.term(load<U>(in + at)...), r.term(load<U>(in + at + stride)...));
    const U high = r.join(r.term(load<U>(in + at + 2 * stride)...), r.term(load<U>(in + at + 3 * stride)...));
    store<U>(acc + j, r.join(load<U>(acc + j), r.join(low, high)));
  };
  std::fill(acc, acc + width, r.identity());
  for (; i < rows % 4; ++i) along<T>(width, one);
  for (; i < rows; i += 4) along<T>(width, four);
}

/// The same for a few columns without gaps between the rows: as many rows as fill some vectors count as one.
template <class T, class R, class... In>
void narrow_columns(const R& r, std::int64_t rows, std::int64_t width, T* acc, const In*... in) {
  constexpr std::int64_t wide = 64;
  const std::int64_t group = wide / width, whole = rows / group;
  T sums[wide];
  columns<T>(r, whole, group * width, group * width, sums, in...);
  for (std::int64_t j = 0; j < width; ++j) {
    T value = sums[j];
    for (std::int64_t g = 1; g < group; ++g) value = r.join(value, sums[g * width + j]);
    for (std::int64_t i = whole * group; i < rows; ++i) value = r.join(value, r.term(in[i * width + j]...));
    acc[j] = value;
  }
}

}  // namespace reduce_detail

/// The reduction of n contiguous terms on one thread: chains of at most 1024 terms, joined pairwise.
template <class T, class R, class... In>
T reduce_row(const R& rule, std::int64_t n, const In*... in) {
  using V = Vector<T>;
  using reduce_detail::load_padded, reduce_detail::row_block;
  constexpr std::int64_t L = lanes<T>;
  const auto& r = on_lanes(rule);
  if (n > row_block) {
    const std::int64_t half = (n / 2 + row_block - 1) / row_block * row_block;
    const T left = reduce_row<T>(rule, half, in...);
    return r.join(left, reduce_row<T>(rule, n - half, (in + half)...));
  }
  if (n < L) return reduce_detail::fold<T>(r, r.term(load_padded(in, n, r.filler())...));
  V acc[4];
#pragma GCC unroll 4
  for (int q = 0; q < 4; ++q) acc[q] = broadcast(r.identity());
  std::int64_t i = 0;
  for (; i + 4 * L <= n; i += 4 * L)
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) acc[q] = r.join(acc[q], r.term(load<V>(in + i + q * L)...));
  for (; i + L <= n; i += L) acc[0] = r.join(acc[0], r.term(load<V>(in + i)...));
  if (i < n) acc[1] = r.join(acc[1], r.term(load_padded(in + i, n - i, r.filler())...));
  return reduce_detail::fold<T>(r, r.join(r.join(acc[0], acc[1]), r.join(acc[2], acc[3])));
}

/// out[outer, inner] = reduction of in[outer, count, inner] along the middle axis, which is the identity where count is
/// 0.
///
/// The tree of joins depends on the sizes alone: same bits at any number of threads. The error of a sum grows with the
/// logarithm of count, beyond blocks of at most 1024 terms. out overlaps no input.
template <class T, class R, class... In>
void reduce(Cpu, const R& r, std::int64_t outer, std::int64_t count, std::int64_t inner, T* out, const In*... in) {
  using namespace reduce_detail;
  if (outer <= 0 || inner <= 0) return;
  if (inner == 1 && count <= chunk_terms) {
    parallel_for(outer, std::max<std::int64_t>(1, elementwise_grain / (count + 1)),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t o = begin; o < end; ++o) out[o] = reduce_row<T>(r, count, (in + o * count)...);
                 });
    return;
  }
  // A long reduction with few results is cut into parts of fixed size, so that threads find work.
  const std::int64_t strips = (inner + strip - 1) / strip, wide = std::min(inner, strip);
  std::int64_t rows = count, parts = 1;
  if (outer * strips < 16 && count * wide > 2 * chunk_terms) {
    rows = chunk_terms / wide;
    parts = (count + rows - 1) / rows;
  }
  const Scratch<T> partial(parts > 1 ? outer * parts * inner : 0);
  T* const to = parts > 1 ? partial.data() : out;
  parallel_for(outer * parts * strips, std::max<std::int64_t>(1, elementwise_grain / (rows * wide + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t task = begin; task < end; ++task) {
                   const std::int64_t column = task % strips * strip, part = task / strips;
                   const std::int64_t first = part % parts * rows, length = std::min(rows, count - first);
                   const std::int64_t at = (part / parts * count + first) * inner + column;
                   const std::int64_t width = std::min(strip, inner - column);
                   if (inner == 1)
                     to[part] = reduce_row<T>(r, length, (in + at)...);
                   else if (inner <= 16)
                     narrow_columns<T>(r, length, inner, to + part * inner, (in + at)...);
                   else
                     columns<T>(r, length, inner, width, to + part * inner + column, (in + at)...);
                 }
               });
  if (parts == 1) return;
  for (std::int64_t o = 0; o < outer; ++o) {
    T* const mine = to + o * parts * inner;
    for (std::int64_t gap = 1; gap < parts; gap *= 2)
      for (std::int64_t p = 0; p + gap < parts; p += 2 * gap)
        for (std::int64_t j = 0; j < inner; ++j)
          mine[p * inner + j] = r.join(mine[p * inner + j], mine[(p + gap) * inner + j]);
    std::copy(mine, mine + inner, out + o * inner);
  }
}

/// out[outer, inner] = sum over the middle axis of in[outer, count, inner]; 0 where count is 0.
template <class T>
void sum(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cpu{}, reduction::Sum<T>{}, outer, count, inner, out, in);
}

/// out[outer, inner] = sum of squares over the middle axis of in[outer, count, inner].
template <class T>
void sum_squares(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cpu{}, reduction::SumSquares<T>{}, outer, count, inner, out, in);
}

/// out[outer, inner] = sum over the middle axis of a b, both [outer, count, inner].
template <class T>
void dot(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* a, const T* b, T* out) {
  reduce(Cpu{}, reduction::Dot<T>{}, outer, count, inner, out, a, b);
}

/// out[outer, inner] = largest over the middle axis of in[outer, count, inner], count > 0; NaN if one is NaN.
template <class T>
void max(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cpu{}, reduction::Max<T>{}, outer, count, inner, out, in);
}

/// out[outer, inner] = smallest over the middle axis of in[outer, count, inner], count > 0; NaN if one is NaN.
template <class T>
void min(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cpu{}, reduction::Min<T>{}, outer, count, inner, out, in);
}

namespace reduce_detail {

/// out[outer, inner] = first position along the middle axis whose value is the reduction's, R being Max or Min.
template <class T, class R>
void position(const R& r, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  const std::int64_t strips = (inner + strip - 1) / strip, wide = std::min(inner, strip);
  const auto row = [&](const T* from) {
    const T best = reduce_row<T>(r, count, from);
    std::int64_t i = 0;
    if (best == best)
      while (i + 1 < count && from[i] != best) ++i;
    else
      while (i + 1 < count && from[i] == from[i]) ++i;
    return i;
  };
  const auto rows = [&](const T* from, std::int64_t width, std::int64_t* at) {
    T best[strip];
    std::copy(from, from + width, best);
    std::fill(at, at + width, std::int64_t{0});
    for (std::int64_t i = 1; i < count; ++i)
      for (std::int64_t j = 0; j < width; ++j) {
        const T x = from[i * inner + j], now = r.join(best[j], x);
        if (now != best[j] && best[j] == best[j]) at[j] = i;
        best[j] = now;
      }
  };
  parallel_for(outer * strips, std::max<std::int64_t>(1, elementwise_grain / (count * wide + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t task = begin; task < end; ++task) {
                   const std::int64_t column = task % strips * strip, o = task / strips;
                   const T* from = in + o * count * inner + column;
                   if (inner == 1)
                     out[o] = row(from);
                   else
                     rows(from, std::min(strip, inner - column), out + o * inner + column);
                 }
               });
}

}  // namespace reduce_detail

/// out[outer, inner] = first position of the largest element along the middle axis of in[outer, count, inner],
/// count > 0; the first NaN where there is one.
template <class T>
void argmax(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  reduce_detail::position(reduction::Max<T>{}, outer, count, inner, in, out);
}

/// argmax's twin for the smallest element.
template <class T>
void argmin(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  reduce_detail::position(reduction::Min<T>{}, outer, count, inner, in, out);
}

}  // namespace regimen::kernel
