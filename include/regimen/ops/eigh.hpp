// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/eigh.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/diagonal.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/solve.hpp"

namespace regimen {

/// a = vectors diag(values) vectors^T.
template <class T, class Device>
struct Eigh {
  Tensor<T, Device> values;   ///< ascending, [n] or [batch, n]
  Tensor<T, Device> vectors;  ///< orthonormal columns, [n, n] or [batch, n, n]
};

namespace detail {

/// Throws Error where two eigenvalues w[batch, n] of a matrix are equal but for rounding.
template <class T, class Device>
void check_distinct(const Tensor<T, Device>& w) {
  const std::int64_t n = w.size(-1);
  for (std::int64_t i = 0; i < w.size(); ++i) {
    const T *row = w.data() + i / n * n, value = w.data()[i];
    const T size = std::max(std::abs(row[0]), std::abs(row[n - 1]));
    if (i % n != 0 && value - w.data()[i - 1] <= static_cast<T>(n) * std::numeric_limits<T>::epsilon() * size)
      fail("eigh",
           {"eigenvalues ", i % n - 1, " and ", i % n, " of matrix ", i / n, " are equal, so that the ",
            "gradient of their vectors does not exist"},
           "use the values alone, or a function of the matrix that needs no vectors");
  }
}

}  // namespace detail

/// Eigenvalues and eigenvectors of the symmetric part of a[n, n] or a[batch, n, n]. The entry of largest absolute value
/// of each vector is positive. With the gradients p of the values and q of the vectors v,
///
///   dL/da = v (diag(p) + (v^T q) o F) v^T, symmetrised,   F_ij = 1 / (w_j - w_i), 0 for i = j
///
/// differentiable to any order. Throws Error for other shapes and where a gradient needs F and eigenvalues are
/// equal. Brings Eigen.
template <class T, class Device>
Eigh<T, Device> eigh(const Tensor<T, Device>& a) {
  detail::check_square("eigh", a.shape());
  const auto s = (a + transpose(a, -2, -1)) * T{0.5};
  const std::int64_t n = a.size(-1), batch = a.rank() == 3 ? a.size(0) : 1;
  const auto w = Tensor<T, Device>::empty(a.shape().without(-1)), v = Tensor<T, Device>::empty(a.shape());
  const auto failed = std::make_unique<bool[]>(static_cast<std::size_t>(batch));
  kernel::eigh(Device{}, batch, n, s.data(), w.mutable_data(), v.mutable_data(), failed.get());
  const std::int64_t first = std::find(failed.get(), failed.get() + batch, true) - failed.get();
  if (first < batch)
    detail::fail("eigh", {"no convergence for matrix ", first, " of a, which is ", a.shape()},
                 "look for NaN and infinite elements");
  if (!is_recorded(s)) return {w, v};
  const auto vectors = record(
      "eigh", v,
      [n, w, s = Saved(s), v = save_output(v)](const auto& backward) {
        detail::check_distinct(w);
        const auto y = backward.output(v);
        const auto value = sum(y * matmul(backward(s), y), {-2});  // w, but recorded
        const auto identity = eye<T, Device>(n);
        const auto f = (T{1} - identity) / (unsqueeze(value, -2) - unsqueeze(value, -1) + identity);
        const auto inner = matmul(y, backward.gradient(), {.transpose_a = true}) * f;
        backward.add(0, matmul(matmul(y, inner), y, {.transpose_b = true}));
      },
      s);
  const auto values = record(
      "eigh", w,
      [vectors = Saved(vectors)](const auto& backward) {
        const auto y = backward(vectors);
        backward.add(0, matmul(y * unsqueeze(backward.gradient(), -2), y, {.transpose_b = true}));
      },
      s);
  return {values, vectors};
}

}  // namespace regimen
