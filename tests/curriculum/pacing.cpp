// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/curriculum/pacing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace regimen;

TEST_CASE("every pace starts at its start, never shrinks, and is all of the data from its last step on") {
  struct Row {
    const char* name;
    Schedule pace;
  };
  const Row rows[] = {
      {"step_pace", step_pace({.start = 0.2, .steps = 100})},
      {"step_pace", step_pace({.start = 0.2, .steps = 100, .stages = 4})},
      {"linear_pace", linear_pace({.start = 0.2, .steps = 100})},
      {"polynomial_pace", polynomial_pace({.start = 0.2, .steps = 100, .power = 0.5})},
      {"polynomial_pace", polynomial_pace({.start = 0.2, .steps = 100})},
      {"root_pace", root_pace({.start = 0.2, .steps = 100})},
      {"root_pace", root_pace({.start = 0.2, .steps = 100, .p = 5})},
      {"geometric_pace", geometric_pace({.start = 0.2, .steps = 100})},
      {"exponential_pace", exponential_pace({.start = 0.2, .steps = 100})},
      {"logarithmic_pace", logarithmic_pace({.start = 0.2, .steps = 100})},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(std::string(row.pace.name()) == row.name);
    CHECK(row.pace(0) == doctest::Approx(0.2));
    bool grows = true;
    for (std::int64_t t = 1; t < 120; ++t) grows = grows && row.pace(t) >= row.pace(t - 1) && row.pace(t) <= 1;
    CHECK(grows);
    for (const std::int64_t t : {std::int64_t{100}, std::int64_t{101}, INT64_MAX}) CHECK(row.pace(t) == 1);
  }
}

TEST_CASE("paces have their closed forms in the middle") {
  CHECK(step_pace({.start = 0.2, .steps = 100})(99) == 0.2);
  const Schedule stages = step_pace({.start = 0.2, .steps = 100, .stages = 4});
  CHECK(stages(24) == doctest::Approx(0.2));
  CHECK(stages(25) == doctest::Approx(0.4));
  CHECK(stages(75) == doctest::Approx(0.8));
  CHECK(linear_pace({.start = 0.2, .steps = 100})(50) == doctest::Approx(0.6));
  CHECK(polynomial_pace({.start = 0.2, .steps = 100, .power = 2})(50) == doctest::Approx(0.4));
  CHECK(polynomial_pace({.start = 0.2, .steps = 100, .power = 0.5})(25) == doctest::Approx(0.6));
  CHECK(root_pace({.start = 0.2, .steps = 100})(50) == doctest::Approx(std::sqrt(0.5 * (1 + 0.04))));
  CHECK(geometric_pace({.start = 0.25, .steps = 100})(50) == doctest::Approx(0.5));
  CHECK(exponential_pace({.start = 0.2, .steps = 100})(50) == doctest::Approx(0.2 + 0.8 / (std::exp(5.0) + 1)));
  CHECK(logarithmic_pace({.start = 0.2, .steps = 100})(50) ==
        doctest::Approx(0.2 + 0.8 * (1 + 0.1 * std::log(0.5 + std::exp(-10.0)))));
}

TEST_CASE("pace options outside their ranges are errors") {
  CHECK_THROWS_WITH_AS(linear_pace({.start = 0, .steps = 1}), "linear_pace: start is 0; start must be in (0, 1]",
                       Error);
  CHECK_THROWS_AS(linear_pace({.start = 1.1, .steps = 1}), Error);
  CHECK_THROWS_AS(geometric_pace({.steps = 0}), Error);
  CHECK_THROWS_AS(exponential_pace({.steps = -1}), Error);
  CHECK_THROWS_AS(logarithmic_pace({.start = std::nan(""), .steps = 1}), Error);
  CHECK_THROWS_AS(step_pace({.steps = 1, .stages = 0}), Error);
  CHECK_THROWS_AS(polynomial_pace({.steps = 1, .power = 0}), Error);
  CHECK_THROWS_AS(root_pace({.steps = 1, .p = 0}), Error);
}
