// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/sophia.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"

using namespace test;

namespace {

std::int64_t one(Parameters<float>&) { return 1; }

}  // namespace

TEST_CASE("sophia options outside their ranges, and an estimate of no samples, are errors") {
  CHECK(message([] { sophia({.beta1 = 1}, one); }) == "sophia: beta1 is 1; beta1 must be in [0, 1)");
  CHECK(message([] { sophia({.gamma = 0}, one); }) == "sophia: gamma is 0; gamma must be positive and finite");
  CHECK_THROWS_AS(sophia({.beta2 = 1}, one), Error);
  CHECK_THROWS_AS(sophia({.epsilon = 0}, one), Error);
  CHECK_THROWS_AS(sophia({.weight_decay = -1}, one), Error);
  CHECK_THROWS_AS(sophia({.every = 0}, one), Error);
  auto parameters = parts<float>();
  const auto before = values(parameters);
  parameters.gradients().fill(1);
  auto optimizer = sophia({}, [](Parameters<float>& p) {
    p.gradients().fill(7);
    return 0;
  });
  CHECK(message([&] { optimizer.update(parameters, Progress{}); }) ==
        "sophia: the estimate is of 0 samples; return the batch's size");
  CHECK(values(parameters) == before);
  CHECK(parameters.gradients().data()[5] == 1);
}

TEST_CASE("the estimate is asked for every k-th update, and the gradients are as before it") {
  auto parameters = parts<float>();
  int calls = 0;
  auto optimizer = sophia({.every = 3}, [&](Parameters<float>& p) {
    ++calls;
    CHECK(p.gradients().data()[0] == 2);
    p.gradients().fill(9);
    return 4;
  });
  for (std::int64_t t = 0; t < 7; ++t) {
    parameters.gradients().fill(2);
    optimizer.update(parameters, Progress{t});
    CHECK(parameters.gradients().data()[111] == 2);
    CHECK(calls == 1 + t / 3);
  }
}

TEST_CASE_TEMPLATE("sophia's step is the momentum over the curvature, at most lr", T, float, double) {
  auto parameters = parts<T>();
  parameters.values().fill(1);
  parameters.gradients().fill(0);
  T* g = parameters.gradients().mutable_data();
  g[0] = T(0.5);
  g[1] = T(-0.5);
  g[2] = T(100);
  g[71] = T(1e-20);
  auto optimizer = sophia<T>({.lr = 0.25,
                              .beta1 = 0.5,
                              .beta2 = 0.75,
                              .gamma = 2,
                              .epsilon = 1e-12,
                              .weight_decay = 0.5,
                              .decay_mask = "out.*"},
                             [](Parameters<T>& p) {
                               p.gradients().fill(T(0.5));
                               return 8;
                             });
  optimizer.update(parameters, Progress{});
  const T* p = parameters.values().data();  // h = 0.25 8 0.25 = 0.5, gamma h = 1
  CHECK(p[0] == T(1 - 0.25 * 0.25));
  CHECK(p[1] == T(1 + 0.25 * 0.25));
  CHECK(p[2] == T(0.75));
  CHECK(p[3] == T(1));
  CHECK(p[100] == T(1 - 0.25 * 0.5));
  auto flat = sophia<T>({.lr = 0.25, .weight_decay = 0}, [](Parameters<T>& q) {
    q.gradients().fill(0);
    return 1;
  });
  flat.update(parameters, Progress{});  // no curvature: a step of lr for the least gradient above epsilon
  CHECK(p[1] == doctest::Approx(1 + 0.25 * 0.25 + 0.25));
  CHECK(p[71] == doctest::Approx(1));
}

TEST_CASE("sophia's defaults are the paper's") {
  const SophiaOptions options;
  CHECK(options.beta1 == 0.965);
  CHECK(options.beta2 == 0.99);
  CHECK(options.gamma == 0.05);
  CHECK(options.every == 10);
}
