// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/cpu/gemm_tile.hpp"

/// Products of a matrix and a vector: dot products where rows are contiguous, sums of rows where columns are.
namespace regimen::kernel::gemm_detail {

/// The halves of a vector added, and theirs, down to 16 bytes.
template <class T, class V>
REGIMEN_ALWAYS_INLINE Quad<T> fold(V v) {
  if constexpr (sizeof(V) / sizeof(T) == 16) {
    return fold<T>(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                   __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15));
  } else if constexpr (sizeof(V) / sizeof(T) == 8) {
    const auto half = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
    return fold<T>(half);
  } else if constexpr (sizeof(V) == 32) {
    return __builtin_shufflevector(v, v, 0, 1) + __builtin_shufflevector(v, v, 2, 3);
  } else {
    return v;
  }
}

/// c[i c_step] = from[i] + bias[i bias_step] (+ c[i c_step] if accumulate) for i < count.
template <class T>
[[gnu::noinline]] void store_strided(const T* from, std::int64_t count, T* c, std::int64_t c_step, const T* bias,
                                     std::int64_t bias_step, bool accumulate) {
  for (; count > 0; --count, ++from, bias += bias_step, c += c_step, keep_scalar())
    *c = accumulate ? *c + (*from + *bias) : *from + *bias;
}

/// c[i c_step] = alpha (row i of A . x) + bias[i bias_step] (+ c[i c_step] if accumulate) for i < count; rows of A,
/// a_row apart, and x are contiguous, of length k. Four rows at a time.
template <class T>
[[gnu::noinline]] void dots(std::int64_t count, std::int64_t k, const T* a, std::int64_t a_row, const T* x, T* c,
                            std::int64_t c_step, const T* bias, std::int64_t bias_step, T alpha, bool accumulate) {
  using V = Vector<T>;
  constexpr int L = lanes<T>, Q = 16 / static_cast<int>(sizeof(T));
  const bool direct = c_step == 1 && bias_step == 0;
  for (std::int64_t i = 0; i < count;) {
    // The last rows, fewer than four, go one by one: all four pointers then are the same row's.
    const std::int64_t valid = i + 4 <= count ? 4 : 1, step = valid == 4 ? a_row : 0;
    const T* const rows[4] = {a, a + step, a + 2 * step, a + 3 * step};
    V sum[4] = {};
    std::int64_t p = 0;
    for (; p + L <= k; p += L) {
      const V right = load<V>(x + p);
#pragma GCC unroll 4
      for (int q = 0; q < 4; ++q) sum[q] += load<V>(rows[q] + p) * right;
    }
    Quad<T> folded[4], total[4 / Q];
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) folded[q] = fold<T>(sum[q]);
#pragma GCC unroll 2
    for (int q = 0; q < 4; q += Q) {
      transpose(folded + q);
      total[q / Q] = folded[q] + folded[q + 1];
      if constexpr (Q == 4) total[0] += folded[2] + folded[3];
    }
    for (; p < k; ++p, keep_scalar())
#pragma GCC unroll 4
      for (int q = 0; q < 4; ++q) total[q / Q][q % Q] += rows[q][p] * x[p];
    T out[4];
#pragma GCC unroll 2
    for (int q = 0; q < 4; q += Q) {
      Quad<T> value = alpha * total[q / Q];
      if (direct && valid == 4) {
        value += bias[0];
        if (accumulate) value += load<Quad<T>>(c + q);
        store(c + q, value);
      } else {
        store(out + q, value);
      }
    }
    if (!direct || valid != 4) store_strided(out, valid, c, c_step, bias + i * bias_step, bias_step, accumulate);
    a += valid * a_row;
    c += valid * c_step;
    i += valid;
  }
}

/// y[j] = alpha sum_p x[p x_step] B[p, j] + bias[j] (+ y[j] if accumulate) for j < n, four rows of B at a time.
template <class T>
[[gnu::noinline]] void row_sum(std::int64_t n, std::int64_t k, const T* x, std::int64_t x_step, const T* b,
                               std::int64_t b_row, T* y, const T* bias, T alpha, bool accumulate) {
  using V = Vector<T>;
  constexpr int L = lanes<T>;
  for (std::int64_t j = 0; j < n; ++j) y[j] = (accumulate ? y[j] : T{0}) + (bias != nullptr ? bias[j] : T{0});
  std::int64_t p = 0;
  for (; p + 4 <= k; p += 4) {
    const T* rows[4];
    T scale[4];
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) {
      rows[q] = b + (p + q) * b_row;
      scale[q] = alpha * x[(p + q) * x_step];
    }
    std::int64_t j = 0;
    for (; j + L <= n; j += L) {
      V sum = load<V>(y + j);
#pragma GCC unroll 4
      for (int q = 0; q < 4; ++q) sum += scale[q] * load<V>(rows[q] + j);
      store(y + j, sum);
    }
    for (; j < n; ++j, keep_scalar()) {
      T sum = y[j];
#pragma GCC unroll 4
      for (int q = 0; q < 4; ++q) sum += scale[q] * rows[q][j];
      y[j] = sum;
    }
  }
  for (; p < k; ++p) {
    const T scale = alpha * x[p * x_step];
    for (std::int64_t j = 0; j < n; ++j) y[j] += scale * b[p * b_row + j];
  }
}

}  // namespace regimen::kernel::gemm_detail
