// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/layer_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("layer_norm gives each row mean 0 and variance 1, then weight and bias") {
  Rng rng(1);
  LayerNorm<double> layer(8, {.epsilon = 0});
  const auto x = rng.normal<double>({3, 8}, 5, 2);
  const auto y = layer(x);
  for (int i = 0; i < 3; ++i) {
    double mean = 0, square = 0;
    for (int j = 0; j < 8; ++j) mean += y(i, j) / 8, square += y(i, j) * y(i, j) / 8;
    CHECK(std::fabs(mean) < 1e-13);
    CHECK(square == doctest::Approx(1));
  }
  layer.weight.fill(3);
  layer.bias.fill(-1);
  const auto z = layer(x);
  for (std::int64_t i = 0; i < z.size(); ++i) CHECK(z.data()[i] == doctest::Approx(3 * y.data()[i] - 1));
}

TEST_CASE("layer_norm goes over all axes that it is given") {
  Rng rng(2);
  const LayerNorm<double> layer(Shape{2, 3});
  CHECK(layer.weight.shape() == Shape{2, 3});
  const auto x = rng.normal<double>({4, 2, 3});
  CHECK(distance(layer(x).detach().reshaped({4, 6}), LayerNorm<double>(6)(x.reshaped({4, 6}))) < 1e-15);
  CHECK(fails_with([&] { layer(Tensor<double>::zeros({2, 4})); }, "layer_norm", "[2, 4]", "[2, 3]"));
}

TEST_CASE("layer_norm's parameters may be left out") {
  LayerNorm<> whole(4), no_bias(4, {.bias = false}), plain(4, {.affine = false});
  CHECK(names(whole) == "weight bias ");
  CHECK(names(no_bias) == "weight ");
  CHECK(names(plain) == "");
  Rng rng(3);
  const auto x = rng.normal({5, 4});
  CHECK(same_bits(whole(x), plain(x)));
  CHECK(same_bits(whole(x), no_bias(x)));
}
