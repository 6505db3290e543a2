// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/feed_forward.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE("feed-forward is two linear maps with gelu between them") {
  Rng rng(1);
  FeedForward<double> layer(3, rng, {.hidden = 5});
  const auto x = rng.normal<double>({2, 4, 3});
  CHECK(distance(layer(x).detach(), layer.down(gelu(layer.up(x))).detach()) == 0);
  CHECK(layer.up.weight.shape() == Shape{5, 3});
  CHECK(FeedForward<>(3, rng).up.weight.shape() == Shape{12, 3});
  FeedForward<> no_bias(3, rng, {.bias = false});
  CHECK(names(no_bias) == "up.weight down.weight ");
  CHECK(layer(Tensor<double>::zeros({0, 3})).shape() == Shape{0, 3});
  check_module_gradients(layer, {rng.normal<double>({2, 3})}, [](const auto& f, const auto& in) { return f(in[0]); });
  CHECK(fails_with([&] { FeedForward<>(0, rng); }, "Linear", "0 inputs"));
}
