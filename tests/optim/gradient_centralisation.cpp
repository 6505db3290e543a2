// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/gradient_centralisation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"
#include "regimen/optim/chain.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

TEST_CASE_TEMPLATE("each row of a trainable matrix loses its mean, and nothing else changes", T, float, double) {
  auto parameters = parts<T>();
  differentiate(parameters);
  const std::vector<T> before(parameters.gradients().span().begin(), parameters.gradients().span().end());
  gradient_centralisation().update(parameters, Progress{});
  const T* g = parameters.gradients().data();
  for (std::size_t i = 0; i < before.size(); ++i) {
    double mean = 0;
    for (std::size_t j = 0; j < 4 && i < 68; ++j) mean += static_cast<double>(before[i / 4 * 4 + j]) / 4;
    const double wanted = static_cast<double>(before[i]) - mean;
    CHECK(std::fabs(static_cast<double>(g[i]) - wanted) < (std::is_same_v<T, float> ? 1e-6 : 1e-15));
  }
}

TEST_CASE("matrices outside the mask and frozen ones keep their gradients") {
  auto parameters = parts<double>();
  differentiate(parameters);
  const std::vector<double> before(parameters.gradients().span().begin(), parameters.gradients().span().end());
  const auto same = [&] { return std::equal(before.begin(), before.end(), parameters.gradients().data()); };
  gradient_centralisation("out.*").update(parameters, Progress{});
  CHECK(same());
  parameters.set("hidden.*", false);
  gradient_centralisation().update(parameters, Progress{});
  CHECK(same());
  parameters.set("hidden.*", true);
  gradient_centralisation("hidden.*").update(parameters, Progress{});
  CHECK_FALSE(same());
}

TEST_CASE("in a chain the sum of each output's weights stays") {
  auto parameters = parts<double>();
  const auto sum = [&](std::int64_t row) {
    const double* p = parameters.values().data() + 4 * row;
    return p[0] + p[1] + p[2] + p[3];
  };
  const double first = sum(0), last = sum(16);
  auto optimizer = chain<double>(gradient_centralisation(), sgd<double>({.lr = 0.1}));
  train(parameters, optimizer, 0, 20);
  CHECK(sum(0) == doctest::Approx(first));
  CHECK(sum(16) == doctest::Approx(last));
}
