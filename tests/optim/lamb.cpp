// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/lamb.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("lamb options outside their ranges are errors") {
  CHECK(message([] { lamb({.beta1 = 1}); }) == "lamb: beta1 is 1; beta1 must be in [0, 1)");
  CHECK_THROWS_AS(lamb({.beta2 = 1}), Error);
  CHECK_THROWS_AS(lamb({.epsilon = -1}), Error);
  CHECK_THROWS_AS(lamb({.weight_decay = -1}), Error);
}

TEST_CASE_TEMPLATE("ten steps of lamb are those of the formula in plain doubles", T, float, double) {
  auto parameters = parts<T>();
  auto optimizer = lamb<T>({.lr = 0.02, .beta2 = 0.99, .weight_decay = 0.1, .decay_mask = "*.weight"});
  std::vector<double> p, m(112), v(112), u(112);
  for (const T value : values(parameters)) p.push_back(static_cast<double>(value));
  double worst = 0;
  for (int t = 1; t <= 10; ++t) {
    train(parameters, optimizer, t - 1, 1);
    for (std::size_t i = 0; i < 112; ++i) {
      const auto index = static_cast<std::int64_t>(i);
      const double g = curvature(index) * (p[i] - minimum(index));
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.99 * v[i] + 0.01 * g * g;
      u[i] = m[i] / (1 - std::pow(0.9, t)) / (std::sqrt(v[i] / (1 - std::pow(0.99, t))) + 1e-6);
    }
    for (const Range& range : ranges) {
      for (std::size_t i = range.begin; i < range.end; ++i) u[i] += range.weight ? 0.1 * p[i] : 0;
      const double ratio = norm(p, range) / norm(u, range);
      for (std::size_t i = range.begin; i < range.end; ++i) {
        p[i] -= 0.02 * ratio * u[i];
        worst = std::fmax(worst, std::fabs(p[i] - static_cast<double>(parameters.values().data()[i])));
      }
    }
  }
  CHECK(worst < (std::is_same_v<T, float> ? 1e-5 : 1e-13));
}

TEST_CASE("a parameter that is 0 and one that does not adapt have the ratio 1") {
  auto parameters = parts<double>();
  parameters.values().fill(2);
  for (int i = 0; i < 68; ++i) parameters.values().mutable_data()[i] = 0;
  parameters.gradients().fill(5);
  auto optimizer = lamb<double>({.lr = 0.5, .epsilon = 0, .adapt_mask = "*.weight"});
  optimizer.update(parameters, Progress{});
  CHECK(parameters.values().data()[0] == doctest::Approx(-0.5));
  CHECK(parameters.values().data()[71] == doctest::Approx(1.5));
  CHECK(parameters.values().data()[72] == doctest::Approx(2 - 0.5 * 2));
}
