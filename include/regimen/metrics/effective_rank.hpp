// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {
namespace detail {

/// Rotates rows of a [rows, columns] until they are orthogonal, and gives their norms: the singular values where
/// rows <= columns, in no order and to within 1e-14 of their root mean square.
///
/// Source: Golub & Van Loan, Matrix computations, 4th ed., section 8.6.3 (one-sided Jacobi).
inline std::vector<double> singular_values(std::vector<double>& a, std::int64_t rows, std::int64_t columns) {
  constexpr double tolerance = 1e-14;
  const auto dot = [=](const double* x, const double* y) {
    double sum = 0;
    for (std::int64_t j = 0; j < columns; ++j) sum += x[j] * y[j];
    return sum;
  };
  double total = 0;
  for (const double value : a) total += value * value;
  const double none = tolerance * tolerance * total / static_cast<double>(std::max<std::int64_t>(rows, 1));
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < 40; ++sweep) {
    rotated = false;
    for (std::int64_t p = 0; p < rows; ++p)
      for (std::int64_t q = p + 1; q < rows; ++q) {
        double *const x = a.data() + p * columns, *const y = a.data() + q * columns;
        const double xx = dot(x, x), yy = dot(y, y), xy = dot(x, y);
        if (std::min(xx, yy) <= none || std::abs(xy) <= tolerance * std::sqrt(xx) * std::sqrt(yy)) continue;
        rotated = true;
        const double zeta = (yy - xx) / (2 * xy);
        const double tangent = std::copysign(1 / (std::abs(zeta) + std::hypot(1, zeta)), zeta);
        const double cosine = 1 / std::hypot(1, tangent), sine = cosine * tangent;
        for (std::int64_t j = 0; j < columns; ++j) {
          const double before = x[j];
          x[j] = cosine * before - sine * y[j];
          y[j] = sine * before + cosine * y[j];
        }
      }
  }
  std::vector<double> values;
  for (std::int64_t p = 0; p < rows; ++p) values.push_back(std::sqrt(dot(&a[0] + p * columns, &a[0] + p * columns)));
  return values;
}

}  // namespace detail

/// exp of the entropy of the singular values s of a [m, n], scaled to sum 1: from 1, where one of them is all, to
/// min(m, n), where all are equal.
///
///   exp(-sum_k p_k ln p_k),   p_k = s_k / sum_j s_j
///
/// Computed in double, in time O(m n min(m, n)). Throws Error for another rank, elements that are not finite, and where
/// all are 0.
///
/// Source: Roy & Vetterli (2007), The effective rank: a measure of effective dimensionality.
template <class T, class Device>
double effective_rank(const Tensor<T, Device>& a) {
  if (a.rank() != 2) detail::fail("effective_rank", {"a is ", a.shape()}, "it is a matrix [m, n]");
  detail::check_all_finite("effective_rank", "elements", a);
  double size = 0;
  for (const T value : a.span()) size = std::max(size, std::abs(static_cast<double>(value)));
  if (size == 0) detail::fail("effective_rank", {"all elements of a, which is ", a.shape(), ", are 0"});
  const std::int64_t m = a.size(0), n = a.size(1), rows = std::min(m, n), columns = std::max(m, n);
  std::vector<double> matrix;  // with the short side first, and elements up to 1 so that squares do not overflow
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      matrix.push_back(static_cast<double>(a.data()[m <= n ? i * n + j : j * n + i]) / size);
  const std::vector<double> values = detail::singular_values(matrix, rows, columns);
  double total = 0, entropy = 0;
  for (const double value : values) total += value;
  for (const double value : values)
    if (value > 0) entropy -= value / total * std::log(value / total);
  return std::exp(entropy);
}

}  // namespace regimen
