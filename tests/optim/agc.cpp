// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/agc.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>
#include <vector>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("agc options that are not positive are errors") {
  CHECK(message([] { agc({.limit = 0}); }) == "agc: limit is 0; limit must be positive and finite");
  CHECK_THROWS_AS(agc({.epsilon = 0}), Error);
  CHECK_THROWS_AS(agc({.limit = std::nan("")}), Error);
}

TEST_CASE_TEMPLATE("rows whose gradient is long for their weights are shortened, others are left alone", T, float,
                   double) {
  auto parameters = parts<T>();
  parameters.set("norm.*", false);
  for (int i = 4; i < 8; ++i) parameters.values().mutable_data()[i] = 0;  // a row of zeros
  differentiate(parameters);
  const std::vector<T> before(parameters.gradients().span().begin(), parameters.gradients().span().end());
  agc({.limit = 0.75, .epsilon = 0.5}).update(parameters, Progress{});
  std::vector<std::size_t> bounds;
  for (std::size_t row = 0; row <= 17; ++row) bounds.push_back(4 * row);
  for (const std::size_t end : {std::size_t{71}, std::size_t{72}, std::size_t{112}}) bounds.push_back(end);
  int shortened = 0;
  for (std::size_t b = 0; b + 1 < bounds.size(); ++b) {
    double size = 0, norm = 0;
    for (std::size_t i = bounds[b]; i < bounds[b + 1]; ++i) {
      size += std::pow(static_cast<double>(parameters.values().data()[i]), 2);
      norm += std::pow(static_cast<double>(before[i]), 2);
    }
    double factor = std::fmin(1.0, 0.75 * std::fmax(0.5, std::sqrt(size)) / std::sqrt(norm));
    if (bounds[b] == 71) factor = 1;
    if (factor < 1) ++shortened;
    for (std::size_t i = bounds[b]; i < bounds[b + 1]; ++i)
      CHECK(std::fabs(static_cast<double>(parameters.gradients().data()[i]) - factor * static_cast<double>(before[i])) <
            (std::is_same_v<T, float> ? 1e-6 : 1e-14));
  }
  CHECK(shortened > 0);
  CHECK(shortened < 19);
}

TEST_CASE("parameters outside the mask keep their gradients, and a NaN stays") {
  auto parameters = parts<double>();
  parameters.gradients().fill(100);
  parameters.gradients().mutable_data()[2] = std::nan("");
  agc({.mask = "hidden.*"}).update(parameters, Progress{});
  CHECK(std::isnan(parameters.gradients().data()[2]));
  CHECK(parameters.gradients().data()[0] == 100);
  CHECK(parameters.gradients().data()[4] < 1);
  CHECK(parameters.gradients().data()[100] == 100);
}
