// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/sort.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct Wasserstein1dOptions {
  double p = 1;  ///< >= 1
  Reduction reduction = Reduction::mean;
};

/// W_p^p of two distributions of numbers, each given by k draws of equal weight in the last axis of x and y [n, ...,
/// k]: what it costs to move one to the other where a way of length d costs d^p,
///
///   mean_i |x_(i) - y_(i)|^p          x_(i) the i-th smallest of x
///
/// Mean over the axes between the first and the last. Throws Error where the shapes differ or p < 1.
template <class T, class Device>
Tensor<T, Device> wasserstein1d(const Tensor<T, Device>& x, const Tensor<T, Device>& y,
                                const Wasserstein1dOptions& options = {}) {
  if (x.rank() == 0 || !(x.shape() == y.shape()))
    detail::fail("wasserstein1d", {"x is ", x.shape(), " and y ", y.shape()},
                 "they have one shape, with the draws in the last axis");
  if (!(options.p >= 1)) detail::fail("wasserstein1d", {"p is ", options.p}, "it must be >= 1");
  const auto distances = abs(sort(x, -1).values - sort(y, -1).values);
  return detail::reduce_elements(mean(options.p == 1 ? distances : pow(distances, options.p), -1), options.reduction);
}

}  // namespace regimen
