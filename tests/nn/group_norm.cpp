// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/group_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("group_norm gives each sample's groups mean 0 and variance 1, then weight and bias by channels") {
  Rng rng(1);
  GroupNorm<double> layer(2, 4, {.epsilon = 0});
  CHECK(names(layer) == "weight bias ");
  const auto x = rng.normal<double>({3, 4, 5}, 5, 2);
  const auto y = layer(x);
  for (int i = 0; i < 3; ++i)
    for (int group = 0; group < 2; ++group) {
      double mean = 0, square = 0;
      for (int c = 2 * group; c < 2 * group + 2; ++c)
        for (int p = 0; p < 5; ++p) mean += y(i, c, p) / 10, square += y(i, c, p) * y(i, c, p) / 10;
      CHECK(std::fabs(mean) < 1e-13);
      CHECK(square == doctest::Approx(1));
    }
  layer.weight.assign(Tensor<double>::from({1, 2, 3, 4}));
  layer.bias.assign(Tensor<double>::from({0, 10, 20, 30}));
  const auto z = layer(x);
  for (int c = 0; c < 4; ++c) CHECK(z(2, c, 3) == doctest::Approx((c + 1) * y(2, c, 3) + 10 * c));
}

TEST_CASE("group_norm's parameters may be left out, and sizes must fit") {
  GroupNorm<> plain(2, 4, {.affine = false});
  CHECK(names(plain) == "");
  CHECK(fails_with([&] { plain(Tensor<>::zeros({2, 6, 3})); }, "GroupNorm", "[2, 6, 3]", "4 channels"));
  CHECK(fails_with([] { GroupNorm<>(3, 4); }, "GroupNorm", "3 groups for 4 channels"));
  CHECK(fails_with([] { GroupNorm<>(0, 4); }, "0 groups"));
}
