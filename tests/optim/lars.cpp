// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/lars.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("lars options outside their ranges are errors") {
  CHECK(message([] { lars({.momentum = 1}); }) == "lars: momentum is 1; momentum must be in [0, 1)");
  CHECK(message([] { lars({.trust = 0}); }) == "lars: trust is 0; trust must be positive and finite");
  CHECK_THROWS_AS(lars({.epsilon = -1}), Error);
  CHECK_THROWS_AS(lars({.weight_decay = -1}), Error);
}

TEST_CASE_TEMPLATE("ten steps of lars are those of the formula in plain doubles", T, float, double) {
  auto parameters = parts<T>();
  auto optimizer = lars<T>({.lr = 0.5,
                            .momentum = 0.8,
                            .trust = 0.05,
                            .epsilon = 0.01,
                            .weight_decay = 0.1,
                            .decay_mask = "*.weight",
                            .adapt_mask = "*.weight"});
  std::vector<double> p, g(112), m(112);
  for (const T value : values(parameters)) p.push_back(static_cast<double>(value));
  double worst = 0;
  for (int t = 0; t < 10; ++t) {
    train(parameters, optimizer, t, 1);
    for (std::size_t i = 0; i < 112; ++i) {
      const auto index = static_cast<std::int64_t>(i);
      g[i] = curvature(index) * (p[i] - minimum(index));
    }
    for (const Range& range : ranges) {
      const double size = norm(p, range), decay = range.weight ? 0.1 : 0;
      const double l = range.weight ? 0.05 * size / (norm(g, range) + decay * size + 0.01) : 1;
      for (std::size_t i = range.begin; i < range.end; ++i) {
        m[i] = 0.8 * m[i] + 0.5 * l * (g[i] + decay * p[i]);
        p[i] -= m[i];
        worst = std::fmax(worst, std::fabs(p[i] - static_cast<double>(parameters.values().data()[i])));
      }
    }
  }
  CHECK(worst < (std::is_same_v<T, float> ? 1e-5 : 1e-13));
}

TEST_CASE("a parameter that is 0 has lr itself") {
  auto parameters = parts<double>();
  parameters.values().fill(0);
  parameters.gradients().fill(3);
  auto optimizer = lars<double>({.lr = 0.5});
  optimizer.update(parameters, Progress{});
  CHECK(parameters.values().data()[0] == doctest::Approx(-1.5));
}
