// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/solve.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

/// Linear systems and determinants of square matrices a[n, n], or of a batch of them a[batch, n, n]. Differentiable to
/// any order. Brings Eigen's LU, so include it where it is used.
namespace regimen {
namespace detail {

inline void check_square(const char* operation, const Shape& a) {
  if ((a.rank() != 2 && a.rank() != 3) || a[-1] != a[-2])
    fail(operation, {"a is ", a}, "give a square matrix, or a batch of them: [batch, n, n]");
}

/// a^-1 b, or a^-T b, in the name of `operation`.
template <class T, class Device>
Tensor<T, Device> solved(const char* operation, const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                         bool transposed) {
  const std::int64_t n = a.size(-1), batch = a.rank() == 3 ? a.size(0) : 1;
  const auto y = Tensor<T, Device>::empty(b.shape());
  const auto singular = std::make_unique<bool[]>(static_cast<std::size_t>(batch));
  kernel::solve(Device{}, transposed, batch, n, b.size(-1), a.data(), b.data(), y.mutable_data(), singular.get());
  const std::int64_t first = std::find(singular.get(), singular.get() + batch, true) - singular.get();
  if (first < batch)
    fail(operation, {"matrix ", first, " of a, which is ", a.shape(), ", is singular"},
         "add a multiple of the identity, or leave out rows that depend on others");
  if (!is_recorded(a, b)) return y;
  return record(
      operation, y,
      [operation, transposed, a = Saved(a), y = Saved(a.requires_grad(), y)](const auto& backward) {
        const auto db = solved(operation, backward(a), backward.gradient(), !transposed);
        if (backward.needs(1)) backward.add(1, db);
        if (!backward.needs(0)) return;
        const auto x = backward.output(y);
        backward.add(0, -(transposed ? matmul(x, db, {.transpose_b = true}) : matmul(db, x, {.transpose_b = true})));
      },
      a, b);
}

}  // namespace detail

/// x with a x = b, by LU with partial pivoting: a[n, n] with b[n, columns] or b[n], or a[batch, n, n] with
/// b[batch, n, columns]. dL/db = a^-T g and dL/da = -(dL/db) x^T. Throws Error where the sizes do not agree or a pivot
/// is 0. A matrix that is singular but for rounding is not found out: its solution is large and wrong.
template <class T, class Device>
Tensor<T, Device> solve(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  detail::check_square("solve", a.shape());
  const bool is_vector = a.rank() == 2 && b.rank() == 1;
  if (!(is_vector || b.rank() == a.rank()) || b.size(is_vector ? 0 : -2) != a.size(-1) ||
      (a.rank() == 3 && a.size(0) != b.size(0)))
    detail::fail("solve", {"a is ", a.shape(), " and b is ", b.shape()},
                 "b is [n, columns] or [n] for a [n, n], and [batch, n, columns] for a [batch, n, n]");
  if (!is_vector) return detail::solved("solve", a, b, false);
  return reshape(detail::solved("solve", a, reshape(b, Shape{b.size(0), 1}), false), b.shape());
}

/// The inverse matrix. To multiply by it, solve() is faster and more exact. Throws Error where a is singular.
template <class T, class Device>
Tensor<T, Device> inverse(const Tensor<T, Device>& a) {
  detail::check_square("inverse", a.shape());
  const std::int64_t n = a.size(-1);
  const auto identity = Tensor<T, Device>::zeros(a.shape());
  T* values = identity.mutable_data();
  if (a.size() != 0)
    for (std::int64_t row = 0; row < a.size() / n; ++row) values[row * n + row % n] = T{1};
  return detail::solved("inverse", a, identity, false);
}

/// The sign of a determinant and the logarithm of its absolute value.
template <class T, class Device>
struct SignLogdet {
  Tensor<T, Device> sign;     ///< 1, -1, or 0 where a is singular; a constant
  Tensor<T, Device> log_abs;  ///< -infinity where a is singular
};

/// The sign and the logarithm of |det a|, of shape [] or [batch], which neither overflow nor underflow.
/// dL/da = g a^-T; taking that of a singular matrix throws Error.
template <class T, class Device>
SignLogdet<T, Device> slogdet(const Tensor<T, Device>& a) {
  detail::check_square("slogdet", a.shape());
  const Shape shape = a.shape().sub(0, a.rank() - 2);
  const auto sign = Tensor<T, Device>::empty(shape), y = Tensor<T, Device>::empty(shape);
  kernel::slogdet(Device{}, shape.size(), a.size(-1), a.data(), sign.mutable_data(), y.mutable_data());
  if (!is_recorded(a)) return {sign, y};
  return {sign, record(
                    "slogdet", y,
                    [shape, a = Saved(a)](const auto& backward) {
                      const auto g = reshape(backward.gradient(), Shape(shape).append(1).append(1));
                      backward.add(0, g * transpose(inverse(backward(a)), -2, -1));
                    },
                    a)};
}

/// log det a, of shape [] or [batch]: NaN where the determinant is negative, -infinity where it is 0.
template <class T, class Device>
Tensor<T, Device> logdet(const Tensor<T, Device>& a) {
  const auto [sign, log_abs] = slogdet(a);
  return log_abs + log(sign);  // 0 for a sign of 1
}

}  // namespace regimen
