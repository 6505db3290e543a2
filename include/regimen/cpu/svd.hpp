// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {
namespace svd_detail {

inline double dot(std::int64_t n, const double* x, const double* y) {
  return reduce_row<double>(reduction::Dot<double>{}, n, x, y);
}

/// x <- c x - s y, y <- s x + c y.
inline void turn(std::int64_t n, double c, double s, double* x, double* y) {
  const auto step = [=](auto v, std::int64_t i) {
    using V = decltype(v);
    const V a = load<V>(x + i), b = load<V>(y + i);
    store(x + i, V(a * c - b * s));
    store(y + i, V(a * s + b * c));
  };
  std::int64_t i = 0;
  for (; i + lanes<double> <= n; i += lanes<double>) step(Vector<double>{}, i);
  for (; i < n; ++i) step(double{}, i);
}

/// Turns the rows of w[count, length], count <= length, until they are orthogonal to each other, by Hestenes' one-sided
/// Jacobi iteration; `turned`, the identity before, has the rows that were turned with them. Rows shorter than
/// `negligible` count as 0. Returns whether it came to an end.
inline bool orthogonalise(std::int64_t count, std::int64_t length, double negligible, double* w, double* turned) {
  const double tolerance = 4 * std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(length));
  for (int sweep = 0; sweep < 60; ++sweep) {
    bool done = true;
    for (std::int64_t p = 0; p < count; ++p)
      for (std::int64_t q = p + 1; q < count; ++q) {
        double *x = w + p * length, *y = w + q * length;
        const double xx = dot(length, x, x), yy = dot(length, y, y), xy = dot(length, x, y);
        if (std::min(xx, yy) <= negligible * negligible || std::abs(xy) <= tolerance * std::sqrt(xx) * std::sqrt(yy))
          continue;
        done = false;
        const double zeta = (yy - xx) / (2 * xy);
        const double t = (zeta < 0 ? -1 : 1) / (std::abs(zeta) + std::hypot(1, zeta)), c = 1 / std::hypot(1, t);
        turn(length, c, c * t, x, y);
        turn(count, c, c * t, turned + p * count, turned + q * count);
      }
    if (done) return true;
  }
  return false;
}

/// Makes row k of x[.., length] a unit vector that is orthogonal to the k rows before it, k < length.
inline void complete(std::int64_t k, std::int64_t length, double* x) {
  double* const row = x + k * length;
  for (std::int64_t i = 0; i < length; ++i) {
    std::fill(row, row + length, 0.0);
    row[i] = 1;
    for (int pass = 0; pass < 2; ++pass)
      for (std::int64_t j = 0; j < k; ++j) {
        const double share = dot(length, x + j * length, row);
        for (std::int64_t l = 0; l < length; ++l) row[l] -= share * x[j * length + l];
      }
    const double size = std::sqrt(dot(length, row, row));
    if (2 * size * size * static_cast<double>(length) < 1) continue;  // one of the axes is far enough from the others
    for (std::int64_t l = 0; l < length; ++l) row[l] /= size;
    return;
  }
}

/// svd() of one matrix. False where an element is not finite.
template <class T>
bool svd_of(std::int64_t rows, std::int64_t columns, const T* a, T* u, T* s, T* v) {
  const std::int64_t count = std::min(rows, columns), length = std::max(rows, columns);
  const bool wide = rows < columns;
  double scale = 0;
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const double size = std::abs(static_cast<double>(a[i]));
    if (!(size <= std::numeric_limits<double>::max())) return false;
    scale = std::max(scale, size);
  }
  if (scale == 0) scale = 1;
  const Scratch<double> scratch(2 * count * (length + count) + count);
  double *const w = scratch.data(), *const turned = w + count * length, *const sizes = turned + count * count;
  double *const long_rows = sizes + count, *const short_rows = long_rows + count * length;
  double total = 0;
  for (std::int64_t k = 0; k < count; ++k)
    for (std::int64_t i = 0; i < length; ++i) {
      const double value = static_cast<double>(wide ? a[k * columns + i] : a[i * columns + k]) / scale;
      w[k * length + i] = value;
      total += value * value;
    }
  std::fill(turned, turned + count * count, 0.0);
  for (std::int64_t k = 0; k < count; ++k) turned[k * count + k] = 1;
  const double negligible = std::numeric_limits<double>::epsilon() * static_cast<double>(length) * std::sqrt(total);
  if (!orthogonalise(count, length, negligible, w, turned)) return false;

  for (std::int64_t k = 0; k < count; ++k) sizes[k] = std::sqrt(dot(length, w + k * length, w + k * length));
  for (std::int64_t k = 0; k < count; ++k) {  // the largest of those left
    const std::int64_t from = std::max_element(sizes, sizes + count) - sizes;
    const double size = sizes[from];
    sizes[from] = -1;
    s[k] = static_cast<T>(size * scale);
    for (std::int64_t i = 0; i < length; ++i) long_rows[k * length + i] = w[from * length + i] / size;
    if (size <= negligible) complete(k, length, long_rows);
    std::copy(turned + from * count, turned + (from + 1) * count, short_rows + k * count);
    const double* const left = wide ? short_rows + k * count : long_rows + k * length;
    const double* const end = left + rows;
    const double* const largest =
        std::max_element(left, end, [](double x, double y) { return std::abs(x) < std::abs(y); });
    const double sign = *largest < 0 ? -1 : 1;
    T *const of_long = wide ? v : u, *const of_short = wide ? u : v;
    for (std::int64_t i = 0; i < length; ++i) of_long[i * count + k] = static_cast<T>(sign * long_rows[k * length + i]);
    for (std::int64_t i = 0; i < count; ++i) of_short[i * count + k] = static_cast<T>(sign * short_rows[k * count + i]);
  }
  return true;
}

}  // namespace svd_detail

/// The singular values s[batch, k], descending, and the left and right singular vectors u[batch, rows, k] and
/// v[batch, columns, k], as columns, of a[batch, rows, columns], with k = min(rows, columns). The entry of largest
/// absolute value of a left vector, the first of equal ones, is positive. failed[i] tells of elements that are not
/// finite. A matrix a task, in double; some ten sweeps of 5 k^2 max(rows, columns) operations and more.
///
/// By one-sided Jacobi rotations (Hestenes 1958, Inversion of matrices by biorthogonalization and related results),
/// which find small values more exactly than other methods (Demmel & Veselic 1992). Eigen's BDCSVD is quicker above
/// some hundred columns, but takes a minute to compile.
template <class T>
void svd(Cpu, std::int64_t batch, std::int64_t rows, std::int64_t columns, const T* a, T* u, T* s, T* v, bool* failed) {
  const std::int64_t k = std::min(rows, columns);
  parallel_for(batch, 1, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      failed[i] = k != 0 && !svd_detail::svd_of(rows, columns, a + i * rows * columns, u + i * rows * k, s + i * k,
                                                v + i * columns * k);
  });
}

}  // namespace regimen::kernel
