// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/weight_decay.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "regimen/optim/schedule/linear.hpp"

using namespace test;

TEST_CASE("weight decay shrinks the trainable parameters that its mask names, at its schedule's rate") {
  auto parameters = parts<double>();
  parameters.set("out.*", false);
  const auto before = values(parameters);
  auto decay = weight_decay(
      {.lr = linear_schedule({.initial = 1, .final = 0, .steps = 4}), .weight_decay = 0.1, .decay_mask = "*.weight"});
  decay.update(parameters, Progress{2});
  for (std::size_t i = 0; i < before.size(); ++i)
    CHECK(parameters.values().data()[i] == doctest::Approx(before[i] * (i < 68 ? 0.95 : 1)));
  decay.update(parameters, Progress{4});
  CHECK(parameters.values().data()[0] == doctest::Approx(before[0] * 0.95));
}

TEST_CASE("a negative weight decay is an error") {
  CHECK_THROWS_AS(weight_decay({.weight_decay = -0.1}), Error);
  CHECK_THROWS_AS(weight_decay({.weight_decay = std::nan("")}), Error);
}
