// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/mamba.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/mamba_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("Mamba agrees with the paper's equations step by step", T, float, double) {
  Rng rng(1);
  const Mamba<T> model(3, rng, {.state = 4, .kernel = 3, .dt_rank = 2});
  Oracle("nn_e_sequence")
      .check_case<T>("mamba",
                     {"x", "in_weight", "conv_weight", "conv_bias", "x_weight", "dt_weight", "dt_bias", "a_log", "d",
                      "out_weight"},
                     [&](const auto& in) { return with_parameters(model, in)(in[0]); });
}

TEST_CASE("Mamba goes on from its state, does not look ahead, and has gradients to second order") {
  Rng rng(2);
  Mamba<double> model(2, rng, {.state = 2, .kernel = 3, .expand = 1, .dt_min = 0.1, .dt_max = 1});
  CHECK(names(model) ==
        "in_proj.weight conv.weight conv.bias x_proj.weight dt_proj.weight dt_proj.bias a_log d "
        "out_proj.weight ");
  check_mamba("Mamba", model, rng.normal<double>({2, 4, 2}));
}

TEST_CASE("Mamba starts with steps in their range, decays 1 to N, and sizes by its options") {
  Rng rng(3);
  const Mamba<> model(40, rng, {.state = 3, .dt_min = 1e-5, .dt_max = 0.1});
  CHECK(model.dt_proj.weight.shape() == Shape{80, 3});
  CHECK(model.in_proj.weight.shape() == Shape{160, 40});
  CHECK(model.conv.weight.shape() == Shape{80, 1, 4});
  CHECK(model.x_proj.weight.shape() == Shape{9, 80});
  double least = 1, most = 0;
  for (const float v : softplus(model.dt_proj.bias).detach().span())
    least = std::fmin(least, v), most = std::fmax(most, v);
  CHECK(least == doctest::Approx(1e-4));
  CHECK(most < 0.1);
  CHECK(most > 0.04);
  for (int n = 0; n < 3; ++n) CHECK(std::exp(model.a_log(79, n)) == doctest::Approx(n + 1));
  CHECK(model.d(79) == 1);
}

TEST_CASE("Mamba refuses options outside their ranges") {
  Rng rng(4);
  CHECK(fails_with([&] { Mamba<>(0, rng); }, "Mamba", "width 0"));
  CHECK(fails_with([&] { Mamba<>(2, rng, {.state = 0}); }, "state 0"));
  CHECK(fails_with([&] { Mamba<>(2, rng, {.kernel = 0}); }, "kernel 0"));
  CHECK(fails_with([&] { Mamba<>(2, rng, {.expand = 0}); }, "expand 0"));
  CHECK(fails_with([&] { Mamba<>(2, rng, {.dt_rank = -1}); }, "dt_rank -1"));
  CHECK(fails_with([&] { Mamba<>(2, rng, {.dt_min = 0}); }, "dt from 0"));
  CHECK(fails_with([&] { Mamba<>(2, rng, {.dt_min = 0.2, .dt_max = NAN}); }, "dt_min <= dt_max"));
}
