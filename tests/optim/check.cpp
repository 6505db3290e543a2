// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/check.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

using namespace regimen;
using namespace regimen::detail;

namespace {

using Check = void (*)(const char*, const char*, double);

bool passes(Check check, double value) {
  try {
    check("adam", "beta1", value);
  } catch (const Error&) {
    return false;
  }
  return true;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("each check passes its range, ends included or not, and nothing else") {
  CHECK(passes(check_finite, -3));
  CHECK(!passes(check_finite, infinity));
  CHECK(passes(check_positive, 1e-300));
  CHECK(!passes(check_positive, 0));
  CHECK(!passes(check_positive, infinity));
  CHECK(passes(check_not_negative, 0));
  CHECK(passes(check_not_negative, -0.0));
  CHECK(!passes(check_not_negative, -1e-300));
  CHECK(!passes(check_not_negative, infinity));
  CHECK(passes(check_fraction, 0));
  CHECK(passes(check_fraction, 1));
  CHECK(!passes(check_fraction, std::nextafter(1.0, 2.0)));
  CHECK(passes(check_decay, 0));
  CHECK(passes(check_decay, std::nextafter(1.0, 0.0)));
  CHECK(!passes(check_decay, 1));
  CHECK(!passes(check_fraction, 2));
  CHECK(!passes(check_decay, 2));
  CHECK(passes(check_positive, 1e300));
  CHECK(passes(check_not_negative, 1e300));
  for (const Check check : {check_positive, check_not_negative, check_fraction, check_decay}) {
    CHECK(!passes(check, -1e-300));
    CHECK(!passes(check, -infinity));
    CHECK(!passes(check, infinity));
  }
  for (const Check check : {check_finite, check_positive, check_not_negative, check_fraction, check_decay})
    CHECK(!passes(check, std::nan("")));
}

TEST_CASE("counts have a least value and leave room for sums") {
  check_count("cosine", "steps", 1, 1);
  check_count("cosine", "steps", std::int64_t{1} << 60, 1);
  CHECK_THROWS_WITH_AS(check_count("cosine", "steps", 0, 1),
                       "cosine: steps is 0; steps must be at least 1 and at most 2^60", Error);
  CHECK_THROWS_AS(check_count("cosine", "steps", (std::int64_t{1} << 60) + 1, 1), Error);
  CHECK_THROWS_AS(check_count("cosine", "steps", std::numeric_limits<std::int64_t>::max(), 1), Error);
  check_count("cosine", "warmup", 0, 0);
  CHECK_THROWS_AS(check_count("cosine", "warmup", -1, 0), Error);
}

TEST_CASE("the error names the operation, the option, its value and its range") {
  CHECK_THROWS_WITH_AS(check_decay("adam", "beta1", 1.5), "adam: beta1 is 1.5; beta1 must be in [0, 1)", Error);
}

TEST_CASE("numbers read as people write them") {
  CHECK(number_text(1e-3) == "0.001");
  CHECK(number_text(1e-8) == "1e-08");
  CHECK(number_text(-2) == "-2");
  CHECK(number_text(infinity) == "inf");
  CHECK(number_text(1.0 / 3) == "0.333333333");
  CHECK(number_text(-1.23456789e-300) == "-1.23456789e-300");
}
