// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/crop.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("a crop is a window, filled outside the image", T, float, double) {
  const auto x = images<T>();
  const auto c = crop(x, -1, 2, 3, 8, T{9});
  CHECK(c.shape() == Shape{5, 3, 3, 8});
  CHECK(c(0, 0, 0, 0) == 9);
  CHECK(c(4, 2, 1, 0) == x(4, 2, 0, 2));
  CHECK(c(4, 2, 2, 4) == x(4, 2, 1, 6));
  CHECK(c(4, 2, 2, 5) == 9);
  CHECK(same_bits(crop(x, 0, 100, 2, 2), Tensor<T>::zeros({5, 3, 2, 2})));
  CHECK(same_bits(crop(x, 0, -100, 2, 2), Tensor<T>::zeros({5, 3, 2, 2})));
  CHECK(center_crop(x, 2, 3)(0, 0, 0, 0) == x(0, 0, 2, 2));
  CHECK(same_bits(center_crop(x, 6, 7), x));
}

TEST_CASE_TEMPLATE("a random crop is one of the windows of the padded image, each at times", T, float, double) {
  check_by_sample<T>(
      [](const auto& x, const auto& indices) { return random_crop(x, indices, Rng(3), {.padding = 2}); });
  const auto x = images<T>();
  const auto index = Tensor<std::int64_t>::from({0});
  int seen[5][5] = {};
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const auto c = random_crop(x.rows(0, 1).clone(), index, Rng(seed), {.padding = 2});
    int found = 0;
    for (int top = -2; top <= 2; ++top)
      for (int left = -2; left <= 2; ++left)
        if (same_bits(c, crop(x.rows(0, 1).clone(), top, left, 6, 7))) ++found, ++seen[top + 2][left + 2];
    CHECK(found == 1);
  }
  for (const auto& row : seen)
    for (const int count : row) CHECK(std::abs(count - 40) < 5 * 6.2);  // 1000 / 25, and its deviation
}
