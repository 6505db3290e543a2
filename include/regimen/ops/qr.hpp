// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/qr.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/cholesky.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/solve.hpp"

/// Brings Eigen's QR, so include it where it is used.
namespace regimen {

/// a = q r.
template <class T, class Device>
struct Qr {
  Tensor<T, Device> q;  ///< orthonormal columns, [m, k] or [batch, m, k] with k = min(m, n)
  Tensor<T, Device> r;  ///< upper triangular, without negative elements on the diagonal, [k, n] or [batch, k, n]
};

namespace detail {

/// q^T a above and on the diagonal, for a[..., m, n] with n columns of q.
template <class T, class Device>
Tensor<T, Device> upper_factor(const Tensor<T, Device>& q, const Tensor<T, Device>& a) {
  return matmul(q, a, {.transpose_a = true}) * transpose(lower_triangle<T, Device>(a.size(-1), T{1}));
}

/// Throws Error where an element on the diagonal of r[..., n, n] is 0 but for rounding.
template <class T, class Device>
void check_independent(const char* operation, const Tensor<T, Device>& r) {
  const std::int64_t n = r.size(-1);
  for (std::int64_t k = 0; n > 0 && k < r.size() / (n * n); ++k) {
    T largest = 0;
    for (std::int64_t i = 0; i < n; ++i) largest = std::max(largest, std::abs(r.data()[(k * n + i) * n + i]));
    for (std::int64_t i = 0; i < n; ++i)
      if (!(std::abs(r.data()[(k * n + i) * n + i]) > static_cast<T>(n) * std::numeric_limits<T>::epsilon() * largest))
        fail(operation, {"column ", i, " of matrix ", k, " depends on those before it"},
             "no gradient and no solution exists there; add a little noise, or leave the column out");
  }
}

/// q of a with no more columns than rows. With the gradient g, dL/da = (g + q C(-g^T q)) r^-T, where C copies the lower
/// triangle to the upper one.
template <class T, class Device>
Tensor<T, Device> orthonormal_columns(const Tensor<T, Device>& a) {
  const std::int64_t n = a.size(-1), batch = a.rank() == 3 ? a.size(0) : 1;
  const auto y = Tensor<T, Device>::empty(a.shape());
  kernel::qr(Device{}, batch, a.size(-2), n, a.data(), y.mutable_data());
  if (!is_recorded(a)) return y;
  return record(
      "qr", y,
      [n, a = Saved(a), y = save_output(y)](const auto& backward) {
        const auto q = backward.output(y);
        const auto r = upper_factor(q, backward(a));
        check_independent("qr", r);
        const auto inner = -matmul(backward.gradient(), q, {.transpose_a = true});
        const auto copied =
            inner * lower_triangle<T, Device>(n, T{1}) + transpose(inner * lower_triangle<T, Device>(n, T{0}), -2, -1);
        const auto left = backward.gradient() + matmul(q, copied);
        backward.add(0, transpose(solved("qr", r, transpose(left, -2, -1), false), -2, -1));
      },
      a);
}

inline void check_matrices(const char* operation, const Shape& a) {
  if (a.rank() != 2 && a.rank() != 3) fail(operation, {"a is ", a}, "give a matrix, or a batch of them: [batch, m, n]");
}

}  // namespace detail

/// The thin QR decomposition of a[m, n] or a[batch, m, n], by Householder reflections; the signs make it the only one
/// where the first min(m, n) columns are independent. Differentiable to any order there (Walter & Lehmann 2010,
/// Algorithmic differentiation of linear algebra functions). Throws Error for other shapes, and where a gradient is
/// asked for and they depend on each other.
template <class T, class Device>
Qr<T, Device> qr(const Tensor<T, Device>& a) {
  detail::check_matrices("qr", a.shape());
  const std::int64_t m = a.size(-2), n = a.size(-1);
  if (m >= n) {
    const auto q = detail::orthonormal_columns(a);
    return {q, detail::upper_factor(q, a)};
  }
  const auto square = slice(a, -1, 0, m);
  const auto q = detail::orthonormal_columns(square);
  return {q, concat({detail::upper_factor(q, square), matmul(q, slice(a, -1, m, n), {.transpose_a = true})}, -1)};
}

/// The x that minimises |a x - b|^2, for a[m, n] with m >= n and independent columns and b[m, columns], or a batch of
/// both: r x = q^T b. More exact than solve() with a^T a. Differentiable to any order. Throws Error where the sizes do
/// not agree or a column depends on others.
template <class T, class Device>
Tensor<T, Device> lstsq(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  detail::check_matrices("lstsq", a.shape());
  if (a.size(-2) < a.size(-1) || b.rank() != a.rank() || b.size(-2) != a.size(-2) ||
      (a.rank() == 3 && b.size(0) != a.size(0)))
    detail::fail("lstsq", {"a is ", a.shape(), " and b is ", b.shape()},
                 "a is [m, n] with m >= n and b [m, columns], or both have a leading batch axis");
  const auto [q, r] = qr(a);
  detail::check_independent("lstsq", r);
  return solve(r, matmul(q, b, {.transpose_a = true}));
}

}  // namespace regimen
