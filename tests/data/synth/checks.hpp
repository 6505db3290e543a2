// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"

namespace test {

/// sum (count - expected)^2 / expected of values 0, ..., K - 1 against their shares; infinite where one of share 0 or
/// outside them occurs.
inline double chi_square(const Tensor<std::int64_t>& values, const std::vector<double>& shares) {
  std::vector<double> counts(shares.size(), 0);
  for (const std::int64_t value : values.span()) {
    if (value < 0 || value >= static_cast<std::int64_t>(shares.size())) return INFINITY;
    ++counts[static_cast<std::size_t>(value)];
  }
  double sum = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const double expected = shares[k] * static_cast<double>(values.size()), difference = counts[k] - expected;
    if (difference != 0) sum += difference * difference / expected;
  }
  return sum;
}

/// What chi_square exceeds by chance less than about once in 10^4, at that many degrees of freedom.
///
/// Source: Wilson & Hilferty (1931), The distribution of chi-square.
inline double chi_square_limit(double freedom) {
  const double spread = 2 / (9 * freedom), root = 1 - spread + 3.72 * std::sqrt(spread);
  return freedom * root * root * root;
}

}  // namespace test
