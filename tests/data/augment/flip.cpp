// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/flip.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("a flip mirrors rows or columns, and twice is nothing", T, float, double) {
  const auto x = images<T>();
  CHECK(horizontal_flip(x)(1, 2, 3, 0) == x(1, 2, 3, 6));
  CHECK(vertical_flip(x)(1, 2, 0, 4) == x(1, 2, 5, 4));
  CHECK(same_bits(horizontal_flip(horizontal_flip(x)), x));
  CHECK(same_bits(vertical_flip(vertical_flip(x)), x));
}

TEST_CASE_TEMPLATE("a random flip happens to half of the samples", T, float, double) {
  check_by_sample<T>([](const auto& x, const auto& indices) { return random_horizontal_flip(x, indices, Rng(3)); });
  const auto x = images<T>().rows(0, 1).clone();
  const auto index = Tensor<std::int64_t>::from({0});
  int flipped = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const auto y = random_horizontal_flip(x, index, Rng(seed));
    const bool flip = same_bits(y, horizontal_flip(x));
    CHECK((flip || same_bits(y, x)));
    flipped += flip ? 1 : 0;
  }
  CHECK(std::abs(flipped - 500) < 5 * 16);
}
