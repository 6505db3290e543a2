// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/associative_recall.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;

TEST_CASE("each query has the value that its key was given") {
  for (const bool answers : {false, true}) {
    const AssociativeRecallOptions options{.keys = 9, .values = 5, .pairs = 6, .queries = 4, .answers = answers};
    const auto data = associative_recall(Rng(1), 200, options);
    const auto places = recall_places(options);
    CHECK(data.inputs.shape() == Shape{200, answers ? 20 : 16});
    CHECK(data.targets.shape() == Shape{200, 4});
    CHECK(data.size() == 200);
    for (std::int64_t i = 0; i < 200; ++i) {
      std::set<std::int64_t> keys, queries;
      for (std::int64_t k = 0; k < 6; ++k) {
        keys.insert(data.inputs(i, 2 * k));
        CHECK((data.inputs(i, 2 * k) >= 0 && data.inputs(i, 2 * k) < 9));
        CHECK((data.inputs(i, 2 * k + 1) >= 9 && data.inputs(i, 2 * k + 1) < 14));
      }
      CHECK(keys.size() == 6);
      for (std::int64_t q = 0; q < 4; ++q) {
        const std::int64_t query = data.inputs(i, places(q));
        queries.insert(query);
        std::int64_t value = -1;
        for (std::int64_t k = 0; k < 6; ++k)
          if (data.inputs(i, 2 * k) == query) value = data.inputs(i, 2 * k + 1);
        CHECK(data.targets(i, q) == value);
        if (answers) CHECK(data.inputs(i, places(q) + 1) == value);
      }
      CHECK(queries.size() == 4);
    }
  }
}

TEST_CASE("keys, values and the pair that is asked for are uniform") {
  const auto data = associative_recall(Rng(2), 3000, {.keys = 6, .values = 3, .pairs = 4, .queries = 1});
  auto key = Tensor<std::int64_t>::empty({3000}), value = key.clone(), place = key.clone();
  for (std::int64_t i = 0; i < 3000; ++i) {
    key.mutable_data()[i] = data.inputs(i, 2);
    value.mutable_data()[i] = data.inputs(i, 3) - 6;
    for (std::int64_t k = 0; k < 4; ++k)
      if (data.inputs(i, 2 * k) == data.inputs(i, 8)) place.mutable_data()[i] = k;
  }
  CHECK(chi_square(key, std::vector<double>(6, 1.0 / 6)) < chi_square_limit(5));
  CHECK(chi_square(value, std::vector<double>(3, 1.0 / 3)) < chi_square_limit(2));
  CHECK(chi_square(place, std::vector<double>(4, 0.25)) < chi_square_limit(3));
}

TEST_CASE("sequence i depends on the Rng and i alone") {
  const auto data = associative_recall(Rng(3), 40), few = associative_recall(Rng(3), 7);
  CHECK(same_bits(few.inputs, data.inputs.rows(0, 7).clone()));
  CHECK(same_bits(few.targets, data.targets.rows(0, 7).clone()));
  CHECK_FALSE(same_bits(few.inputs, associative_recall(Rng(4), 7).inputs));
  CHECK(associative_recall(Rng(3), 0).inputs.shape() == Shape{0, 24});
  CHECK(associative_recall(Rng(3), 2, {.pairs = 0, .queries = 0}).inputs.shape() == Shape{2, 0});
}

TEST_CASE("wrong sizes are Errors") {
  CHECK(fails_with([] { associative_recall(Rng(), -1); }, "associative_recall", "count is -1"));
  CHECK(fails_with([] { associative_recall(Rng(), 1, {.keys = 7}); }, "keys is 7", "at least 8"));
  CHECK(fails_with([] { associative_recall(Rng(), 1, {.values = 0}); }, "values is 0"));
  CHECK(fails_with([] { associative_recall(Rng(), 1, {.queries = 9}); }, "pairs is 8", "at least 9"));
  CHECK(fails_with([] { associative_recall(Rng(), 1, {.queries = -1}); }, "queries is -1"));
  CHECK(fails_with([] { recall_places({.queries = -1}); }, "recall_places", "queries is -1"));
  CHECK(fails_with([] { recall_places({.pairs = -1}); }, "pairs is -1"));
}
