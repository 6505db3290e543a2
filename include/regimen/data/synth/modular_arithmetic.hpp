// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

enum class ModularOperation {
  add,       ///< a + b
  subtract,  ///< a - b
  multiply,  ///< a b
  divide     ///< the c with b c = a, for b > 0
};

/// Every equation a o b = c of numbers mod p, in the order of a, then b: inputs [p^2, 4] are the tokens
///
///   a   p + number of the operation   b   p + 4
///
/// of a vocabulary of p + 5, and labels [p^2] the answers c. Division has p (p - 1) equations. On a part of them, which
/// train_test_split takes, small transformers learn first by heart and much later the rule (grokking). Throws Error
/// unless 2 <= p <= 4096, and p is prime for divisions.
///
///   const auto split = train_test_split(modular_arithmetic(97), rng.split("split"), {.test_fraction = 0.5});
///
/// Source: Power et al. (2022), Grokking: generalization beyond overfitting on small algorithmic datasets.
inline Dataset<std::int64_t> modular_arithmetic(std::int64_t p, ModularOperation operation = ModularOperation::add) {
  detail::check_option(p >= 2 && p <= 4096, "modular_arithmetic", "p", static_cast<double>(p), "in 2, ..., 4096");
  const bool divide = operation == ModularOperation::divide;
  if (divide)
    for (std::int64_t k = 2; k * k <= p; ++k)
      if (p % k == 0) detail::fail("modular_arithmetic", {"p is ", p}, "divisions need a prime");
  std::vector<std::int64_t> inverse(static_cast<std::size_t>(p), 1);
  for (std::int64_t k = 2; divide && k < p; ++k)  // 0 = p = (p / k) k + p % k, times the inverses of k and p % k
    inverse[static_cast<std::size_t>(k)] = (p - p / k) * inverse[static_cast<std::size_t>(p % k)] % p;
  const std::int64_t count = divide ? p * (p - 1) : p * p;
  Dataset<std::int64_t> data{Tensor<std::int64_t>::empty({count, 4}), Tensor<std::int64_t>::empty({count})};
  std::int64_t *token = data.inputs.mutable_data(), *answer = data.labels.mutable_data();
  for (std::int64_t a = 0; a < p; ++a)
    for (std::int64_t b = divide ? 1 : 0; b < p; ++b) {
      *token++ = a;
      *token++ = p + static_cast<std::int64_t>(operation);
      *token++ = b;
      *token++ = p + 4;
      std::int64_t c = a * b;
      if (operation == ModularOperation::add) c = a + b;
      if (operation == ModularOperation::subtract) c = a - b + p;
      if (divide) c = a * inverse[static_cast<std::size_t>(b)];
      *answer++ = c % p;
    }
  return data;
}

}  // namespace regimen
