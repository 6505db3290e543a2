// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adam.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("adam options outside their ranges are errors") {
  CHECK(message([] { adam({.beta1 = 1}); }) == "adam: beta1 is 1; beta1 must be in [0, 1)");
  CHECK_THROWS_AS(adam({.beta1 = -0.1}), Error);
  CHECK_THROWS_AS(adam({.beta2 = 1}), Error);
  CHECK_THROWS_AS(adam({.beta2 = std::nan("")}), Error);
  CHECK_THROWS_AS(adam({.epsilon = -1e-8}), Error);
  CHECK_THROWS_AS(adam({.weight_decay = -1}), Error);
}

TEST_CASE("adam's first step is lr times the gradient's sign") {
  auto parameters = parts<double>();
  const auto before = values(parameters);
  auto optimizer = adam<double>({.lr = 0.01, .epsilon = 0});
  train(parameters, optimizer, 12345, 1);  // bias correction counts its own updates, not the run's steps
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double g = before[i] - minimum(static_cast<std::int64_t>(i));
    if (g != 0)
      CHECK(parameters.values().data()[i] == doctest::Approx(before[i] - (g > 0 ? 0.01 : -0.01)).epsilon(1e-12));
  }
}

TEST_CASE_TEMPLATE("twenty steps of adam are PyTorch's", T, float, double) {
  check_oracle<T>("adam", adam<T>({.lr = 0.1}));
  check_oracle<T>("adam_decay",
                  adam<T>({.lr = 0.05, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1}));
}
