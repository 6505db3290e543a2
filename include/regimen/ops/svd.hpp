// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/svd.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/diagonal.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// a = u diag(s) v^T.
template <class T, class Device>
struct Svd {
  Tensor<T, Device> u;  ///< orthonormal columns, [m, k] or [batch, m, k] with k = min(m, n)
  Tensor<T, Device> s;  ///< descending, [k] or [batch, k]
  Tensor<T, Device> v;  ///< orthonormal columns, [n, k] or [batch, n, k]
};

namespace detail {

/// Throws Error where two singular values s[batch, k], or one and 0, are equal but for rounding.
template <class T, class Device>
void check_singular_values(const Tensor<T, Device>& s) {
  const std::int64_t k = s.size(-1);
  for (std::int64_t i = 0; i < s.size(); ++i) {
    const T next = i % k + 1 < k ? s.data()[i + 1] : T{0};
    if (s.data()[i] - next > static_cast<T>(k) * std::numeric_limits<T>::epsilon() * s.data()[i / k * k]) continue;
    const char* const remedy = "use the values alone, or a function of the matrix that needs no vectors";
    if (i % k + 1 < k)
      fail("svd",
           {"singular values ", i % k, " and ", i % k + 1, " of matrix ", i / k, " are equal, so that the ",
            "gradient of their vectors does not exist"},
           remedy);
    fail("svd", {"singular value ", i % k, " of matrix ", i / k, " is 0, so that its vectors have no gradient"},
         remedy);
  }
}

/// The left singular vectors u of a, recorded; the right ones are the left ones of a^T.
template <class T, class Device>
Tensor<T, Device> left_vectors(const Tensor<T, Device>& a, const Tensor<T, Device>& u, const Tensor<T, Device>& s) {
  return record(
      "svd", u,
      [s, a = Saved(a), u = save_output(u)](const auto& backward) {
        check_singular_values(s);
        const auto y = backward.output(u);
        const auto& g = backward.gradient();
        const auto scaled = matmul(backward(a), y, {.transpose_a = true});  // v diag(s), recorded
        const auto squares = sum(scaled * scaled, {-2});                    // s^2, recorded
        const auto identity = eye<T, Device>(y.size(-1));
        const auto f = (T{1} - identity) / (unsqueeze(squares, -2) - unsqueeze(squares, -1) + identity);
        const auto inner = matmul(y, g, {.transpose_a = true});
        const auto outside = (g - matmul(y, inner)) / unsqueeze(squares, -2);
        backward.add(
            0, matmul(matmul(y, (inner - transpose(inner, -2, -1)) * f) + outside, scaled, {.transpose_b = true}));
      },
      a);
}

}  // namespace detail

/// The thin singular value decomposition of a[m, n] or a[batch, m, n]. The entry of largest absolute value of each left
/// vector is positive. With the gradients g_u, g_s and g_v,
///
///   dL/da = u diag(g_s) v^T + (u (F o (x - x^T)) + (1 - u u^T) g_u diag(s)^-2) diag(s) v^T + the like of g_v for a^T
///   x = u^T g_u,   F_ij = 1 / (s_j^2 - s_i^2), 0 for i = j
///
/// differentiable to any order. Throws Error for other shapes, for elements that are not finite, and where a gradient
/// needs F or diag(s)^-2 and singular values are equal, or 0.
template <class T, class Device>
Svd<T, Device> svd(const Tensor<T, Device>& a) {
  if (a.rank() != 2 && a.rank() != 3)
    detail::fail("svd", {"a is ", a.shape()}, "give a matrix, or a batch of them: [batch, m, n]");
  const std::int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n), batch = a.rank() == 3 ? a.size(0) : 1;
  const auto u = Tensor<T, Device>::empty(a.shape().with(-1, k)),
             v = Tensor<T, Device>::empty(a.shape().with(-1, k).with(-2, n));
  const auto s = Tensor<T, Device>::empty(a.shape().without(-1).with(-1, k));
  const auto failed = std::make_unique<bool[]>(static_cast<std::size_t>(batch));
  kernel::svd(Device{}, batch, m, n, a.data(), u.mutable_data(), s.mutable_data(), v.mutable_data(), failed.get());
  const std::int64_t first = std::find(failed.get(), failed.get() + batch, true) - failed.get();
  if (first < batch)
    detail::fail("svd", {"no convergence for matrix ", first, " of a, which is ", a.shape()},
                 "look for NaN and infinite elements");
  if (!is_recorded(a)) return {u, s, v};
  const auto left = detail::left_vectors(a, u, s);
  const auto right = detail::left_vectors(transpose(a, -2, -1), v, s);
  const auto values = record(
      "svd", s,
      [left = Saved(left), right = Saved(right)](const auto& backward) {
        backward.add(
            0, matmul(backward(left) * unsqueeze(backward.gradient(), -2), backward(right), {.transpose_b = true}));
      },
      a);
  return {left, values, right};
}

}  // namespace regimen
