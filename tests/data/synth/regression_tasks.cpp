// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/regression_tasks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "data/synth/checks.hpp"

using namespace test;

TEST_CASE("linear tasks are linear, of variance 1") {
  // Two points of two coordinates give w; the third is then known.
  const auto data = linear_tasks<double>(Rng(1), 4000, 3);
  double square = 0, x_square = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const double a = data.inputs(i, 0, 0), b = data.inputs(i, 0, 1), c = data.inputs(i, 1, 0), d = data.inputs(i, 1, 1);
    const double y = data.targets(i, 0), z = data.targets(i, 1), det = a * d - b * c;
    const double w0 = (y * d - b * z) / det, w1 = (a * z - y * c) / det;
    if (std::abs(det) > 0.1)
      CHECK(data.targets(i, 2) == doctest::Approx(w0 * data.inputs(i, 2, 0) + w1 * data.inputs(i, 2, 1)).epsilon(1e-6));
    square += y * y / 4000;
    x_square += a * a / 4000;
  }
  CHECK(square == doctest::Approx(1).epsilon(0.2));
  CHECK(x_square == doctest::Approx(1).epsilon(0.12));
}

TEST_CASE("sparse tasks depend on as many coordinates as asked, noise is added") {
  // Of dimension 3 with one nonzero coordinate, y is a multiple of one of them.
  const auto data = linear_tasks<double>(Rng(2), 300, 2, {.dimension = 3, .nonzero = 1});
  auto which = Tensor<std::int64_t>::empty({300});
  for (std::int64_t i = 0; i < 300; ++i) {
    int found = 0;
    for (std::int64_t k = 0; k < 3; ++k)
      if (std::abs(data.targets(i, 0) / data.inputs(i, 0, k) - data.targets(i, 1) / data.inputs(i, 1, k)) < 1e-9) {
        which.mutable_data()[i] = k;
        ++found;
      }
    CHECK(found == 1);
  }
  CHECK(chi_square(which, {1.0 / 3, 1.0 / 3, 1.0 / 3}) < chi_square_limit(2));
  const auto wide = linear_tasks<double>(Rng(7), 6000, 1, {.dimension = 9, .nonzero = 2});
  double square = 0;
  for (const double y : wide.targets.span()) square += y * y / 6000;
  CHECK(square == doctest::Approx(1).epsilon(0.2));
  double noise = 0;
  for (const bool sine : {false, true}) {
    const auto make = [&](double n) {
      return sine ? sine_tasks<double>(Rng(3), 100, 20, {.noise = n})
                  : linear_tasks<double>(Rng(3), 100, 20, {.noise = n});
    };
    const auto clean = make(0), noisy = make(0.3);
    noise = 0;
    for (std::int64_t k = 0; k < 2000; ++k)
      noise += std::pow(noisy.targets.data()[k] - clean.targets.data()[k], 2) / 2000;
    CHECK(noise == doctest::Approx(0.09).epsilon(0.2));
    CHECK(same_bits(noisy.inputs, clean.inputs));
  }
}

TEST_CASE("sine tasks are sines of their amplitude, frequency and range") {
  const auto data =
      sine_tasks<double>(Rng(4), 400, 40, {.min_amplitude = 0.5, .max_amplitude = 2, .frequency = 1.5, .range = 2});
  double low = 9, high = 0, mean = 0;
  for (std::int64_t i = 0; i < 400; ++i) {
    // y = u sin(1.5 x) + v cos(1.5 x), from two points; all others agree.
    const auto s = [&](std::int64_t j) { return std::sin(1.5 * data.inputs(i, j, 0)); };
    const auto c = [&](std::int64_t j) { return std::cos(1.5 * data.inputs(i, j, 0)); };
    std::int64_t other = 1;
    while (std::abs(s(0) * c(other) - c(0) * s(other)) < 0.3) ++other;
    const double det = s(0) * c(other) - c(0) * s(other), y = data.targets(i, 0), z = data.targets(i, other);
    const double u = (y * c(other) - c(0) * z) / det, v = (s(0) * z - y * s(other)) / det;
    for (std::int64_t j = 0; j < 40; ++j) {
      CHECK(data.targets(i, j) == doctest::Approx(u * s(j) + v * c(j)).epsilon(1e-9));
      CHECK(std::abs(data.inputs(i, j, 0)) <= 2);
      mean += data.inputs(i, j, 0) / 16000;
    }
    const double amplitude = std::hypot(u, v);
    low = std::min(low, amplitude), high = std::max(high, amplitude);
  }
  CHECK((low >= 0.5 && low < 0.52 && high > 1.98 && high <= 2));
  CHECK(std::abs(mean) < 5 * 4 / std::sqrt(12 * 16000.0));
}

TEST_CASE_TEMPLATE("task i depends on the Rng and i alone", T, float, double) {
  const auto linear = linear_tasks<T>(Rng(5), 30, 4), sine = sine_tasks<T>(Rng(5), 30, 4);
  CHECK(same_bits(linear_tasks<T>(Rng(5), 6, 4).targets, linear.targets.rows(0, 6).clone()));
  CHECK(same_bits(sine_tasks<T>(Rng(5), 6, 4).targets, sine.targets.rows(0, 6).clone()));
  CHECK_FALSE(same_bits(linear_tasks<T>(Rng(6), 30, 4).inputs, linear.inputs));
  CHECK(linear_tasks<T>(Rng(), 0, 3).inputs.shape() == Shape{0, 3, 2});
  CHECK(sine_tasks<T>(Rng(), 3, 0).targets.shape() == Shape{3, 0});
}

TEST_CASE("wrong options are Errors") {
  CHECK(fails_with([] { linear_tasks(Rng(), -1, 1); }, "linear_tasks", "tasks is -1"));
  CHECK(fails_with([] { linear_tasks(Rng(), 1, -1); }, "points is -1"));
  CHECK(fails_with([] { linear_tasks(Rng(), 1, 1, {.dimension = 0}); }, "dimension is 0"));
  CHECK(fails_with([] { linear_tasks(Rng(), 1, 1, {.nonzero = 3}); }, "nonzero is 3"));
  CHECK(fails_with([] { linear_tasks(Rng(), 1, 1, {.nonzero = 0}); }, "nonzero is 0"));
  CHECK(fails_with([] { linear_tasks(Rng(), 1, 1, {.noise = NAN}); }, "noise is nan"));
  CHECK(fails_with([] { sine_tasks(Rng(), -1, 1); }, "sine_tasks", "tasks is -1"));
  CHECK(fails_with([] { sine_tasks(Rng(), 1, -1); }, "points is -1"));
  CHECK(fails_with([] { sine_tasks(Rng(), 1, 1, {.min_amplitude = -1}); }, "min_amplitude is -1"));
  CHECK(fails_with([] { sine_tasks(Rng(), 1, 1, {.min_amplitude = 6}); }, "max_amplitude - min_amplitude is -1"));
  CHECK(fails_with([] { sine_tasks(Rng(), 1, 1, {.frequency = 0}); }, "frequency is 0"));
  CHECK(fails_with([] { sine_tasks(Rng(), 1, 1, {.range = 0}); }, "range is 0"));
  CHECK(fails_with([] { sine_tasks(Rng(), 1, 1, {.noise = -1}); }, "noise is -1"));
}
