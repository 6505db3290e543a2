// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/lookahead.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

TEST_CASE("lookahead's options outside their ranges and an undefined optimizer are errors") {
  const auto with = [](const LookaheadOptions& options) { return [=] { lookahead(options, sgd({.lr = 0.1})); }; };
  CHECK(message(with({.every = 0})) == "lookahead: every is 0; every must be at least 1 and at most 2^60");
  CHECK(message(with({.alpha = 1.5})) == "lookahead: alpha is 1.5; alpha must be in [0, 1]");
  CHECK_THROWS_AS(with({.alpha = std::nan("")})(), Error);
  CHECK(message([] { lookahead({}, Optimizer<>()); }) == "lookahead: the optimizer is undefined; give it a value");
}

TEST_CASE("every k steps the slow values go alpha of the way, and the parameters back to them") {
  auto parameters = parts<double>();
  parameters.values().fill(8);
  parameters.gradients().fill(1);
  auto optimizer = lookahead<double>({.every = 2, .alpha = 0.25}, sgd<double>({.lr = 1}));
  for (const double wanted : {7.0, 7.5, 6.5, 7.0, 6.0, 6.5}) {
    optimizer.update(parameters, Progress{});
    CHECK(parameters.values().data()[20] == wanted);
  }
}

TEST_CASE("lookahead with alpha 1 is its optimizer, with alpha 0 it comes back to the beginning") {
  auto a = parts<double>(), b = parts<double>();
  const auto begin = values(a);
  auto plain = sgd<double>({.lr = 0.1});
  auto whole = lookahead<double>({.every = 3, .alpha = 1}, plain);
  train(a, plain, 0, 9);
  train(b, whole, 0, 9);
  CHECK(values(a) == values(b));
  auto none = lookahead<double>({.every = 3, .alpha = 0}, sgd<double>({.lr = 0.1}));
  auto c = parts<double>();
  train(c, none, 0, 2);
  CHECK(values(c) != begin);
  train(c, none, 2, 1);
  CHECK(values(c) == begin);
}
