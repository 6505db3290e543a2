// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/ema.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

TEST_CASE("the mean begins with the parameters and follows them by its decay") {
  auto parameters = parts<double>();
  Ema<double> ema({.decay = 0.75});
  double mean = 0;
  for (int n = 0; n < 10; ++n) {
    parameters.values().fill(n * n + 1);
    ema.update(parameters, Progress{n});
    mean = n == 0 ? 1 : 0.75 * mean + 0.25 * (n * n + 1);
  }
  ema.swap(parameters);
  CHECK(ema.swapped());
  CHECK(parameters.values().data()[17] == doctest::Approx(mean));
  ema.swap(parameters);
  CHECK(parameters.values().data()[17] == 82);
}

TEST_CASE("with warm-up a young mean forgets faster") {
  for (const double decay : {0.99, 0.5}) {  // the second is reached at n = 8
    auto parameters = parts<double>();
    Ema<double> ema({.decay = decay, .warm_up = true});
    double mean = 0;
    for (int n = 0; n < 20; ++n) {
      const double value = n % 10;
      parameters.values().fill(value);
      ema.update(parameters, Progress{n});
      const double beta = std::fmin(decay, (1.0 + n) / (10.0 + n));
      mean = n == 0 ? value : beta * mean + (1 - beta) * value;
    }
    ema.swap(parameters);
    CHECK(parameters.values().data()[0] == doctest::Approx(mean));
  }
}

TEST_CASE("swapping in and out leaves training with the same bits, and the mean resumes with the same bits") {
  auto a = parts<float>(), b = parts<float>();
  Optimizer<> one = sgd({.lr = 0.1, .momentum = 0.9}), two = one;
  Ema<> watched({.decay = 0.9}), quiet({.decay = 0.9});
  for (std::int64_t t = 0; t < 20; ++t) {
    train(a, one, t, 1);
    watched.update(a, Progress{t});
    watched.swap(a);
    watched.swap(a);
    if (t == 10) {
      Ema<> fresh({.decay = 0.9});
      fresh.load(through_file(watched));
      const Ema<> copy = fresh;
      watched = copy;
    }
    train(b, two, t, 1);
    quiet.update(b, Progress{t});
  }
  CHECK(values(a) == values(b));
  watched.swap(a);
  quiet.swap(b);
  CHECK(values(a) == values(b));
}

TEST_CASE("misuse of the mean is an error") {
  auto parameters = parts<float>(), other = parts<float>(41);
  Ema<> ema({.decay = 0.9});
  CHECK(message([&] { ema.swap(parameters); }) == "Ema::swap: there is no mean yet; call update() first");
  ema.load(through_file(ema));
  ema.update(parameters, Progress{});
  CHECK(message([&] { ema.update(other, Progress{}); }) ==
        "Ema: the mean is of [112] and the parameters are [113]; begin with a new Ema after the model has changed");
  CHECK_THROWS_AS(ema.swap(other), Error);
  ema.swap(parameters);
  State state;
  CHECK_THROWS_AS(ema.save(state), Error);
  CHECK_THROWS_AS(ema.update(parameters, Progress{}), Error);
  CHECK_THROWS_AS(ema.load(state), Error);
  Ema<> wrong({.decay = 1.5});
  CHECK_THROWS_AS(wrong.update(parameters, Progress{}), Error);
}
