// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/eigen.hpp"

#include <cstdint>

#include "regimen/core/parallel.hpp"

#include <Eigen/Cholesky>

namespace regimen::kernel {

/// The lower triangular l[k] with l[k] l[k]^T = a[k], for symmetric a[batch, n, n], of which the lower triangle is
/// read. failed[k] tells whether a[k] is not positive definite; l[k] is then not to be used.
template <class T>
void cholesky(Cpu, std::int64_t batch, std::int64_t n, const T* a, T* l, bool* failed) {
  parallel_for(batch, 1, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      failed[k] = false;
      if (n == 0) continue;
      const Eigen::LLT<EigenMatrix<T>> llt(Eigen::Map<const EigenMatrix<T>>(a + k * n * n, n, n));
      failed[k] = llt.info() != Eigen::Success;
      Eigen::Map<EigenMatrix<T>>(l + k * n * n, n, n) = llt.matrixL();
    }
  });
}

}  // namespace regimen::kernel
