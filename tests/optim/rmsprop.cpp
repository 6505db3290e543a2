// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/rmsprop.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("rmsprop options outside their ranges are errors") {
  CHECK(message([] { rmsprop({.alpha = 1}); }) == "rmsprop: alpha is 1; alpha must be in [0, 1)");
  CHECK_THROWS_AS(rmsprop({.epsilon = -1}), Error);
  CHECK_THROWS_AS(rmsprop({.momentum = 1}), Error);
  CHECK_THROWS_AS(rmsprop({.weight_decay = -1}), Error);
}

TEST_CASE("centered rmsprop stays finite where the variance of a constant gradient rounds below zero") {
  auto parameters = parts<float>();
  parameters.gradients().fill(0.1f);
  auto optimizer = rmsprop({.lr = 1e-3, .alpha = 0.5, .epsilon = 1e-3, .centered = true});
  for (std::int64_t t = 0; t < 100; ++t) optimizer.update(parameters, {t});
  for (const float value : values(parameters)) CHECK(std::isfinite(value));
}

TEST_CASE("rmsprop keeps a mean where it is centered, a momentum where there is one, and no other arrays") {
  for (const bool centered : {false, true})
    for (const double momentum : {0.0, 0.5}) {
      auto parameters = parts<float>();
      auto optimizer = rmsprop({.momentum = momentum, .centered = centered});
      train(parameters, optimizer, 0, 1);
      const State state = through_file(optimizer);
      CHECK(state.contains("v"));
      CHECK(state.contains("mean") == centered);
      CHECK(state.contains("momentum") == (momentum > 0));
    }
}

TEST_CASE_TEMPLATE("twenty steps of rmsprop are PyTorch's", T, float, double) {
  check_oracle<T>("rmsprop", rmsprop<T>({.lr = 0.02, .alpha = 0.9, .epsilon = 1e-3}));
  check_oracle<T>("rmsprop_centered", rmsprop<T>({.lr = 0.01, .alpha = 0.9, .epsilon = 0.1, .centered = true}));
  check_oracle<T>("rmsprop_momentum", rmsprop<T>({.lr = 0.01, .alpha = 0.9, .epsilon = 1e-3, .momentum = 0.5}));
  check_oracle<T>(
      "rmsprop_all",
      rmsprop<T>({.lr = 5e-3, .alpha = 0.9, .epsilon = 0.1, .momentum = 0.5, .centered = true, .weight_decay = 0.1}));
}
