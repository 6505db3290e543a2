// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/sgd.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"

using namespace test;

TEST_CASE("sgd options outside their ranges are errors") {
  CHECK(message([] { sgd({.momentum = 1}); }) == "sgd: momentum is 1; momentum must be in [0, 1)");
  CHECK_THROWS_AS(sgd({.momentum = -0.1}), Error);
  CHECK_THROWS_AS(sgd({.momentum = std::nan("")}), Error);
  CHECK_THROWS_AS(sgd({.momentum = 0.9, .dampening = 1.1}), Error);
  CHECK_THROWS_AS(sgd({.weight_decay = -1}), Error);
  CHECK(message([] { sgd({.nesterov = true}); }) ==
        "sgd: nesterov with momentum 0 and dampening 0; it needs momentum and no dampening");
  CHECK_THROWS_AS(sgd({.momentum = 0.9, .dampening = 0.1, .nesterov = true}), Error);
}

TEST_CASE("sgd without momentum keeps no array") {
  auto parameters = parts<float>();
  auto plain = sgd({.lr = 0.1}), heavy = sgd({.lr = 0.1, .momentum = 0.9});
  train(parameters, plain, 0, 1);
  train(parameters, heavy, 0, 1);
  CHECK(!through_file(plain).contains("momentum"));
  CHECK(through_file(heavy).get<Tensor<float>>("momentum").size() == 112);
}

TEST_CASE_TEMPLATE("twenty steps of sgd are PyTorch's", T, float, double) {
  check_oracle<T>("sgd", sgd<T>({.lr = 0.1}));
  check_oracle<T>("sgd_momentum", sgd<T>({.lr = 0.05, .momentum = 0.9, .dampening = 0.25, .weight_decay = 0.01}));
  check_oracle<T>("sgd_nesterov", sgd<T>({.lr = 0.05, .momentum = 0.8, .nesterov = true, .weight_decay = 0.1}));
}
