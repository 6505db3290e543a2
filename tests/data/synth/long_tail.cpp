// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/long_tail.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "data/synth/checks.hpp"

using namespace test;
using Counts = std::vector<std::int64_t>;

TEST_CASE("class sizes are as their equations") {
  CHECK(long_tail_counts(130, 10, 100) == Counts{130, 78, 47, 28, 17, 10, 6, 4, 2, 1});
  CHECK(long_tail_counts(5000, 2, 10) == Counts{5000, 500});
  CHECK(long_tail_counts(7, 1, 5) == Counts{7});
  CHECK(linear_counts(100, 4, 10) == Counts{100, 70, 40, 10});
  CHECK(linear_counts(9, 1, 3) == Counts{9});
  CHECK(step_counts(100, 5, 2, 50) == Counts{100, 100, 100, 2, 2});
  CHECK(step_counts(100, 3, 3, 8) == Counts{13, 13, 13});
  CHECK(step_counts(100, 2, 0, 50) == Counts{100, 100});
}

TEST_CASE("what is taken has those sizes, each sample equally likely") {
  auto labels = Tensor<std::int64_t>::empty({90});
  for (std::int64_t i = 0; i < 90; ++i) labels.mutable_data()[i] = i * 7 % 3;
  double chosen[90] = {};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto indices = take_classes(labels, {30, 10, 0}, Rng(seed));
    CHECK(std::is_sorted(indices.data(), indices.data() + indices.size()));
    CHECK(std::set<std::int64_t>(indices.data(), indices.data() + indices.size()).size() == 40);
    Counts taken(3, 0);
    for (const std::int64_t i : indices.span()) {
      ++taken[static_cast<std::size_t>(labels(i))];
      ++chosen[i];
    }
    CHECK(taken == Counts{30, 10, 0});
  }
  for (std::int64_t i = 0; i < 90; ++i)
    if (labels(i) == 1) CHECK(std::abs(chosen[i] - 100) < 5 * std::sqrt(300 * 2.0 / 9));
  CHECK(same_bits(take_classes(labels, {5, 6, 7}, Rng(1)), take_classes(labels, {5, 6, 7}, Rng(1))));
  CHECK_FALSE(same_bits(take_classes(labels, {5, 6, 7}, Rng(1)), take_classes(labels, {5, 6, 7}, Rng(2))));
  CHECK(take_classes(labels, {0, 0, 0}, Rng()).size() == 0);
}

TEST_CASE("wrong sizes are Errors") {
  CHECK(fails_with([] { long_tail_counts(0, 3, 1); }, "long_tail_counts", "largest is 0"));
  CHECK(fails_with([] { long_tail_counts(9, 0, 1); }, "classes is 0"));
  CHECK(fails_with([] { long_tail_counts(9, 3, 0.5); }, "ratio is 0.5"));
  CHECK(fails_with([] { long_tail_counts(9, 3, NAN); }, "ratio is nan"));
  CHECK(fails_with([] { linear_counts(9, 3, 10); }, "linear_counts", "ratio is 10"));
  CHECK(fails_with([] { step_counts(9, 3, 4, 2); }, "step_counts", "minority is 4"));
  CHECK(fails_with([] { step_counts(9, 3, -1, 2); }, "minority is -1"));
  const auto labels = Tensor<std::int64_t>::from({0, 1, 1, 2});
  CHECK(fails_with([&] { take_classes(labels, {1, 3, 1}, Rng()); }, "take_classes", "3 samples of class 1", "has 2"));
  CHECK(fails_with([&] { take_classes(labels, {1, -1, 1}, Rng()); }, "-1 samples"));
  CHECK(fails_with([&] { take_classes(labels, {1, 1}, Rng()); }, "label 2"));
}
