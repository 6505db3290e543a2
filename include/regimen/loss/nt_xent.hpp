// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/info_nce.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/diagonal.hpp"
#include "regimen/ops/distance.hpp"

namespace regimen {

struct NtXentOptions {
  double temperature = 0.5;  ///< > 0: what cosines are divided by
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// Cosines over the temperature of the rows of z [n, d], -infinity on the diagonal: no row is its own partner.
template <class T, class Device>
Tensor<T, Device> similarities_of_others(const char* operation, const Tensor<T, Device>& z, double temperature) {
  const auto unit = normalize(z);
  const auto none = Tensor<T, Device>::scalar(kernel::reduction::lowest<T>);
  return where(eye<T, Device>(z.size(0)), none,
               similarities(operation, unit, unit, {.temperature = temperature, .normalise = false}));
}

}  // namespace detail

/// The normalised temperature-scaled cross-entropy of two views a and b [n, d] of the same samples: with z the 2 n rows
/// of both, and j(i) the row of the other view of row i's sample,
///
///   -log( exp(cos(z_i, z_j(i)) / temperature) / sum_{k != i} exp(cos(z_i, z_k) / temperature) )
///
/// one loss a row, [2 n], of which the reduction is taken. Throws Error for other shapes, no samples, and for a
/// temperature that is not positive.
///
/// Source: Chen et al. (2020), A simple framework for contrastive learning of visual representations (SimCLR).
template <class T, class Device>
Tensor<T, Device> nt_xent(const Tensor<T, Device>& a, const Tensor<T, Device>& b, const NtXentOptions& options = {}) {
  if (a.rank() != 2 || !(b.shape() == a.shape()) || a.size(0) == 0)
    detail::fail("nt_xent", {"the views are ", a.shape(), " and ", b.shape()}, "both are [n, d], with n at least 1");
  const std::int64_t n = a.size(0);
  const auto labels = Tensor<std::int64_t, Device>::empty({2 * n});
  detail::fill_range(labels, 0, n, n);
  detail::fill_range(labels, n, n, 0);
  CrossEntropyLossOptions<T, Device> plain;
  plain.reduction = options.reduction;
  return cross_entropy(detail::similarities_of_others("nt_xent", concat({a, b}, 0), options.temperature), labels,
                       plain);
}

}  // namespace regimen
