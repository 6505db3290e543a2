// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule_free.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("schedule_free options outside their ranges are errors") {
  CHECK(message([] { schedule_free({.beta1 = 1}); }) == "schedule_free: beta1 is 1; beta1 must be in [0, 1)");
  CHECK_THROWS_AS(schedule_free({.lr = -1}), Error);
  CHECK_THROWS_AS(schedule_free({.warmup = -1}), Error);
  CHECK_THROWS_AS(schedule_free({.beta2 = 1}), Error);
  CHECK_THROWS_AS(schedule_free({.epsilon = -1}), Error);
  CHECK_THROWS_AS(schedule_free({.weight_decay = -1}), Error);
}

TEST_CASE_TEMPLATE("at a constant gradient and rate the shown parameters are the mean of the iterates", T, float,
                   double) {
  // With beta2 = 0 each z is lr below the one before, so after n steps x is (n + 1) / 2 lr below the beginning.
  auto parameters = parts<T>();
  parameters.values().fill(1);
  parameters.gradients().fill(4);
  auto optimizer = schedule_free<T>({.lr = 0.125, .beta1 = 0.75, .beta2 = 0, .epsilon = 0});
  for (int n = 1; n <= 9; ++n) {
    optimizer.update(parameters, Progress{n - 1});
    const double x = 1 - 0.125 * (n + 1) / 2, z = 1 - 0.125 * n;
    const auto here = values(parameters);
    CHECK(static_cast<double>(here[30]) == doctest::Approx(0.25 * z + 0.75 * x).epsilon(1e-6));
    optimizer.show(parameters);
    CHECK(optimizer.shown());
    CHECK(static_cast<double>(parameters.values().data()[30]) == doctest::Approx(x).epsilon(1e-6));
    optimizer.show(parameters);
    CHECK(static_cast<double>(parameters.values().data()[30]) == doctest::Approx(x).epsilon(1e-6));
    optimizer.hide(parameters);
    optimizer.hide(parameters);
    CHECK(values(parameters) == here);
  }
}

TEST_CASE("the shown parameters come to the minimum without a schedule") {
  auto parameters = parts<double>();
  auto optimizer = schedule_free<double>({.lr = 0.02});
  train(parameters, optimizer, 0, 3000);
  optimizer.show(parameters);
  double worst = 0;
  for (std::int64_t i = 0; i < 112; ++i)
    worst = std::fmax(worst, std::fabs(parameters.values().data()[i] - minimum(i)));
  CHECK(worst < 0.05);
}

TEST_CASE("updating, saving and loading while shown are errors, and before the first update nothing is shown") {
  auto parameters = parts<float>();
  const auto before = values(parameters);
  auto optimizer = schedule_free({.lr = 0.1});
  optimizer.show(parameters);
  CHECK_FALSE(optimizer.shown());
  CHECK(values(parameters) == before);
  train(parameters, optimizer, 0, 2);
  const State state = through_file(optimizer);
  optimizer.show(parameters);
  CHECK(message([&] { optimizer.update(parameters, Progress{2}); }) ==
        "schedule_free update: the parameters are the mean at present; call hide() first");
  State other;
  CHECK_THROWS_AS(optimizer.save(other), Error);
  CHECK_THROWS_AS(optimizer.load(state), Error);
}
