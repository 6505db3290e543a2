// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/eigen.hpp"

#include <cstdint>

#include "regimen/core/parallel.hpp"

#include <Eigen/Eigenvalues>

namespace regimen::kernel {

/// The eigenvalues w[batch, n], ascending, and the eigenvectors v[batch, n, n], as columns, of symmetric
/// a[batch, n, n], of which the lower triangle is read. The entry of largest absolute value of a vector, the first of
/// equal ones, is positive. failed[k] tells whether the iteration did not converge.
template <class T>
void eigh(Cpu, std::int64_t batch, std::int64_t n, const T* a, T* w, T* v, bool* failed) {
  parallel_for(batch, 1, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      failed[k] = false;
      if (n == 0) continue;
      const Eigen::SelfAdjointEigenSolver<EigenMatrix<T>> solver(Eigen::Map<const EigenMatrix<T>>(a + k * n * n, n, n));
      failed[k] = solver.info() != Eigen::Success;
      Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>>(w + k * n, n) = solver.eigenvalues();
      Eigen::Map<EigenMatrix<T>> vectors(v + k * n * n, n, n);
      vectors = solver.eigenvectors();
      for (std::int64_t j = 0; j < n; ++j) {
        Eigen::Index largest = 0;
        vectors.col(j).cwiseAbs().maxCoeff(&largest);
        if (vectors(largest, j) < T{0}) vectors.col(j) = -vectors.col(j);
      }
    }
  });
}

}  // namespace regimen::kernel
