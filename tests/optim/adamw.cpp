// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adamw.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("adamw options outside their ranges are errors") {
  CHECK(message([] { adamw({.beta2 = 1.5}); }) == "adamw: beta2 is 1.5; beta2 must be in [0, 1)");
  CHECK_THROWS_AS(adamw({.beta1 = 1}), Error);
  CHECK_THROWS_AS(adamw({.epsilon = -1e-8}), Error);
  CHECK_THROWS_AS(adamw({.weight_decay = 1.0 / 0.0}), Error);
}

TEST_CASE("with no gradient, adamw shrinks the masked parameters by lr weight_decay and leaves the others") {
  auto parameters = parts<double>();
  const auto before = values(parameters);
  auto optimizer = adamw<double>({.lr = 0.5, .weight_decay = 0.1, .decay_mask = "*.weight"});
  parameters.gradients().fill(0);
  optimizer.update(parameters, {});
  for (std::size_t i = 0; i < before.size(); ++i)
    CHECK(parameters.values().data()[i] == doctest::Approx(before[i] * (i < 68 || i >= 72 ? 0.95 : 1)));
}

TEST_CASE_TEMPLATE("twenty steps of adamw are PyTorch's", T, float, double) {
  check_oracle<T>("adamw", adamw<T>({.lr = 0.05, .beta2 = 0.95, .weight_decay = 0.1}));
}
