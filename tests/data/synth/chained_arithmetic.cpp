// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/chained_arithmetic.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Steps = std::vector<std::int64_t>;

TEST_CASE("chains are evaluated from left to right") {
  const std::int64_t plus = 10, minus = 11, times = 12;
  CHECK(evaluate_chain(Steps{7, plus, 5, times, 3, plus, 2}, 10) == Steps{2, 6, 8});
  CHECK(evaluate_chain(Steps{3, minus, 8, times, 9}, 10) == Steps{5, 5});
  CHECK(evaluate_chain(Steps{4}, 10).empty());
  CHECK(evaluate_chain(Steps{90, 97, 20, 99, 50, 98, 96}, 97) == Steps{13, 68, 69});
}

TEST_CASE("questions have their tokens and solutions, and steps are uniform") {
  const auto data = chained_arithmetic(Rng(1), 3000);
  CHECK(data.inputs.shape() == Shape{3000, 11});
  auto step = Tensor<std::int64_t>::empty({3000}), start = step.clone();
  for (std::int64_t i = 0; i < 3000; ++i) {
    std::int64_t now = data.inputs(i, 0);
    start.mutable_data()[i] = now;
    CHECK(data.inputs(i, 7) == 14);
    for (int k = 0; k < 3; ++k) {
      const std::int64_t operation = data.inputs(i, 1 + 2 * k), operand = data.inputs(i, 2 + 2 * k);
      CHECK((operation == 10 || operation == 12));
      now = (operation == 10 ? now + operand : now * operand) % 10;
      CHECK(data.inputs(i, 8 + k) == now);
      if (k == 1) step.mutable_data()[i] = operation == 10 ? operand - 1 : 7 + operand;
    }
    CHECK(data.labels(i) == now);
  }
  CHECK(chi_square(start, std::vector<double>(10, 0.1)) < chi_square_limit(9));
  CHECK(chi_square(step, std::vector<double>(11, 1.0 / 11)) < chi_square_limit(10));
  CHECK(same_bits(chained_arithmetic(Rng(1), 8).inputs, data.inputs.rows(0, 8).clone()));
  CHECK_FALSE(same_bits(chained_arithmetic(Rng(2), 8).inputs, data.inputs.rows(0, 8).clone()));
  const auto none = chained_arithmetic(Rng(3), 5, {.p = 97, .steps = 0});
  CHECK(none.inputs.shape() == Shape{5, 2});
  CHECK(none.labels(4) == none.inputs(4, 0));
  CHECK(chained_arithmetic(Rng(3), 0).inputs.shape() == Shape{0, 11});
}

TEST_CASE("wrong questions and options are Errors") {
  CHECK(fails_with([] { evaluate_chain(Steps{}, 10); }, "evaluate_chain", "0 tokens"));
  CHECK(fails_with([] { evaluate_chain(Steps{1, 10}, 10); }, "2 tokens"));
  CHECK(fails_with([] { evaluate_chain(Steps{10}, 10); }, "token 0 is 10", "below 10"));
  CHECK(fails_with([] { evaluate_chain(Steps{-1}, 10); }, "token 0 is -1"));
  CHECK(fails_with([] { evaluate_chain(Steps{1, 13, 2}, 10); }, "token 1 is 13", "below 13"));
  CHECK(fails_with([] { evaluate_chain(Steps{1, 2, 2}, 10); }, "token 1 is 2", "at least 10"));
  CHECK(fails_with([] { evaluate_chain(Steps{0}, 1); }, "p is 1"));
  CHECK(fails_with([] { chained_arithmetic(Rng(), -1); }, "chained_arithmetic", "count is -1"));
  CHECK(fails_with([] { chained_arithmetic(Rng(), 1, {.p = 1}); }, "p is 1"));
  CHECK(fails_with([] { chained_arithmetic(Rng(), 1, {.steps = -1}); }, "steps is -1"));
  CHECK(fails_with([] { chained_arithmetic(Rng(), 1, {.operations = {}}); }, "no operations"));
  CHECK(fails_with(
      [] {
        chained_arithmetic(Rng(), 1, {.operations = {{ModularOperation::divide, 1, 2}}});
      },
      "division"));
  CHECK(fails_with([] { chained_arithmetic(Rng(), 1, {.p = 5}); }, "from 1 to 9", "0 to 4"));
  CHECK(fails_with(
      [] {
        chained_arithmetic(Rng(), 1, {.operations = {{ModularOperation::add, 3, 2}}});
      },
      "from 3 to 2"));
}
