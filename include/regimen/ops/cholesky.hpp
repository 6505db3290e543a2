// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/cholesky.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/solve.hpp"

namespace regimen {
namespace detail {

/// [n, n] with 1 below the diagonal, `diagonal` on it and 0 above.
template <class T, class Device>
Tensor<T, Device> lower_triangle(std::int64_t n, T diagonal) {
  const auto y = Tensor<T, Device>::zeros({n, n});
  T* values = y.mutable_data();
  for (std::int64_t i = 0; i < n; ++i) {
    std::fill(values + i * n, values + i * n + i, T{1});
    values[i * n + i] = diagonal;
  }
  return y;
}

}  // namespace detail

/// The lower triangular l with a positive diagonal and l l^T = (a + a^T) / 2, for a[n, n] or a[batch, n, n], which is
/// symmetric, so that the gradient is too. With the gradient g of l,
///
///   dL/da = l^-T P(l^T g) l^-1, symmetrised,   P: the lower triangle with half of the diagonal
///
/// (Murray 2016, Differentiation of the Cholesky decomposition), differentiable to any order. Throws Error for other
/// shapes and where a is not positive definite. Brings Eigen.
template <class T, class Device>
Tensor<T, Device> cholesky(const Tensor<T, Device>& a) {
  detail::check_square("cholesky", a.shape());
  const auto s = (a + transpose(a, -2, -1)) * T{0.5};
  const std::int64_t n = a.size(-1), batch = a.rank() == 3 ? a.size(0) : 1;
  const auto y = Tensor<T, Device>::empty(a.shape());
  const auto failed = std::make_unique<bool[]>(static_cast<std::size_t>(batch));
  kernel::cholesky(Device{}, batch, n, s.data(), y.mutable_data(), failed.get());
  const std::int64_t first = std::find(failed.get(), failed.get() + batch, true) - failed.get();
  if (first < batch)
    detail::fail("cholesky", {"matrix ", first, " of a, which is ", a.shape(), ", is not positive definite"},
                 "add a multiple of the identity");
  if (!is_recorded(s)) return y;
  return record(
      "cholesky", y,
      [n, y = save_output(y)](const auto& backward) {
        const auto l = backward.output(y);
        const auto g = backward.gradient() * detail::lower_triangle<T, Device>(n, T{1});
        const auto p = matmul(l, g, {.transpose_a = true}) * detail::lower_triangle<T, Device>(n, T{0.5});
        const auto left = detail::solved("cholesky", l, p, true);
        backward.add(0, transpose(detail::solved("cholesky", l, transpose(left, -2, -1), true), -2, -1));
      },
      s);
}

}  // namespace regimen
