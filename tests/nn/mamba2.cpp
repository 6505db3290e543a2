// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/mamba2.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/mamba_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("Mamba2 agrees with the paper's equations step by step, for chunks of any size", T, float, double) {
  const Oracle oracle("nn_e_sequence");
  for (const std::int64_t chunk : {0, 2, 64}) {
    Rng rng(1);
    const Mamba2<T> model(3, rng, {.state = 4, .head = 3, .kernel = 3, .chunk = chunk});
    oracle.check_case<T>(
        "mamba2", {"x", "in_weight", "conv_weight", "conv_bias", "dt_bias", "a_log", "d", "norm_weight", "out_weight"},
        [&](const auto& in) { return with_parameters(model, in)(in[0]); });
  }
}

TEST_CASE("Mamba2 goes on from its state, does not look ahead, and has gradients to second order") {
  Rng rng(2);
  Mamba2<double> model(2, rng, {.state = 2, .head = 2, .kernel = 3, .chunk = 2, .dt_min = 0.1, .dt_max = 1});
  CHECK(names(model) == "in_proj.weight conv.weight conv.bias dt_bias a_log d norm.weight out_proj.weight ");
  check_mamba("Mamba2", model, rng.normal<double>({2, 4, 2}));
}

TEST_CASE("Mamba2 starts with steps and decays in their ranges, and sizes by its options") {
  Rng rng(3);
  const Mamba2<> model(40, rng, {.state = 3, .head = 2});
  CHECK(model.in_proj.weight.shape() == Shape{2 * 80 + 2 * 3 + 40, 40});
  CHECK(model.conv.weight.shape() == Shape{86, 1, 4});
  for (int i = 0; i < 40; ++i) {
    const double a = std::exp(model.a_log(i)), dt = std::log1p(std::exp(model.dt_bias(i)));
    CHECK((a >= 1 && a <= 16 && dt >= 0.9e-3 && dt <= 0.11));
  }
  CHECK(model.d(39) == 1);
}

TEST_CASE("Mamba2 refuses options outside their ranges") {
  Rng rng(4);
  CHECK(fails_with([&] { Mamba2<>(0, rng); }, "Mamba2", "width 0"));
  CHECK(fails_with([&] { Mamba2<>(2, rng, {.state = 0}); }, "state 0"));
  CHECK(fails_with([&] { Mamba2<>(2, rng, {.head = 3}); }, "head 3"));
  CHECK(fails_with([&] { Mamba2<>(2, rng, {.head = 0}); }, "head 0"));
  CHECK(fails_with([&] { Mamba2<>(2, rng, {.head = 2, .kernel = 0}); }, "kernel 0"));
  CHECK(fails_with([&] { Mamba2<>(2, rng, {.head = 2, .chunk = -1}); }, "chunk -1"));
  CHECK(fails_with([&] { Mamba2<>(2, rng, {.head = 2, .dt_min = 0}); }, "dt from 0"));
}
