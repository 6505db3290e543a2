// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/erase.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("random erasing fills one rectangle of all channels and leaves the rest", T, float, double) {
  check_by_sample<T>(
      [](const auto& x, const auto& indices) { return random_erasing(x, indices, Rng(3), {.p = 1, .fill = -1}); });
  const auto x = Rng(1).uniform<T>({1, 2, 16, 16});
  const auto index = Tensor<std::int64_t>::from({0});
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto y = random_erasing(x, index, Rng(seed), {.p = 1, .fill = -1});
    for (int channel = 0; channel < 2; ++channel) {
      int count = 0, top = 16, bottom = -1, left = 16, right = -1;
      for (int i = 0; i < 16; ++i)
        for (int j = 0; j < 16; ++j) {
          if (y(0, channel, i, j) != -1) {
            CHECK(y(0, channel, i, j) == x(0, channel, i, j));
            continue;
          }
          ++count;
          top = std::min(top, i), bottom = std::max(bottom, i), left = std::min(left, j), right = std::max(right, j);
        }
      CHECK(count == (bottom - top + 1) * (right - left + 1));
      CHECK(count >= 1);
      CHECK(count <= 0.4 * 256);
    }
  }
  CHECK(same_bits(random_erasing(x, index, Rng(1), {.p = 0}), x));
}
