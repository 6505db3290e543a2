// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/eigen.hpp"

#include <cstdint>

#include "regimen/core/parallel.hpp"

#include <Eigen/QR>

namespace regimen::kernel {

/// The orthonormal columns q[batch, rows, columns] of the QR decomposition of a[batch, rows, columns], rows >= columns,
/// by Householder reflections: the sign of each column is such that r = q^T a has no negative element on the diagonal.
template <class T>
void qr(Cpu, std::int64_t batch, std::int64_t rows, std::int64_t columns, const T* a, T* q) {
  parallel_for(batch, 1, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      if (rows * columns == 0) continue;
      const Eigen::HouseholderQR<EigenMatrix<T>> solver(
          Eigen::Map<const EigenMatrix<T>>(a + k * rows * columns, rows, columns));
      Eigen::Map<EigenMatrix<T>> result(q + k * rows * columns, rows, columns);
      result.setIdentity();
      result.applyOnTheLeft(solver.householderQ());
      for (std::int64_t j = 0; j < columns; ++j)
        if (solver.matrixQR()(j, j) < T{0}) result.col(j) = -result.col(j);
    }
  });
}

}  // namespace regimen::kernel
