// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <cstring>

#include "regimen/core/config.hpp"
#include "regimen/cpu/vector.hpp"

/// The parts of the matrix product: register tiles, packing.
namespace regimen::kernel::gemm_detail {

#if defined(__AVX512F__)
inline constexpr int tile_rows = 12;
#elif defined(__AVX__)
inline constexpr int tile_rows = 6;
#elif defined(__aarch64__)
inline constexpr int tile_rows = 8;
#else
inline constexpr int tile_rows = 4;
#endif

template <class T>
using Quad = typename VectorOf<T, 16>::type;

template <class T>
inline constexpr int tile_columns = 2 * lanes<T>;

/// What the tiles of a strip share: C[rows, width] = alpha A[rows, k] B[k, width] + bias (+ C if accumulate).
/// Element (i, p) of A is a[i a_row + p a_column]; row p of B starts at b + p b_row and has a whole tile's columns, as
/// has bias, whatever the width; row i of C starts at c + i c_row.
template <class T>
struct Strip {
  std::int64_t k, a_row, a_column;
  const T* b;
  std::int64_t b_row, c_row, width;
  const T* bias;
  T alpha;
  bool accumulate;
};

/// Stores (or adds) the first `width` columns of `rows` rows.
template <class T>
[[gnu::noinline]] void store_ragged(const T* from, std::int64_t from_row, std::int64_t rows, T* c, std::int64_t c_row,
                                    std::int64_t width, bool accumulate) {
  constexpr int Q = 16 / static_cast<int>(sizeof(T));
  for (; rows > 0; --rows, from += from_row, c += c_row) {
    std::int64_t j = 0;
    if (accumulate) {
      for (; j + Q <= width; j += Q) store(c + j, load<Quad<T>>(c + j) + load<Quad<T>>(from + j));
      for (; j < width; ++j, keep_scalar()) c[j] += from[j];
    } else {
      for (; j + Q <= width; j += Q) store(c + j, load<Quad<T>>(from + j));
      for (; j < width; ++j, keep_scalar()) c[j] = from[j];
    }
  }
}

/// `count` tiles of R rows and N vectors, one below the other, a_tile apart in A. Packed: a_row is 1, a_column is R and
/// b_row is a tile's columns.
template <class T, int R, int N, bool Packed>
[[gnu::noinline]] void tiles(const Strip<T>& strip, const T* a, std::int64_t a_tile, T* c, std::int64_t count) {
  using V = Vector<T>;
  constexpr int L = lanes<T>;
  const std::int64_t k = strip.k, a_column = Packed ? R : strip.a_column, c_row = strip.c_row;
  const std::int64_t a_row = Packed ? 1 : strip.a_row, b_row = Packed ? N * L : strip.b_row;
  for (; count > 0; --count, a += a_tile, c += R * c_row) {
    V sum[R][N];
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 2
      for (int v = 0; v < N; ++v) sum[i][v] = V{};
    if constexpr (Packed)
      for (int i = 0; i < R; ++i) __builtin_prefetch(c + i * c_row, 1);
    // Three rows of A an address: the other two are one and two strides further.
    const T* rows[(R + 2) / 3];
#pragma GCC unroll 16
    for (int i = 0; i < R; i += 3) rows[i / 3] = a + i * a_row;
    const T* b = strip.b;
    const auto add = [&](std::int64_t p) __attribute__((always_inline)) {
      V right[N];
#pragma GCC unroll 2
      for (int v = 0; v < N; ++v) right[v] = load<V>(b + p * b_row + v * L);
#pragma GCC unroll 16
      for (int i = 0; i < R; ++i) {
        const T left = rows[i / 3][i % 3 * a_row + p * a_column];
#pragma GCC unroll 2
        for (int v = 0; v < N; ++v) sum[i][v] += left * right[v];
      }
    };
    const auto advance = [&](std::int64_t steps) __attribute__((always_inline)) {
#pragma GCC unroll 16
      for (int i = 0; i < R; i += 3) rows[i / 3] += steps * a_column;
      b += steps * b_row;
    };
    std::int64_t p = k;
    if constexpr (R == 1 || (R == 2 && !Packed))
      for (; p >= 4; p -= 4) {
        add(0);
        add(1);
        advance(2);
        add(0);
        add(1);
        advance(2);
      }
    for (; p > 0; --p) {
      add(0);
      advance(1);
    }
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 2
      for (int v = 0; v < N; ++v) sum[i][v] = strip.alpha * sum[i][v] + load<V>(strip.bias + v * L);
    if (strip.width == N * L) {
      if (strip.accumulate) {
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i)
#pragma GCC unroll 2
          for (int v = 0; v < N; ++v) sum[i][v] += load<V>(c + i * c_row + v * L);
      }
#pragma GCC unroll 16
      for (int i = 0; i < R; ++i)
#pragma GCC unroll 2
        for (int v = 0; v < N; ++v) store<V>(c + i * c_row + v * L, sum[i][v]);
    } else {
      T out[R][N * L];
#pragma GCC unroll 16
      for (int i = 0; i < R; ++i)
#pragma GCC unroll 2
        for (int v = 0; v < N; ++v) store<V>(out[i] + v * L, sum[i][v]);
      store_ragged(out[0], N * L, R, c, c_row, strip.width, strip.accumulate);
    }
  }
}

