// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/nadam.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("nadam options outside their ranges are errors") {
  CHECK(message([] { nadam({.beta1 = 1}); }) == "nadam: beta1 is 1; beta1 must be in [0, 1)");
  CHECK_THROWS_AS(nadam({.beta2 = 1}), Error);
  CHECK_THROWS_AS(nadam({.epsilon = -1e-8}), Error);
  CHECK_THROWS_AS(nadam({.weight_decay = -1}), Error);
  CHECK(message([] { nadam({.momentum_decay = -1}); }) ==
        "nadam: momentum_decay is -1; momentum_decay must be finite and not negative");
}

TEST_CASE("nadam without momentum is sign descent at its first step") {
  auto parameters = parts<double>();
  const auto before = values(parameters);
  parameters.gradients().fill(-3);
  auto optimizer = nadam<double>({.lr = 0.01, .beta1 = 0, .epsilon = 0});
  optimizer.update(parameters, Progress{12345});  // corrections count its own updates, not the run's steps
  CHECK(parameters.values().data()[3] == doctest::Approx(before[3] + 0.01).epsilon(1e-12));
}

TEST_CASE_TEMPLATE("twenty steps of nadam are PyTorch's", T, float, double) {
  check_oracle<T>("nadam", nadam<T>({.lr = 0.1}));
  check_oracle<T>(
      "nadam_decay",
      nadam<T>({.lr = 0.05, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1, .momentum_decay = 0.1}));
}
