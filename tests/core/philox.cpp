// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/philox.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace regimen;

namespace {

void check_block(const PhiloxBlock& block, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  CHECK(block.word[0] == a);
  CHECK(block.word[1] == b);
  CHECK(block.word[2] == c);
  CHECK(block.word[3] == d);
}

/// Probability below z of the standard normal.
double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("the generator gives Random123's known answers") {
  check_block(philox4x32(0, 0, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  const std::uint64_t ones = ~std::uint64_t{0};
  check_block(philox4x32(ones, ones, ones), 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  check_block(philox4x32(0x85a308d3243f6a88, 0x0370734413198a2e, 0x299f31d0a4093822), 0xd16cfe09, 0x94fdcceb,
              0x5001e420, 0x24126ea1);
}

TEST_CASE("uniform numbers end below 1") {
  CHECK(uniform_from(std::uint32_t{0}) == 0);
  CHECK(uniform_from(~std::uint32_t{0}) == 1 - 0x1p-24f);
  CHECK(uniform_from(std::uint64_t{0}) == 0);
  CHECK(uniform_from(~std::uint64_t{0}) == 1 - 0x1p-53);
}

TEST_CASE("normal numbers are the quantiles of their words") {
  for (std::uint64_t i = 0; i < 20000; ++i) {
    // Words near zero in every octave, so that the far tail is covered.
    const std::uint64_t wide = (0x9E3779B97F4A7C15 * (i + 1)) >> (i % 63);
    const double z = normal_from(wide);
    const double p = (static_cast<double>(wide) + 0.5) * 0x1p-64;
    CHECK(normal_cdf(z) == doctest::Approx(p).epsilon(1e-13));
    CHECK(normal_from(~wide) == -z);
    const auto narrow = static_cast<std::uint32_t>(wide);
    const float f = normal_from(narrow);
    CHECK(f == doctest::Approx(normal_from((std::uint64_t{narrow} << 32) + 0x80000000)).epsilon(1e-6));
    CHECK(normal_from(~narrow) == -f);
  }
  CHECK(std::abs(normal_from(std::uint32_t{0x80000000})) < 1e-9f);
  CHECK(normal_from(std::uint32_t{0}) == doctest::Approx(-6.3379).epsilon(1e-3));
  CHECK(normal_from(std::uint64_t{0}) == doctest::Approx(-9.1553).epsilon(1e-3));
}
