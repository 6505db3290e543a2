// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/sinusoidal.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("sinusoidal embeddings agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  oracle.check_case<T>("sinusoidal", {"t"}, [](const auto& in) { return sinusoidal(in[0], 6, {.base = 50}); });
}

TEST_CASE("sinusoidal embeddings are of norm sqrt(width / 2), and 0 and 1 at position 0") {
  const auto y = sinusoidal(Tensor<double>::from({0, 1, 999}), 8);
  for (int i = 0; i < 4; ++i) {
    CHECK(y(0, i) == 0);
    CHECK(y(0, 4 + i) == 1);
    CHECK(y(1, i) == doctest::Approx(std::sin(std::pow(10000, -i / 4.))).epsilon(1e-12));
    CHECK(y(2, i) * y(2, i) + y(2, 4 + i) * y(2, 4 + i) == doctest::Approx(1));
  }
  CHECK(sinusoidal(Tensor<>::zeros({0}), 4).shape() == Shape{0, 4});
  CHECK(sinusoidal(Tensor<>::scalar(1), 2).shape() == Shape{2});
}

TEST_CASE("sinusoidal embeddings have gradients to second order") {
  const auto check = gradcheck([](const auto& in) { return sinusoidal(in[0], 4, {.base = 10}); },
                               {Tensor<double>::from({0.3, -1.2, 2})}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("sinusoidal embeddings refuse odd widths and bases that are not positive") {
  const auto t = Tensor<>::zeros({3});
  CHECK(fails_with([&] { sinusoidal(t, 5); }, "sinusoidal", "width is 5", "[3]"));
  CHECK(fails_with([&] { sinusoidal(t, 0); }, "sinusoidal", "width is 0"));
  for (const double base : {0., -1., std::nan(""), double(INFINITY)})
    CHECK(fails_with([&] { sinusoidal(t, 4, {.base = base}); }, "sinusoidal", "base is"));
}
