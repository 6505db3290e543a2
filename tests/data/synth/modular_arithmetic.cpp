// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/modular_arithmetic.hpp"

#include <doctest/doctest.h>

#include "data/synth/checks.hpp"
#include "regimen/data/split.hpp"

using namespace test;

TEST_CASE("every equation is there once, and holds") {
  using enum ModularOperation;
  for (const std::int64_t p : {2, 7, 12})
    for (const ModularOperation operation : {add, subtract, multiply, divide}) {
      if (operation == divide && p == 12) continue;
      INFO("p " << p << ", operation " << static_cast<int>(operation));
      const auto data = modular_arithmetic(p, operation);
      const std::int64_t first = operation == divide ? 1 : 0;
      REQUIRE(data.inputs.shape() == Shape{p * (p - first), 4});
      std::int64_t i = 0;
      for (std::int64_t a = 0; a < p; ++a)
        for (std::int64_t b = first; b < p; ++b, ++i) {
          CHECK((data.inputs(i, 0) == a && data.inputs(i, 2) == b));
          CHECK((data.inputs(i, 1) == p + static_cast<int>(operation) && data.inputs(i, 3) == p + 4));
          const std::int64_t c = data.labels(i);
          CHECK((c >= 0 && c < p));
          if (operation == add) CHECK(c == (a + b) % p);
          if (operation == subtract) CHECK((c + b) % p == a);
          if (operation == multiply) CHECK(c == a * b % p);
          if (operation == divide) CHECK(b * c % p == a);
        }
    }
}

TEST_CASE("a part of the equations is to train on") {
  const auto split = train_test_split(modular_arithmetic(11), Rng(1), {.test_fraction = 0.5});
  CHECK(split.train.inputs.shape() == Shape{60, 4});
  CHECK(split.test.labels.shape() == Shape{61});
  for (std::int64_t i = 0; i < 61; ++i)
    CHECK(split.test.labels(i) == (split.test.inputs(i, 0) + split.test.inputs(i, 2)) % 11);
}

TEST_CASE("wrong moduli are Errors") {
  CHECK(fails_with([] { modular_arithmetic(1); }, "modular_arithmetic", "p is 1"));
  CHECK(fails_with([] { modular_arithmetic(1 << 20); }, "p is 1048576"));
  CHECK(fails_with([] { modular_arithmetic(9, ModularOperation::divide); }, "p is 9", "prime"));
}
