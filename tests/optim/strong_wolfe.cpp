// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/strong_wolfe.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("a slope that does not fall, a first step that is not positive and wrong options are errors") {
  const auto flat = [](double) { return LinePoint{}; };
  CHECK(message([&] {
          strong_wolfe(flat, {0, 1, 0}, 1);
        }) == "strong_wolfe: start.slope is 0; start.slope must be negative");
  CHECK_THROWS_AS(strong_wolfe(flat, {0, 1, -1}, 0), Error);
  CHECK_THROWS_AS(strong_wolfe(flat, {0, 1, -1}, 1, {.c1 = 1}), Error);
}

TEST_CASE("the cubic's minimum is exact for cubics, inside the bounds, and the middle where there is none") {
  const auto cubic = [](double t) { return LinePoint{t, t * t * t - 3 * t, 3 * t * t - 3}; };  // minimum at 1
  CHECK(detail::cubic_minimum(cubic(0), cubic(3), 0, 3) == doctest::Approx(1));
  CHECK(detail::cubic_minimum(cubic(3), cubic(0), 0, 3) == doctest::Approx(1));
  CHECK(detail::cubic_minimum(cubic(0), cubic(3), 2, 3) == 2);
  CHECK(detail::cubic_minimum(cubic(0), cubic(3), 0, 0.5) == 0.5);
  const auto rising = [](double t) { return LinePoint{t, t * t * t + t, 3 * t * t + 1}; };
  CHECK(detail::cubic_minimum(rising(-1), rising(1), -1, 2) == 0.5);
  CHECK(detail::cubic_minimum({0, 1, -1}, {1, INFINITY, 0}, 0, 1) == 0.5);
}

TEST_CASE("steps of the line search meet both Wolfe conditions") {
  using Phi = LinePoint (*)(double);
  const Phi functions[] = {
      [](double t) {
        return LinePoint{t, (t - 3) * (t - 3), 2 * (t - 3)};
      },
      [](double t) {
        return LinePoint{t, -t / (t * t + 2), (t * t - 2) / ((t * t + 2) * (t * t + 2))};
      },  // More-Thuente
      [](double t) {
        return LinePoint{t, std::exp(t) - 5 * t, std::exp(t) - 5};
      },
      [](double t) {
        return LinePoint{t, -std::sin(3 * t) / 3 - t / 2 + t * t / 50, -std::cos(3 * t) - 0.5 + t / 25};
      },
      [](double t) {
        return LinePoint{t, t < 2 ? -std::log(2 - t) - 3 * t : NAN, 1 / (2 - t) - 3};
      },
  };
  for (const Phi phi : functions)
    for (const double first : {1e-3, 0.1, 1.0, 7.0, 100.0})
      for (const double c2 : {0.9, 0.1}) {
        int calls = 0;
        const LinePoint start = phi(0);
        CAPTURE(first);
        const LinePoint end = strong_wolfe(
            [&](double t) {
              ++calls;
              return phi(t);
            },
            start, first, {.c2 = c2, .smallest_interval = 0});
        CHECK(end.t > 0);
        CHECK(end.value == phi(end.t).value);
        CHECK(end.value <= start.value + 1e-4 * end.t * start.slope);
        CHECK(std::fabs(end.slope) <= -c2 * start.slope);
        CHECK(calls <= 26);
      }
}

TEST_CASE("a good first step is taken after one evaluation, and evaluations are limited") {
  int calls = 0;
  const auto parabola = [&](double t) {
    ++calls;
    return LinePoint{t, (t - 3) * (t - 3), 2 * (t - 3)};
  };
  CHECK(strong_wolfe(parabola, {0, 9, -6}, 1).t == 1);
  CHECK(calls == 1);
  CHECK(strong_wolfe(parabola, {0, 9, -6}, 1, {.c2 = 0.1}).t == doctest::Approx(3));
  CHECK(calls == 3);
  const auto endless = [&](double t) {
    ++calls;
    return LinePoint{t, -t, -1};
  };
  CHECK(strong_wolfe(endless, {0, 0, -1}, 1, {.evaluations = 4}).t > 1);
  CHECK(calls == 7);
  const auto never = [&](double t) {
    ++calls;
    return LinePoint{t, NAN, NAN};
  };
  CHECK(strong_wolfe(never, {0, 0, -1}, 1, {.evaluations = 9}).t == 0);
  CHECK(calls == 16);
}
