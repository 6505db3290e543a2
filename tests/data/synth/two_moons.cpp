// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/two_moons.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;

namespace {

/// Counts of values in [0, 1) in ten equal parts, which are uniform.
void check_uniform(const std::vector<double>& values) {
  auto parts = Tensor<std::int64_t>::empty({static_cast<std::int64_t>(values.size())});
  for (std::size_t i = 0; i < values.size(); ++i)
    parts.mutable_data()[i] = static_cast<std::int64_t>(std::floor(10 * values[i]));
  CHECK(chi_square(parts, std::vector<double>(10, 0.1)) < chi_square_limit(9));
}

}  // namespace

TEST_CASE("moons are half circles that reach into each other") {
  const auto data = two_moons<double>(Rng(1), 2000, 0);
  std::vector<double> places;
  for (std::int64_t i = 0; i < 2000; ++i) {
    CHECK(data.labels(i) == i % 2);
    const bool upper = i % 2 == 0;
    const double x = data.inputs(i, 0) - (upper ? 0 : 1), y = data.inputs(i, 1) - (upper ? 0 : 0.5);
    CHECK(x * x + y * y == doctest::Approx(1));
    CHECK((upper ? y >= 0 : y <= 0));
    places.push_back(std::acos(upper ? x : -x) / M_PI);
  }
  check_uniform(places);
}

TEST_CASE("spirals and rings are where they should be") {
  const auto arms = spirals<double>(Rng(2), 1500, {.classes = 3, .turns = 1.5, .noise = 0});
  const auto circles = rings<double>(Rng(3), 2000, 4, 0);
  std::vector<double> radii, angles;
  for (std::int64_t i = 0; i < 1500; ++i) {
    const double r = std::hypot(arms.inputs(i, 0), arms.inputs(i, 1));
    radii.push_back(r);
    const double angle = 2 * M_PI * (1.5 * r + static_cast<double>(i % 3) / 3);
    CHECK(arms.labels(i) == i % 3);
    CHECK(std::hypot(arms.inputs(i, 0) - r * std::cos(angle), arms.inputs(i, 1) - r * std::sin(angle)) < 1e-9);
  }
  for (std::int64_t i = 0; i < 2000; ++i) {
    CHECK(circles.labels(i) == i % 4);
    CHECK(std::hypot(circles.inputs(i, 0), circles.inputs(i, 1)) ==
          doctest::Approx(static_cast<double>(i % 4 + 1) / 4));
    angles.push_back(std::atan2(circles.inputs(i, 1), circles.inputs(i, 0)) / (2 * M_PI) + 0.5);
  }
  check_uniform(radii);
  check_uniform(angles);
}

TEST_CASE_TEMPLATE("noise has its standard deviation; sample i depends on the Rng and i alone", T, float, double) {
  const auto clean = two_moons<T>(Rng(4), 3000, 0), noisy = two_moons<T>(Rng(4), 3000, 0.2);
  double square = 0;
  for (std::int64_t k = 0; k < 6000; ++k) {
    const double z = static_cast<double>(noisy.inputs.data()[k] - clean.inputs.data()[k]);
    square += z * z / 6000;
  }
  CHECK(square == doctest::Approx(0.04).epsilon(0.1));
  CHECK(same_bits(two_moons<T>(Rng(4), 5, 0.2).inputs, noisy.inputs.rows(0, 5).clone()));
  CHECK_FALSE(same_bits(two_moons<T>(Rng(5), 5, 0.2).inputs, noisy.inputs.rows(0, 5).clone()));
  CHECK(spirals<T>(Rng(), 0).inputs.shape() == Shape{0, 2});
}

TEST_CASE("wrong options are Errors") {
  CHECK(fails_with([] { two_moons(Rng(), -1); }, "two_moons", "count is -1"));
  CHECK(fails_with([] { two_moons(Rng(), 1, NAN); }, "noise is nan"));
  CHECK(fails_with([] { spirals(Rng(), 1, {.classes = 0}); }, "spirals", "classes is 0"));
  CHECK(fails_with([] { spirals(Rng(), 1, {.turns = INFINITY}); }, "turns is inf"));
  CHECK(fails_with([] { spirals(Rng(), 1, {.noise = -1}); }, "noise is -1"));
  CHECK(fails_with([] { rings(Rng(), 1, 0); }, "rings", "classes is 0"));
  CHECK(fails_with([] { rings(Rng(), -3); }, "count is -3"));
}
