// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// The slope of each head for attention with linear biases (ALiBi): 2^(-8 k / heads), k = 1, ..., heads, where that is
/// a power of two; else those of the next lower power of two, and then every other one of the next higher. Throws Error
/// unless heads > 0. Source: Press et al. (2022), Train short, test long.
inline std::vector<double> alibi_slopes(std::int64_t heads) {
  if (heads <= 0) detail::fail("alibi_slopes", {heads, " heads"}, "there must be one or more");
  std::int64_t power = 1;
  while (2 * power <= heads) power *= 2;
  std::vector<double> slopes;
  for (std::int64_t k = 1; k <= power; ++k)
    slopes.push_back(std::exp2(-8 * static_cast<double>(k) / static_cast<double>(power)));
  for (std::int64_t k = 1; power + k <= heads; ++k)
    slopes.push_back(std::exp2(-4 * static_cast<double>(2 * k - 1) / static_cast<double>(power)));
  return slopes;
}

/// bias[h, i, j] = -slope_h |i + keys - queries - j|: what ALiBi adds to the scores of attention, [heads, queries,
/// keys]. The last query stands at the last key; the distance counts in both directions. A constant.
template <class T = float, class Device = Cpu>
Tensor<T, Device> alibi_bias(std::int64_t heads, std::int64_t queries, std::int64_t keys) {
  const std::vector<double> slopes = alibi_slopes(heads);
  const auto bias = Tensor<T, Device>::empty({heads, queries, keys});
  T* values = bias.mutable_data();
  for (const double slope : slopes)
    for (std::int64_t i = 0; i < queries; ++i)
      for (std::int64_t j = 0; j < keys; ++j)
        *values++ = static_cast<T>(-slope * static_cast<double>(std::abs(i + keys - queries - j)));
  return bias;
}

}  // namespace regimen
