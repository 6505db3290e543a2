// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/lion.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("lion options outside their ranges are errors") {
  CHECK(message([] { lion({.beta1 = 1}); }) == "lion: beta1 is 1; beta1 must be in [0, 1)");
  CHECK_THROWS_AS(lion({.beta2 = 1}), Error);
  CHECK_THROWS_AS(lion({.weight_decay = -1}), Error);
}

TEST_CASE_TEMPLATE("lion steps by the sign, does not move where it is 0, and forgets slower than it steps", T, float,
                   double) {
  auto parameters = parts<T>();
  parameters.values().fill(1);
  T* g = parameters.gradients().mutable_data();
  const T* p = parameters.values().data();
  auto optimizer = lion<T>({.lr = 0.25, .beta1 = 0.5, .beta2 = 0.75});
  parameters.gradients().fill(0);
  g[0] = T(1e-20);
  g[1] = T(-1e10);
  optimizer.update(parameters, Progress{});
  CHECK(p[0] == T(0.75));
  CHECK(p[1] == T(1.25));
  CHECK(p[2] == T(1));
  CHECK(p[111] == T(1));
  parameters.gradients().fill(0);  // the momentum alone goes on
  optimizer.update(parameters, Progress{1});
  CHECK(p[0] == T(0.5));
  CHECK(p[1] == T(1.5));
  CHECK(p[2] == T(1));
}

TEST_CASE("lion's decay is a part of the step, times the rate") {
  auto parameters = parts<double>();
  parameters.values().fill(2);
  parameters.gradients().fill(-1);
  auto optimizer = lion<double>({.lr = 0.1, .weight_decay = 0.5, .decay_mask = "*.weight"});
  optimizer.update(parameters, Progress{});
  CHECK(parameters.values().data()[0] == doctest::Approx(2 - 0.1 * (-1 + 0.5 * 2)));
  CHECK(parameters.values().data()[71] == doctest::Approx(2.1));
}
