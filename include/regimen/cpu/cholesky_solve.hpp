// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/eigen.hpp"

#include <cstdint>

#include <Eigen/Cholesky>

namespace regimen::kernel {

/// x[n, columns] with a x = b for symmetric positive definite a[n, n], of which the lower triangle is read. Returns
/// whether a is positive definite; if not, x is left alone. x may be b.
template <class T>
bool cholesky_solve(Cpu, std::int64_t n, std::int64_t columns, const T* a, const T* b, T* x) {
  const Eigen::LLT<EigenMatrix<T>> llt(Eigen::Map<const EigenMatrix<T>>(a, n, n));
  if (llt.info() != Eigen::Success) return false;
  Eigen::Map<EigenMatrix<T>>(x, n, columns) = llt.solve(Eigen::Map<const EigenMatrix<T>>(b, n, columns));
  return true;
}

}  // namespace regimen::kernel
