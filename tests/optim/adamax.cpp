// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adamax.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("adamax options outside their ranges are errors") {
  CHECK(message([] { adamax({.beta1 = 1}); }) == "adamax: beta1 is 1; beta1 must be in [0, 1)");
  CHECK(message([] { adamax({.epsilon = 0}); }) == "adamax: epsilon is 0; epsilon must be positive and finite");
  CHECK_THROWS_AS(adamax({.beta2 = 1}), Error);
  CHECK_THROWS_AS(adamax({.weight_decay = -1}), Error);
}

TEST_CASE("adamax keeps its steps short after one large gradient") {
  auto parameters = parts<double>();
  auto optimizer = adamax<double>({.lr = 0.1, .beta1 = 0, .beta2 = 0.5});
  parameters.gradients().fill(-8);
  optimizer.update(parameters, Progress{});
  const double before = parameters.values().data()[3];
  parameters.gradients().fill(1);
  optimizer.update(parameters, Progress{1});
  CHECK(parameters.values().data()[3] == doctest::Approx(before - 0.1 / 4).epsilon(1e-7));
}

TEST_CASE_TEMPLATE("twenty steps of adamax are PyTorch's", T, float, double) {
  check_oracle<T>("adamax", adamax<T>({.lr = 0.1}));
  check_oracle<T>("adamax_decay",
                  adamax<T>({.lr = 0.05, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1}));
}
