// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adadelta.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("adadelta options outside their ranges are errors") {
  CHECK(message([] { adadelta({.rho = 1}); }) == "adadelta: rho is 1; rho must be in [0, 1)");
  CHECK(message([] { adadelta({.epsilon = 0}); }) == "adadelta: epsilon is 0; epsilon must be positive and finite");
  CHECK_THROWS_AS(adadelta({.rho = std::nan("")}), Error);
  CHECK_THROWS_AS(adadelta({.weight_decay = -1}), Error);
}

TEST_CASE("adadelta's first step has the size that epsilon gives, whatever the gradient's scale") {
  auto parameters = parts<double>();
  const auto before = values(parameters);
  parameters.gradients().fill(1e6);
  auto optimizer = adadelta<double>({.lr = 2, .rho = 0.75, .epsilon = 1e-4});
  optimizer.update(parameters, Progress{});
  CHECK(parameters.values().data()[5] == doctest::Approx(before[5] - 2 * 1e-2 / std::sqrt(0.25)).epsilon(1e-12));
}

TEST_CASE_TEMPLATE("twenty steps of adadelta are PyTorch's", T, float, double) {
  check_oracle<T>("adadelta", adadelta<T>({}));
  check_oracle<T>("adadelta_decay", adadelta<T>({.lr = 0.5, .rho = 0.8, .epsilon = 1e-3, .weight_decay = 0.1}));
}
