// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/warmup_stable_decay.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE("warm-up, stable and decay meet at their boundaries in each shape") {
  for (const DecayShape shape :
       {DecayShape::linear, DecayShape::cosine, DecayShape::exponential, DecayShape::one_minus_square_root}) {
    const Schedule s = warmup_stable_decay(
        {.initial = 1, .peak = 4, .final = 1, .warmup = 3, .stable = 5, .decay = 4, .shape = shape});
    CHECK(s(0) == 1);
    CHECK(s(2) == doctest::Approx(3));
    for (std::int64_t t = 3; t <= 8; ++t) CHECK(s(t) == 4);
    CHECK(s(9) < 4);
    CHECK(s(12) == 1);
    CHECK(s(400) == 1);
    const double middle = shape == DecayShape::linear || shape == DecayShape::cosine ? 2.5
                          : shape == DecayShape::exponential                         ? 2
                                                                                     : 4 - 3 * std::sqrt(0.5);
    CHECK(s(10) == doctest::Approx(middle));
  }
}

TEST_CASE("no warm-up and no stable stretch leave the decay") {
  const Schedule s = warmup_stable_decay({.peak = 4, .final = 0, .decay = 4});
  CHECK(s(0) == 4);
  CHECK(s(1) == 3);
  CHECK(s(4) == 0);
}

TEST_CASE("the defaults are lines from 0 to 1e-3 and to 0, with no stretch between") {
  const Schedule s = warmup_stable_decay({.warmup = 2, .decay = 4});
  CHECK(s(0) == 0);
  CHECK(s(1) == 5e-4);
  CHECK(s(2) == 1e-3);
  CHECK(s(3) == doctest::Approx(7.5e-4));
  CHECK(s(5) == doctest::Approx(2.5e-4));
  CHECK(s(6) == 0);
  const Schedule decay = warmup_stable_decay({.decay = 4});
  CHECK(decay(0) == 1e-3);
  CHECK(decay(2) == doctest::Approx(5e-4));
  const WarmupStableDecayOptions options;
  CHECK(options.decay == 0);
  CHECK_THROWS_AS(warmup_stable_decay({}), Error);
}

TEST_CASE("warm-up-stable-decay options outside their ranges are errors") {
  CHECK_THROWS_AS(warmup_stable_decay({.decay = 0}), Error);
  CHECK_THROWS_AS(warmup_stable_decay({.warmup = -1, .decay = 1}), Error);
  CHECK_THROWS_AS(warmup_stable_decay({.stable = -1, .decay = 1}), Error);
  CHECK_THROWS_AS(warmup_stable_decay({.final = 0, .decay = 1, .shape = DecayShape::exponential}), Error);
}
