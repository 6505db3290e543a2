// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/split.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace regimen;

namespace {

/// Samples whose input is their index, of classes 0 (half), 1 (three tenths) and 2 (a fifth).
Dataset<> samples(std::int64_t count) {
  Dataset<> data{Tensor<>::empty({count, 1}), Tensor<std::int64_t>::empty({count})};
  for (std::int64_t i = 0; i < count; ++i) {
    data.inputs.mutable_data()[i] = static_cast<float>(i);
    data.labels.mutable_data()[i] = i % 10 < 5 ? 0 : i % 10 < 8 ? 1 : 2;
  }
  return data;
}

}  // namespace

TEST_CASE("each sample is in one part, in the order of the whole") {
  const auto data = samples(100);
  for (const bool stratified : {false, true}) {
    const auto split = train_test_split(data, Rng(1), {.test_fraction = 0.33, .stratified = stratified});
    CHECK(split.train.size() == 67);
    CHECK(split.test.size() == 33);
    std::set<std::int64_t> seen;
    for (const auto* part : {&split.train, &split.test}) {
      const auto values = part->inputs.span();
      CHECK(std::is_sorted(values.begin(), values.end()));
      for (std::int64_t i = 0; i < part->size(); ++i) {
        const auto index = static_cast<std::int64_t>(part->inputs(i, 0));
        seen.insert(index);
        CHECK(part->labels(i) == data.labels(index));
      }
    }
    CHECK(seen.size() == 100);
    CHECK(split.test.inputs(5, 0) == static_cast<float>(split.test_indices(5)));
    CHECK(split.train_indices.size() == 67);
  }
}

TEST_CASE("a stratified split keeps the classes' shares") {
  for (const std::int64_t test : {10, 20, 33, 99}) {
    const auto split = train_test_split(samples(100), Rng(2), {.test_size = test, .stratified = true});
    CHECK(split.test.size() == test);
    double counts[3] = {};
    for (const std::int64_t label : split.test.labels.span()) ++counts[label];
    const double shares[] = {0.5, 0.3, 0.2};
    for (int c = 0; c < 3; ++c) CHECK(std::abs(counts[c] - shares[c] * static_cast<double>(test)) <= 1);
  }
}

TEST_CASE("the split is a function of the Rng, and another for another") {
  const auto data = samples(50);
  const auto indices = [&](std::uint64_t seed) {
    const auto test = train_test_split(data, Rng(seed), {.test_size = 10}).test_indices;
    return std::vector<std::int64_t>(test.span().begin(), test.span().end());
  };
  CHECK(indices(3) == indices(3));
  CHECK(indices(3) != indices(4));
}

TEST_CASE("splits without two parts are Errors") {
  const auto data = samples(10);
  CHECK_THROWS_WITH_AS(train_test_split(data, Rng(), {.test_size = 10}),
                       "train_test_split: 10 of 10 samples are to be test samples; both parts need one at least",
                       Error);
  CHECK_THROWS_AS(train_test_split(data, Rng(), {.test_size = 0}), Error);
  CHECK_THROWS_AS(train_test_split(data, Rng(), {.test_fraction = 0.01}), Error);
  CHECK_THROWS_AS(train_test_split(data, Rng(), {.test_fraction = 1.5}), Error);
  CHECK_THROWS_AS(train_test_split(Dataset<>{data.inputs}, Rng(), {.stratified = true}), Error);
}
