// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adabelief.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("adabelief options outside their ranges are errors") {
  CHECK(message([] { adabelief({.beta1 = 1}); }) == "adabelief: beta1 is 1; beta1 must be in [0, 1)");
  CHECK(message([] { adabelief({.epsilon = 0}); }) == "adabelief: epsilon is 0; epsilon must be positive and finite");
  CHECK_THROWS_AS(adabelief({.beta2 = 1}), Error);
  CHECK_THROWS_AS(adabelief({.weight_decay = -1}), Error);
}

TEST_CASE_TEMPLATE("with a constant gradient adabelief's spread and steps have a closed form", T, float, double) {
  // m = (1 - beta1^t) g, so the spread is the discounted sum of (beta1^k g)^2, and steps grow as it falls.
  const double beta1 = 0.75, beta2 = 0.875, epsilon = 1e-3, g = 3;
  auto parameters = parts<T>();
  parameters.values().fill(1);
  parameters.gradients().fill(T(g));
  auto optimizer = adabelief<T>({.lr = 0.01, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon});
  double p = 1;
  for (int t = 1; t <= 20; ++t) {
    optimizer.update(parameters, Progress{t - 1});
    const double a = std::pow(beta1, 2 * t), b = std::pow(beta2, t), square = beta1 * beta1;
    const double spread = (1 - beta2) * g * g * square * (b - a) / (beta2 - square) + epsilon * (1 - b) / (1 - beta2);
    p -= 0.01 * g / (std::sqrt(spread / (1 - b)) + epsilon);
    CHECK(static_cast<double>(parameters.values().data()[40]) ==
          doctest::Approx(p).epsilon(std::is_same_v<T, float> ? 2e-5 : 1e-12));
  }
}

TEST_CASE("adabelief's decay is decoupled") {
  auto parameters = parts<double>();
  parameters.values().fill(2);
  parameters.gradients().fill(0);
  auto optimizer = adabelief<double>({.lr = 0.1, .weight_decay = 0.5, .decay_mask = "*.weight"});
  optimizer.update(parameters, Progress{});
  CHECK(parameters.values().data()[0] == doctest::Approx(2 - 0.1 * 0.5 * 2));
  CHECK(parameters.values().data()[71] == 2);
}