/// `rows` rows of sums of K terms against a whole panel of B, which stays in registers: element (p, j) of B is
/// b[p b_row + j b_column].
template <class T, int K>
[[gnu::noinline]] void thin(const Strip<T>& strip, std::int64_t b_column, const T* a, T* c, std::int64_t rows) {
  using V = Vector<T>;
  constexpr int L = lanes<T>;
  T panel[K][2 * L];
#pragma GCC unroll 4
  for (int j = 0; j < 2 * L; ++j, keep_scalar())
    for (int p = 0; p < K; ++p) panel[p][j] = strip.b[p * strip.b_row + j * b_column];
  V right[K][2], bias[2];
#pragma GCC unroll 2
  for (int v = 0; v < 2; ++v) {
    bias[v] = load<V>(strip.bias + v * L);
#pragma GCC unroll 2
    for (int p = 0; p < K; ++p) right[p][v] = strip.alpha * load<V>(panel[p] + v * L);
  }
  const std::int64_t a_row = strip.a_row, a_column = strip.a_column, c_row = strip.c_row;
  const auto row = [&](V first, V second) __attribute__((always_inline)) {
#pragma GCC unroll 2
    for (int p = 0; p < K; ++p) {
      first += a[p * a_column] * right[p][0];
      second += a[p * a_column] * right[p][1];
    }
    store(c, first);
    store(c + L, second);
    a += a_row;
    c += c_row;
  };
  if (strip.accumulate) {
    for (; rows > 0; --rows) row(bias[0] + load<V>(c), bias[1] + load<V>(c + L));
    return;
  }
  for (; rows >= 4; rows -= 4) {
    row(bias[0], bias[1]);
    row(bias[0], bias[1]);
    row(bias[0], bias[1]);
    row(bias[0], bias[1]);
  }
  for (; rows > 0; --rows) row(bias[0], bias[1]);
}

/// `count` rows against one panel of B: tiles of R rows, a_tile apart in A, and what is left in tiles of the powers of
/// two below R.
template <class T, int R, int N>
void strip_rows(const Strip<T>& strip, const T* a, std::int64_t a_tile, T* c, std::int64_t count) {
  if (count >= R) {
    const std::int64_t whole = count / R;
    tiles<T, R, N, false>(strip, a, a_tile, c, whole);
    a += whole * a_tile;
    c += whole * R * strip.c_row;
    count -= whole * R;
  }
  if constexpr (R > 1) {
    constexpr int half = R > 8 ? 8 : R > 4 ? 4 : R > 2 ? 2 : 1;
    if (count != 0) strip_rows<T, half, N>(strip, a, half * strip.a_row, c, count);
  }
}

/// Transposes a square of 16-byte vectors in registers.
REGIMEN_ALWAYS_INLINE void transpose(Quad<float>* r) {
  const auto a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), b = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
  const auto c = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5), d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}
REGIMEN_ALWAYS_INLINE void transpose(Quad<double>* r) {
  const auto a = __builtin_shufflevector(r[0], r[1], 0, 2), b = __builtin_shufflevector(r[0], r[1], 1, 3);
  r[0] = a;
  r[1] = b;
}

/// to[p W + j] = from[p stride + j] for p < k, j < width; zero for width <= j < W.
template <class T, int W>
[[gnu::noinline]] void pack_rows(const T* from, std::int64_t stride, std::int64_t k, std::int64_t width, T* to) {
  if (width == W) {
    for (std::int64_t p = 0; p < k; ++p, from += stride, to += W) std::memcpy(to, from, W * sizeof(T));
    return;
  }
  for (std::int64_t p = 0; p < k; ++p, from += stride, to += W) {
    for (std::int64_t j = 0; j < width; ++j, keep_scalar()) to[j] = from[j];
    for (std::int64_t j = width; j < W; ++j, keep_scalar()) to[j] = T{0};
  }
}

/// to[p W + j] = from[j stride + p] for p < k, j < width; zero for width <= j < W.
template <class T, int W>
[[gnu::noinline]] void pack_columns(const T* from, std::int64_t stride, std::int64_t k, std::int64_t width, T* to) {
  constexpr int L = 16 / static_cast<int>(sizeof(T));
  std::int64_t j = 0;
  for (; j + L <= width; j += L) {
    const T* source = from + j * stride;
    T* target = to + j;
    std::int64_t p = 0;
    for (; p + L <= k; p += L, source += L, target += L * W) {
      Quad<T> square[L];
#pragma GCC unroll 4
      for (int q = 0; q < L; ++q) square[q] = load<Quad<T>>(source + q * stride);
      transpose(square);
#pragma GCC unroll 4
      for (int q = 0; q < L; ++q) store(target + q * W, square[q]);
    }
    for (; p < k; ++p, ++source, target += W, keep_scalar())
#pragma GCC unroll 4
      for (int q = 0; q < L; ++q) target[q] = source[q * stride];
  }
  for (; j < width; ++j)
    for (std::int64_t p = 0; p < k; ++p, keep_scalar()) to[p * W + j] = from[j * stride + p];
  for (; j < W; ++j)
    for (std::int64_t p = 0; p < k; ++p, keep_scalar()) to[p * W + j] = T{0};
}

}  // namespace regimen::kernel::gemm_detail
