// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/embedding.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/reduce.hpp"

using namespace test;

TEST_CASE("embedding gives the rows that indices name") {
  Rng rng(1);
  const Embedding<> layer(5, 3, rng);
  const auto y = layer(Tensor<std::int64_t>::from({4, 0, 4, 2}, {2, 2}));
  CHECK(y.shape() == Shape{2, 2, 3});
  for (int j = 0; j < 3; ++j) {
    CHECK(y(0, 0, j) == layer.weight(4, j));
    CHECK(y(0, 1, j) == layer.weight(0, j));
    CHECK(y(1, 0, j) == layer.weight(4, j));
    CHECK(y(1, 1, j) == layer.weight(2, j));
  }
  CHECK(layer(Tensor<std::int64_t>::empty({0})).shape() == Shape{0, 3});
}

TEST_CASE("embedding's gradient counts how often a row is named") {
  Rng rng(2);
  const Embedding<double> layer(4, 2, rng);
  const auto y = sum(layer(Tensor<std::int64_t>::from({3, 1, 3})));
  CHECK(same_bits(grad(y, {layer.weight})[0], Tensor<double>::from({0, 0, 1, 1, 0, 0, 2, 2}, {4, 2})));
}

TEST_CASE("embedding starts standard normal") {
  Rng rng(3);
  const Embedding<> layer(200, 100, rng);
  double square = 0;
  for (const float v : layer.weight.span()) square += static_cast<double>(v) * v / 20000;
  CHECK(square == doctest::Approx(1).epsilon(0.03));
}

TEST_CASE("embedding refuses indices outside the table") {
  Rng rng(4);
  const Embedding<> layer(5, 3, rng);
  CHECK(fails_with([&] { layer(Tensor<std::int64_t>::from({5})); }, "5", "[5, 3]"));
  CHECK(fails_with([&] { Embedding<>(0, 3, rng); }, "Embedding", "0 entries"));
}
