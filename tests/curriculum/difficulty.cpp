// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/curriculum/difficulty.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace regimen;

namespace {

std::vector<std::int64_t> list(const Tensor<std::int64_t>& t) { return {t.span().begin(), t.span().end()}; }

}  // namespace

TEST_CASE("easy first ascends, hard first descends, and equal scores keep the examples' order") {
  Rng rng(1);
  const auto scores = Tensor<float>::from({0.5f, 0.1f, 0.5f, -1.0f, 0.1f});
  CHECK(list(difficulty_order(scores, CurriculumOrder::easy_first, rng)) == std::vector<std::int64_t>{3, 1, 4, 0, 2});
  CHECK(list(difficulty_order(scores, CurriculumOrder::hard_first, rng)) == std::vector<std::int64_t>{0, 2, 1, 4, 3});
  CHECK(rng.state() == Rng(1).state());
}

TEST_CASE("the random order is a permutation that depends on the generator alone") {
  Rng a(7), b(7);
  const auto up = Tensor<double>::from({1, 2, 3, 4, 5, 6, 7, 8}), down = Tensor<double>::from({8, 7, 6, 5, 4, 3, 2, 1});
  const auto first = list(difficulty_order(up, CurriculumOrder::random, a));
  CHECK(first == list(difficulty_order(down, CurriculumOrder::random, b)));
  CHECK(first != list(difficulty_order(down, CurriculumOrder::random, b)));
  std::vector<bool> seen(8);
  for (const std::int64_t i : first) seen[static_cast<std::size_t>(i)] = true;
  for (const bool one : seen) CHECK(one);
}

TEST_CASE("no examples give an empty order; NaN and matrices are errors") {
  Rng rng;
  CHECK(difficulty_order(Tensor<float>::zeros({0}), CurriculumOrder::easy_first, rng).size() == 0);
  CHECK_THROWS_WITH_AS(difficulty_order(Tensor<float>::zeros({2, 3}), CurriculumOrder::easy_first, rng),
                       "difficulty_order: scores are [2, 3]; give one score an example: [N]", Error);
  CHECK_THROWS_AS(difficulty_order(Tensor<float>::from({1, NAN}), CurriculumOrder::random, rng), Error);
}
