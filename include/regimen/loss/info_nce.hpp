// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/distance.hpp"
#include "regimen/ops/matmul.hpp"

namespace regimen {

struct InfoNceOptions {
  double temperature = 0.1;  ///< > 0: what similarities are divided by
  bool normalise = true;     ///< similarities are cosines, else scalar products
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// The similarities of each row of a to each of b, over the temperature: [n, m].
template <class T, class Device>
Tensor<T, Device> similarities(const char* operation, const Tensor<T, Device>& a, const Tensor<T, Device>& b,
                               const InfoNceOptions& options) {
  if (!(options.temperature > 0)) fail(operation, {"temperature is ", options.temperature}, "it must be positive");
  const auto x = options.normalise ? normalize(a) : a, y = options.normalise ? normalize(b) : b;
  return matmul(x, y, {.transpose_b = true}) * static_cast<T>(1 / options.temperature);
}

/// The numbers start, ..., start + count - 1.
template <class Device>
void fill_range(const Tensor<std::int64_t, Device>& to, std::int64_t at, std::int64_t count, std::int64_t start) {
  std::int64_t* const values = to.mutable_data();
  for (std::int64_t i = 0; i < count; ++i) values[at + i] = start + i;
}

}  // namespace detail

/// Cross-entropy of finding the key of each query: for queries q [n, d] and keys k [m, d], m >= n, of which key i
/// belongs to query i and all others are its negatives,
///
///   -log( exp(s(q_i, k_i) / temperature) / sum_j exp(s(q_i, k_j) / temperature) )
///
/// with the cosine or the scalar product s. log m less its mean is a lower bound of the information that queries and
/// keys share. Throws Error for other shapes, and for a temperature that is not positive.
///
/// Source: van den Oord et al. (2018), Representation learning with contrastive predictive coding.
template <class T, class Device>
Tensor<T, Device> info_nce(const Tensor<T, Device>& queries, const Tensor<T, Device>& keys,
                           const InfoNceOptions& options = {}) {
  if (queries.rank() != 2 || keys.rank() != 2 || queries.size(1) != keys.size(1) || keys.size(0) < queries.size(0))
    detail::fail("info_nce", {"queries are ", queries.shape(), " and keys ", keys.shape()},
                 "queries are [n, d] and keys [m, d], with m >= n");
  const std::int64_t n = queries.size(0);
  const auto labels = Tensor<std::int64_t, Device>::empty({n});
  detail::fill_range(labels, 0, n, 0);
  CrossEntropyLossOptions<T, Device> plain;
  plain.reduction = options.reduction;
  return cross_entropy(detail::similarities("info_nce", queries, keys, options), labels, plain);
}

}  // namespace regimen
