// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/gradient_noise.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "optim/model.hpp"
#include "regimen/optim/chain.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

TEST_CASE("gradient_noise options that are negative are errors") {
  CHECK(message([] { gradient_noise(Rng(1), {.eta = -1}); }) ==
        "gradient_noise: eta is -1; eta must be finite and not negative");
  CHECK_THROWS_AS(gradient_noise(Rng(1), {.gamma = -1}), Error);
}

TEST_CASE_TEMPLATE("the noise has mean 0 and the variance of its step", T, float, double) {
  auto parameters = parts<T>(100000);
  for (const std::int64_t step : {0, 15, 255}) {
    parameters.gradients().fill(3);
    gradient_noise(Rng(7), {.eta = 0.5, .gamma = 0.75}).update(parameters, Progress{step});
    double mean = 0, square = 0;
    const auto n = static_cast<double>(parameters.gradients().size());
    for (const T g : parameters.gradients().span()) mean += (static_cast<double>(g) - 3) / n;
    for (const T g : parameters.gradients().span()) square += std::pow(static_cast<double>(g) - 3, 2) / n;
    const double variance = 0.5 / std::pow(1 + static_cast<double>(step), 0.75);
    CHECK(std::fabs(mean) < 4 * std::sqrt(variance / n));
    CHECK(std::fabs(square / variance - 1) < 4 * std::sqrt(2 / n));
  }
}

TEST_CASE("a step's noise depends on the Rng and the step alone, and frozen parameters have none") {
  const auto noise = [](std::uint64_t seed, std::int64_t step) {
    auto parameters = parts<double>();
    parameters.set("hidden.bias", false);
    parameters.gradients().fill(0);
    auto transform = gradient_noise(Rng(seed));
    transform.update(parameters, Progress{step});
    return std::vector<double>(parameters.gradients().span().begin(), parameters.gradients().span().end());
  };
  CHECK(noise(1, 5) == noise(1, 5));
  CHECK(noise(1, 5) != noise(1, 6));
  CHECK(noise(1, 5) != noise(2, 5));
  for (std::size_t i = 0; i < 112; ++i) CHECK((noise(1, 5)[i] == 0) == (i >= 68 && i < 71));
}

TEST_CASE("in a chain it resumes with the same bits") {
  auto a = parts<float>(), b = parts<float>();
  Optimizer<> whole = chain(gradient_noise(Rng(3)), sgd({.lr = 0.1, .momentum = 0.9})), first = whole, second = whole;
  train(a, whole, 0, 8);
  train(b, first, 0, 5);
  second.load(through_file(first));
  train(b, second, 5, 3);
  CHECK(values(a) == values(b));
}
