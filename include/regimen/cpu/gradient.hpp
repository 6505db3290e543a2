// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>

#include "regimen/cpu/optimizer.hpp"

/// Transforms of a matrix's gradient row by row, in place. Rows are independent, so the number of threads does not
/// matter; sums are in double.
namespace regimen::kernel {

/// g [rows, columns]:  each row less its mean.
template <class T>
void centre_rows(Cpu, std::int64_t rows, std::int64_t columns, T* g) {
  parallel_for(rows, elementwise_grain / columns + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      T* row = g + i * columns;
      double sum = 0;
      for (std::int64_t j = 0; j < columns; ++j) sum += static_cast<double>(row[j]);
      const T mean = static_cast<T>(sum / static_cast<double>(columns));
      for (std::int64_t j = 0; j < columns; ++j) row[j] -= mean;
    }
  });
}

/// p, g [rows, columns]:  where |g_i| > limit max(|p_i|, epsilon), row g_i is scaled to that norm. NaN stays.
template <class T>
void clip_rows(Cpu, std::int64_t rows, std::int64_t columns, double limit, double epsilon, const T* p, T* g) {
  parallel_for(rows, elementwise_grain / columns + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      T* row = g + i * columns;
      const double size = std::sqrt(regimen::detail::square_sum(columns, p + i * columns));
      const double most = limit * (size < epsilon ? epsilon : size);
      const double norm = std::sqrt(regimen::detail::square_sum(columns, row));
      if (!(norm > most)) continue;
      const T factor = static_cast<T>(most / norm);
      for (std::int64_t j = 0; j < columns; ++j) row[j] *= factor;
    }
  });
}

}  // namespace regimen::kernel
