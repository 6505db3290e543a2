// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/radam.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("radam options outside their ranges are errors") {
  CHECK(message([] { radam({.beta1 = 1}); }) == "radam: beta1 is 1; beta1 must be in [0, 1)");
  CHECK_THROWS_AS(radam({.beta2 = 1}), Error);
  CHECK_THROWS_AS(radam({.epsilon = -1e-8}), Error);
  CHECK_THROWS_AS(radam({.weight_decay = -1}), Error);
}

TEST_CASE("radam's first five steps with the usual beta2 follow the mean gradient, the sixth adapts") {
  auto parameters = parts<double>();
  auto optimizer = radam<double>({.lr = 0.01, .epsilon = 0});
  parameters.gradients().fill(4);  // its mean, corrected, is 4 at each step
  double before = parameters.values().data()[3];
  for (int t = 0; t < 5; ++t) {
    optimizer.update(parameters, Progress{t});
    CHECK(parameters.values().data()[3] == doctest::Approx(before - 0.04).epsilon(1e-12));
    before = parameters.values().data()[3];
  }
  optimizer.update(parameters, Progress{5});
  const double power = std::pow(0.999, 6), limit = 1999, length = limit - 12 * power / (1 - power);
  const double factor = std::sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
  CHECK(parameters.values().data()[3] == doctest::Approx(before - 0.01 * factor).epsilon(1e-9));
}

TEST_CASE_TEMPLATE("twenty steps of radam are PyTorch's", T, float, double) {
  check_oracle<T>("radam", radam<T>({.lr = 0.1}));
  check_oracle<T>("radam_decay",
                  radam<T>({.lr = 0.05, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1}));
}
