// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/stochastic_depth.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/typed_node.hpp"
#include "regimen/ops/reduce.hpp"

using namespace test;

TEST_CASE_TEMPLATE("stochastic depth drops whole samples and scales the others", T, float, double) {
  Rng rng(1);
  StochasticDepth layer(0.25, rng);
  const auto x = variable(rng.normal<T>({4000, 2, 3}));
  const auto y = layer(x);
  const auto gradient = grad(sum(y), {x})[0];
  int dropped = 0;
  for (std::int64_t n = 0; n < 4000; ++n) {
    const bool drop = y(n, 0, 0) == 0;
    dropped += drop;
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j) {
        CHECK(static_cast<double>(y(n, i, j)) ==
              doctest::Approx(drop ? 0 : static_cast<double>(x(n, i, j)) * 4 / 3).epsilon(1e-6));
        CHECK(static_cast<double>(gradient(n, i, j)) == doctest::Approx(drop ? 0 : 4 / 3.).epsilon(1e-6));
      }
  }
  CHECK(std::fabs(dropped / 4000. - 0.25) < 0.03);
  set_training(layer, false);
  CHECK(same_bits(layer(x), x));
}

TEST_CASE("stochastic depth of probability 0 keeps all, and of 1 drops all") {
  Rng rng(2);
  const auto x = rng.normal({20, 3});
  CHECK(same_bits(StochasticDepth(0, rng)(x), x));
  CHECK(same_bits(StochasticDepth(1, rng)(x), Tensor<>::zeros({20, 3})));
  const auto one = StochasticDepth(0.5, rng)(Tensor<>::full({1, 1}, 3)).item();
  CHECK((one == 0 || one == 6));
}

TEST_CASE("stochastic depth draws anew in each call in training alone, and layers of one stream differ") {
  Rng rng(3);
  StochasticDepth layer(0.5, rng), copy = layer;
  const StochasticDepth other(0.5, rng);
  const auto x = Tensor<>::ones({100, 1});
  set_training(layer, false);
  layer(x);
  set_training(layer, true);
  const auto first = layer(x);
  CHECK(same_bits(copy(x), first));
  CHECK(!same_bits(layer(x), first));
  CHECK(!same_bits(other(x), first));
}

TEST_CASE("stochastic depth refuses what is no probability, and scalars") {
  Rng rng(4);
  CHECK(fails_with([&] { StochasticDepth(-0.5, rng); }, "StochasticDepth", "p is -0.5"));
  CHECK(fails_with([&] { StochasticDepth(1.5, rng); }, "StochasticDepth", "p is 1.5"));
  CHECK(fails_with([&] { StochasticDepth(std::nan(""), rng); }, "StochasticDepth"));
  CHECK(fails_with([&] { StochasticDepth(0.5, rng)(Tensor<>::scalar(1)); }, "StochasticDepth", "[n, ...]"));
}
