// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cpu/optimizer.hpp"

/// The factored second moment of Adafactor.
namespace regimen::kernel {

/// v <- beta2 v + (1 - beta2) (g^2 + epsilon);  u = g / sqrt(v), 0 where v is 0.
template <class T>
void adafactor_vector(Cpu, std::int64_t n, T beta2, T epsilon, const T* g, T* v, T* u) {
  const T rest = T(1) - beta2;
  update<T>(
      Cpu{}, n,
      [=](auto& gradient, auto& second, auto& direction) {
        second = beta2 * second + rest * (gradient * gradient + epsilon);
        direction = second > broadcast(T(0)) ? gradient / root(second) : broadcast(T(0));
      },
      g, v, u);
}

/// g [rows, columns], r [rows], c [columns]:  r and c follow the means of g^2 + epsilon over columns and over rows;
/// u = g / sqrt(r c^T / mean(r)), 0 where that is 0. Sums are in double and in order.
template <class T>
void adafactor_matrix(Cpu, std::int64_t rows, std::int64_t columns, T beta2, T epsilon, const T* g, T* r, T* c, T* u) {
  const auto part = [&](std::int64_t count) {
    const std::int64_t grain = elementwise_grain / count;
    return grain < 1 ? 1 : grain;
  };
  const double keep = static_cast<double>(beta2), rest = 1 - keep, add = static_cast<double>(epsilon);
  parallel_for(rows, part(columns), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const double mean = regimen::detail::square_sum(columns, g + i * columns) / static_cast<double>(columns);
      r[i] = static_cast<T>(keep * static_cast<double>(r[i]) + rest * (mean + add));
    }
  });
  parallel_for(columns, part(rows), [&](std::int64_t begin, std::int64_t end) {
    const Scratch<double> sums(end - begin);
    for (std::int64_t j = begin; j < end; ++j) sums.data()[j - begin] = 0;
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = begin; j < end; ++j) {
        const double x = static_cast<double>(g[i * columns + j]);
        sums.data()[j - begin] += x * x;
      }
    for (std::int64_t j = begin; j < end; ++j)
      c[j] = static_cast<T>(keep * static_cast<double>(c[j]) +
                            rest * (sums.data()[j - begin] / static_cast<double>(rows) + add));
  });
  double mean = 0;
  for (std::int64_t i = 0; i < rows; ++i) mean += static_cast<double>(r[i]);
  mean /= static_cast<double>(rows);
  parallel_for(rows, part(columns), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T row = mean > 0 ? static_cast<T>(static_cast<double>(r[i]) / mean) : T(0);
      const T* x = g + i * columns;
      update_range<T>(
          columns,
          [=](auto& gradient, auto& column, auto& direction) {
            const auto second = row * column;
            direction = second > broadcast(T(0)) ? gradient / root(second) : broadcast(T(0));
          },
          x, static_cast<const T*>(c), u + i * columns);
    }
  });
}

}  // namespace regimen::kernel
