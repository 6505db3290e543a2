// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/rms_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("rms_norm gives each row the mean square 1, then weight") {
  Rng rng(1);
  RMSNorm<double> layer(8, {.epsilon = 0});
  CHECK(names(layer) == "weight ");
  const auto x = rng.normal<double>({3, 8}, 5, 2);
  const auto y = layer(x);
  for (int i = 0; i < 3; ++i) {
    double square = 0;
    for (int j = 0; j < 8; ++j) square += y(i, j) * y(i, j) / 8;
    CHECK(square == doctest::Approx(1));
    CHECK(y(i, 0) / y(i, 1) == doctest::Approx(x(i, 0) / x(i, 1)));
  }
  layer.weight.fill(3);
  CHECK(layer(x)(2, 7) == doctest::Approx(3 * y(2, 7)));
}

TEST_CASE("rms_norm's weight may be left out, and sizes must fit") {
  RMSNorm<> whole(4), plain(4, {.affine = false});
  CHECK(names(plain) == "");
  Rng rng(2);
  const auto x = rng.normal({2, 3, 4});
  CHECK(same_bits(whole(x).detach(), plain(x)));
  CHECK(fails_with([&] { plain(Tensor<>::zeros({2, 5})); }, "RMSNorm", "[2, 5]", "width 4"));
  CHECK(fails_with([] { RMSNorm<>(0); }, "width is 0"));
}
