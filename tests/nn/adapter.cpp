// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/adapter.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE("an adapter adds a narrow perceptron") {
  Rng rng(1);
  Adapter<double> adapter(1, rng, {.bottleneck = 1});
  adapter.down.weight.assign(Tensor<double>::full({1, 1}, 2));
  adapter.down.bias.assign(Tensor<double>::full({1}, -0.5));
  adapter.up.weight.assign(Tensor<double>::full({1, 1}, 3));
  adapter.up.bias.assign(Tensor<double>::full({1}, 0.25));
  const double x = 0.7, z = 2 * x - 0.5;
  const double wanted = x + 3 * (z / 2 * (1 + std::erf(z / std::sqrt(2.0)))) + 0.25;
  CHECK(adapter(Tensor<double>::full({1, 1}, x)).data()[0] == doctest::Approx(wanted).epsilon(1e-12));
}

TEST_CASE_TEMPLATE("an adapter is nearly the identity at first, and is it without deviation", T, float, double) {
  Rng rng(2);
  const auto x = rng.normal<T>({5, 16});
  const double change = distance(Adapter<T>(16, rng, {.bottleneck = 8})(x).detach(), x);
  CHECK(change > 0);
  CHECK(change < 1e-2);
  CHECK(distance(Adapter<T>(16, rng, {.stddev = 0})(x).detach(), x) == 0);
}

TEST_CASE(
    "an adapter has gradients to second order, is copied with its bits "
    "and names what does not fit") {
  Rng rng(3);
  const auto x = rng.normal<double>({2, 2, 3});
  Adapter<double> adapter(3, rng, {.bottleneck = 2});
  CHECK(names(adapter) == "down.weight down.bias up.weight up.bias ");
  disturb_parameters(adapter, 4);
  check_module_gradients(adapter, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(adapter, [&](const auto& f) { return f(x); });
  CHECK(adapter(Tensor<double>::zeros({0, 3})).shape() == Shape{0, 3});
  CHECK(fails_with([&] { adapter(Tensor<double>::zeros({2, 4})); }, "linear", "[2, 4]", "[2, 3]"));
  CHECK(fails_with([&] { Adapter<double>(3, rng, {.bottleneck = 0}); }, "3", "0"));
  CHECK(fails_with([&] { Adapter<double>(3, rng, {.stddev = -1}); }, "Adapter", "stddev is -1"));
}
