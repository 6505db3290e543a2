// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/dropout.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("dropout keeps the mean in training, and everything in evaluation") {
  Rng rng(1);
  Dropout layer(0.25, rng);
  const auto x = Tensor<>::ones({200, 200});
  const auto y = layer(x);
  double zeros = 0;
  for (const float v : y.span()) {
    CHECK_MESSAGE((v == 0 || v == doctest::Approx(4 / 3.)), v);
    zeros += v == 0;
  }
  CHECK(zeros / 40000 == doctest::Approx(0.25).epsilon(0.03));
  set_training(layer, false);
  CHECK(same_bits(layer(x), x));
}

TEST_CASE("dropout draws anew in each call, and a copy goes on by itself") {
  Rng rng(2);
  const Dropout layer(0.5, rng), copy = layer;
  const auto x = Tensor<>::ones({100});
  const auto first = layer(x), second = layer(x);
  CHECK(!same_bits(first, second));
  CHECK(same_bits(copy(x), first));
  CHECK(same_bits(copy(x), second));
}

TEST_CASE("dropouts made from one stream differ, and are those of the stream's seed") {
  Rng rng(3), again(3);
  const Dropout a(0.5, rng), b(0.5, rng), c(0.5, again);
  const auto x = Tensor<>::ones({100});
  const auto of_a = a(x);
  CHECK(!same_bits(of_a, b(x)));
  CHECK(same_bits(of_a, c(x)));
}

TEST_CASE("dropout in evaluation draws nothing") {
  Rng rng(4);
  Dropout layer(0.5, rng), copy = layer;
  const auto x = Tensor<>::ones({100});
  set_training(layer, false);
  layer(x);
  set_training(layer, true);
  CHECK(same_bits(layer(x), copy(x)));
}

TEST_CASE("dropout refuses what is no probability") {
  Rng rng(5);
  CHECK(fails_with([&] { Dropout(-0.1, rng); }, "Dropout", "p is -0.1"));
  CHECK(fails_with([&] { Dropout(1.5, rng); }, "Dropout", "p is 1.5"));
  CHECK(fails_with([&] { Dropout(std::nan(""), rng); }, "Dropout"));
}
