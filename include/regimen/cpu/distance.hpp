// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/scratch.hpp"

namespace regimen::kernel {

/// out[s, i, j] = |a[s, i] - b[s, j]|, the Euclidean distances of the rows of a[batch, n, d] and b[batch, m, d].
///
/// Squares are |a|^2 + |b|^2 - 2 a b, by gemm. Where that would leave less than 1/16 of |a|^2 + |b|^2, and so lose
/// digits, the square is summed from differences instead.
template <class T>
void distances(Cpu, std::int64_t batch, std::int64_t n, std::int64_t m, std::int64_t d, const T* a, const T* b,
               T* out) {
  const Scratch<T> square_a(batch * n), square_b(batch * m);
  sum_squares(Cpu{}, batch * n, d, 1, a, square_a.data());
  sum_squares(Cpu{}, batch * m, d, 1, b, square_b.data());
  gemm_batched(Cpu{}, false, true, m == 0 ? 0 : n, m, d, a, d, n * d, b, d, m * d, out, m, n * m, batch);
  parallel_for(batch * n, std::max<std::int64_t>(1, elementwise_grain / (4 * m + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t row = begin; row < end; ++row) {
                   const T *from = a + row * d, *others = b + row / n * m * d, *squares = square_b.data() + row / n * m;
                   for (std::int64_t j = 0; j < m; ++j) {
                     const T most = square_a.data()[row] + squares[j];
                     T square = most - T{2} * out[row * m + j];
                     if (!(square > most * T{0.0625})) {
                       square = T{0};
                       for (std::int64_t k = 0; k < d; ++k) {
                         const T difference = from[k] - others[j * d + k];
                         square += difference * difference;
                       }
                     }
                     out[row * m + j] = std::sqrt(square);
                   }
                 }
               });
}

}  // namespace regimen::kernel
