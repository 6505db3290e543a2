// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/accumulate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "regimen/optim/adam.hpp"
#include "regimen/optim/schedule/linear.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

TEST_CASE("accumulation updates at the last micro-batch, with the schedule counted in big batches") {
  auto parameters = parts<double>();
  parameters.values().fill(0);
  auto optimizer = accumulate<double>(3, sgd<double>({.lr = linear_schedule({.initial = 4, .final = 0, .steps = 4})}));
  for (std::int64_t t = 0; t < 6; ++t) {
    parameters.gradients().fill(static_cast<double>(t));
    optimizer.update(parameters, Progress{t});
    const double expected = t < 2 ? 0 : t < 5 ? -4.0 : -4.0 - 3 * 4;
    CHECK(parameters.values().data()[9] == doctest::Approx(expected));
  }
}

TEST_CASE("accumulation resumes between micro-batches with the same bits, after any gradient of before") {
  auto a = parts<float>(), b = parts<float>();
  Optimizer<> one = accumulate(3, adam({.lr = 0.1})), two = accumulate(3, adam({.lr = 0.1}));
  train(a, one, 0, 7);
  train(b, two, 0, 7);
  Optimizer<> resumed = accumulate(3, adam({.lr = 0.1}));
  resumed.load(through_file(one));
  train(a, resumed, 7, 8);
  train(b, two, 7, 8);
  CHECK(std::memcmp(a.values().data(), b.values().data(), 112 * sizeof(float)) == 0);
}

TEST_CASE("a sum that overflowed does not outlive its batch") {
  auto parameters = parts<float>();
  auto optimizer = accumulate(1, sgd({.lr = 0}));
  parameters.gradients().fill(INFINITY);
  optimizer.update(parameters, Progress{0});
  parameters.values().fill(1);
  parameters.gradients().fill(1);
  optimizer.update(parameters, Progress{1});
  CHECK(parameters.values().data()[0] == 1);
}

TEST_CASE("accumulation of no batches, of nothing, or resumed with another count is an error") {
  CHECK_THROWS_AS(accumulate(0, sgd({})), Error);
  CHECK_THROWS_AS(accumulate(2, Optimizer<>()), Error);
  auto three = accumulate(3, sgd({}));
  CHECK(message([&] { three.load(through_file(accumulate(2, sgd({})))); }) ==
        "accumulate: the state is of 2 micro-batches, this accumulates 3; resume with the same count");
}
