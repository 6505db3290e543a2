// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adagrad.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("adagrad options outside their ranges are errors") {
  CHECK(message([] { adagrad({.epsilon = -1}); }) == "adagrad: epsilon is -1; epsilon must be finite and not negative");
  CHECK_THROWS_AS(adagrad({.weight_decay = -1}), Error);
}

TEST_CASE("adagrad's step t under a constant gradient is lr / sqrt t") {
  auto parameters = parts<double>();
  parameters.values().fill(0);
  parameters.gradients().fill(-3);
  auto optimizer = adagrad<double>({.lr = 0.1});
  double sum = 0;
  for (std::int64_t t = 0; t < 20; ++t) {
    optimizer.update(parameters, {t});
    sum += 0.1 / std::sqrt(static_cast<double>(t + 1));
    CHECK(parameters.values().data()[3] == doctest::Approx(sum));
  }
}

TEST_CASE_TEMPLATE("twenty steps of adagrad are PyTorch's", T, float, double) {
  check_oracle<T>("adagrad", adagrad<T>({.lr = 0.5}));
  check_oracle<T>("adagrad_decay", adagrad<T>({.lr = 0.5, .epsilon = 0.01, .weight_decay = 0.1}));
}
