// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/eigen.hpp"

#include <cmath>
#include <cstdint>

#include "regimen/core/parallel.hpp"

#include <Eigen/LU>

namespace regimen::kernel {

/// x[k] with a[k] x[k] = b[k], or a[k]^T x[k] = b[k] where `transposed`, for k < batch: a is [batch, n, n], b and x are
/// [batch, n, columns]. PA = LU with partial pivoting, a matrix a task. singular[k] tells whether a pivot
/// is 0; x[k] is then not to be used.
template <class T>
void solve(Cpu, bool transposed, std::int64_t batch, std::int64_t n, std::int64_t columns, const T* a, const T* b, T* x,
           bool* singular) {
  using Map = Eigen::Map<const EigenMatrix<T>>;
  parallel_for(batch, 1, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      singular[k] = false;
      if (n == 0) continue;
      const Eigen::PartialPivLU<EigenMatrix<T>> lu(Map(a + k * n * n, n, n));
      singular[k] = (lu.matrixLU().diagonal().array() == T{0}).any();
      const Map right(b + k * n * columns, n, columns);
      Eigen::Map<EigenMatrix<T>> result(x + k * n * columns, n, columns);
      if (transposed)
        result = lu.transpose().solve(right);
      else
        result = lu.solve(right);
    }
  });
}

/// sign[k] = the sign of det a[k] (0 where it is 0) and log_abs[k] = log |det a[k]|, for a[batch, n, n].
template <class T>
void slogdet(Cpu, std::int64_t batch, std::int64_t n, const T* a, T* sign, T* log_abs) {
  parallel_for(batch, 1, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      sign[k] = T{1};
      log_abs[k] = T{0};
      if (n == 0) continue;
      const Eigen::PartialPivLU<EigenMatrix<T>> lu(Eigen::Map<const EigenMatrix<T>>(a + k * n * n, n, n));
      double sum = 0;
      sign[k] = static_cast<T>(lu.permutationP().determinant());
      for (std::int64_t i = 0; i < n; ++i) {
        const T pivot = lu.matrixLU()(i, i);
        sign[k] *= pivot == T{0} ? T{0} : pivot < T{0} ? T{-1} : pivot > T{0} ? T{1} : pivot;
        sum += std::log(std::abs(static_cast<double>(pivot)));
      }
      log_abs[k] = static_cast<T>(sum);
    }
  });
}

}  // namespace regimen::kernel
