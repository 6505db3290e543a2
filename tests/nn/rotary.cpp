// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/rotary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"

using namespace test;

TEST_CASE("rotary turns each pair by position times its speed") {
  Rng rng(1);
  const auto x = rng.normal<double>({2, 3, 6});
  for (const bool interleaved : {false, true})
    for (const int first : {0, 4}) {
      const auto y = rotary(x, {.base = 100, .interleaved = interleaved, .first_position = first});
      for (int b = 0; b < 2; ++b)
        for (int t = 0; t < 3; ++t)
          for (int i = 0; i < 3; ++i) {
            const int p = interleaved ? 2 * i : i, q = interleaved ? 2 * i + 1 : i + 3;
            const double angle = (t + first) * std::pow(100, -2. * i / 6);
            CHECK(y(b, t, p) == doctest::Approx(x(b, t, p) * std::cos(angle) - x(b, t, q) * std::sin(angle)));
            CHECK(y(b, t, q) == doctest::Approx(x(b, t, q) * std::cos(angle) + x(b, t, p) * std::sin(angle)));
          }
    }
}

TEST_CASE("products of rotated rows depend on the distance of their positions alone") {
  Rng rng(2);
  const auto a = rng.normal<double>({1, 8}), b = rng.normal<double>({1, 8});
  const auto product = [&](std::int64_t i, std::int64_t j) {
    const auto u = rotary(a, {.first_position = i}), v = rotary(b, {.first_position = j});
    double total = 0;
    for (int c = 0; c < 8; ++c) total += u(0, c) * v(0, c);
    return total;
  };
  CHECK(product(3, 1) == doctest::Approx(product(102, 100)));
  CHECK(std::fabs(product(3, 1) - product(1, 3)) > 1e-3);
}

TEST_CASE("rotary has gradients to second order") {
  Rng rng(3);
  const auto x = rng.normal<double>({2, 3, 4});
  for (const bool interleaved : {false, true}) {
    const auto result = gradcheck([&](const auto& in) { return rotary(in[0] * in[0], {.interleaved = interleaved}); },
                                  {x}, {.order = 2});
    CHECK_MESSAGE(result, result.message);
  }
}

TEST_CASE("rotary of nothing is nothing, and an odd size is an Error") {
  CHECK(rotary(Tensor<>::zeros({0, 3, 4})).shape() == Shape{0, 3, 4});
  CHECK(rotary(Tensor<>::zeros({2, 0, 4}), {.interleaved = true}).shape() == Shape{2, 0, 4});
  CHECK(fails_with([] { rotary(Tensor<>::zeros({2, 3})); }, "rotary", "[2, 3]"));
  CHECK(fails_with([] { rotary(Tensor<>::zeros({2, 4}), {.base = 0}); }, "base", "[2, 4]"));
}
