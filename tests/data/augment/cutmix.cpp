// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/cutmix.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("cutmix pastes a window of the partner; the weight is the share of what stays", T, float, double) {
  const auto x = images<T>();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto mixed = cutmix(x, Rng(seed));
    for (std::int64_t i = 0; i < 5; ++i) {
      int own = 0;
      for (std::int64_t y = 0; y < 6; ++y)
        for (std::int64_t z = 0; z < 7; ++z) {
          const bool stays = mixed.inputs(i, 0, y, z) == x(i, 0, y, z);
          own += stays ? 1 : 0;
          CHECK((stays || mixed.inputs(i, 0, y, z) == x(mixed.partner(i), 0, y, z)));
        }
      if (mixed.partner(i) != i) CHECK(mixed.weight(i) == doctest::Approx(own / 42.0));
    }
  }
}
