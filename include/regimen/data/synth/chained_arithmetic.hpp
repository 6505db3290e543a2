// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/data/synth/modular_arithmetic.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// The results r_1, ..., r_k of a question of chained arithmetic mod p, of which the last is the answer:
///
///   a  o_1 b_1  ...  o_k b_k          r_i = r_{i-1} o_i b_i mod p,   r_0 = a
///
/// in the tokens of modular_arithmetic(p). It is also the verifier of a model's steps. Throws Error for tokens that are
/// no such question, or a division.
inline std::vector<std::int64_t> evaluate_chain(std::span<const std::int64_t> question, std::int64_t p) {
  detail::check_option(p >= 2 && p <= std::int64_t{1} << 30, "evaluate_chain", "p", static_cast<double>(p),
                       "in 2, ..., 2^30");
  if (question.size() % 2 != 1)
    detail::fail("evaluate_chain", {"the question has ", question.size(), " tokens"}, "pass a o b o b ... o b");
  for (std::size_t t = 0; t < question.size(); ++t) {
    const std::int64_t low = t % 2 == 0 ? 0 : p, high = t % 2 == 0 ? p : p + 3;
    if (question[t] < low || question[t] >= high)
      detail::fail("evaluate_chain", {"token ", t, " is ", question[t]},
                   {"it must be at least ", low, " and below ", high});
  }
  std::int64_t now = question[0];
  std::vector<std::int64_t> results;
  for (std::size_t t = 1; t < question.size(); t += 2) {
    const std::int64_t b = question[t + 1];
    switch (static_cast<ModularOperation>(question[t] - p)) {
      case ModularOperation::add:
        now = (now + b) % p;
        break;
      case ModularOperation::subtract:
        now = (now - b + p) % p;
        break;
      default:
        now = now * b % p;
    }
    results.push_back(now);
  }
  return results;
}

/// An operation with operands from low to high.
struct ChainOperation {
  ModularOperation operation = ModularOperation::add;
  std::int64_t low = 0, high = 9;
};

struct ChainedArithmeticOptions {
  std::int64_t p = 10;
  std::int64_t steps = 3;
  std::vector<ChainOperation> operations = {{ModularOperation::add, 1, 9}, {ModularOperation::multiply, 2, 3}};
};

/// Questions of chained arithmetic with their solutions, inputs [count, 3 steps + 2] and labels [count], the answers:
///
///   a  o_1 b_1  ...  o_k b_k  =  r_1 ... r_k        = is the token p + 4, see evaluate_chain()
///
/// a is uniform in 0, ..., p - 1, and each step over all pairs of an operation and one of its operands. Question i is a
/// function of `rng` and i alone. Throws Error for negative sizes, no operations, a division, or operands that are not
/// 0 <= low <= high < p.
inline Dataset<std::int64_t> chained_arithmetic(const Rng& rng, std::int64_t count,
                                                const ChainedArithmeticOptions& options = {}) {
  const std::int64_t p = options.p, steps = options.steps;
  detail::check_count("chained_arithmetic", "count", count, 0);
  detail::check_count("chained_arithmetic", "steps", steps, 0);
  detail::check_option(p >= 2 && p <= std::int64_t{1} << 30, "chained_arithmetic", "p", static_cast<double>(p),
                       "in 2, ..., 2^30");
  if (options.operations.empty()) detail::fail("chained_arithmetic", "there are no operations", "give one at least");
  std::vector<double> weights;
  for (const auto& [operation, low, high] : options.operations) {
    if (operation == ModularOperation::divide)
      detail::fail("chained_arithmetic", "an operation is a division", "use add, subtract and multiply");
    if (low < 0 || low > high || high >= p)
      detail::fail("chained_arithmetic", {"operands are from ", low, " to ", high},
                   {"they are numbers from 0 to ", p - 1});
    weights.push_back(static_cast<double>(high - low + 1));
  }
  const std::int64_t length = 3 * steps + 2;
  Dataset<std::int64_t> data{Tensor<std::int64_t>::empty({count, length}), Tensor<std::int64_t>::empty({count})};
  std::int64_t* token = data.inputs.mutable_data();
  for (std::int64_t i = 0; i < count; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    const std::int64_t* question = token;
    *token++ = own.below(p);
    for (std::int64_t k = 0; k < steps; ++k) {
      const auto& [operation, low, high] = options.operations[static_cast<std::size_t>(own.categorical(weights))];
      *token++ = p + static_cast<std::int64_t>(operation);
      *token++ = low + own.below(high - low + 1);
    }
    const auto results = evaluate_chain({question, token}, p);
    *token++ = p + 4;
    for (const std::int64_t result : results) *token++ = result;
    data.labels.mutable_data()[i] = results.empty() ? *question : results.back();
  }
  return data;
}

}  // namespace regimen
