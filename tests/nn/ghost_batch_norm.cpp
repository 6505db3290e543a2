// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/ghost_batch_norm.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("ghost_batch_norm agrees with PyTorch's batch_norm of each ghost", T, float, double) {
  const Oracle oracle("nn_a_norm");
  for (const std::string name : {"ghost_batch_norm.whole", "ghost_batch_norm.rest", "ghost_batch_norm.single"}) {
    const std::int64_t channels = oracle.get<T>(name + ".in.weight").size();
    GhostBatchNorm<T> layer(channels, {.ghost = 4});
    oracle.check_case<T>(name, {"x", "weight", "bias"}, [&](const std::vector<Tensor<T>>& in) {
      layer.weight = in[1];
      layer.bias = in[2];
      return layer(in[0]);
    });
    oracle.check(name + ".running_mean", layer.running_mean);
    oracle.check(name + ".running_variance", layer.running_variance);
  }
}

TEST_CASE("ghosts move the running mean one after the other") {
  GhostBatchNorm<double> layer(1, {.ghost = 2, .epsilon = 0});
  const auto y = layer(Tensor<double>::from({0, 2, 10, 14}, {4, 1}));
  CHECK(distance(y.detach(), Tensor<double>::from({-1, 1, -1, 1}, {4, 1})) < 1e-14);
  CHECK(layer.running_mean(0) == doctest::Approx(0.9 * 0.1 * 1 + 0.1 * 12));
  CHECK(layer.running_variance(0) == doctest::Approx(0.9 * (0.9 + 0.1 * 2) + 0.1 * 8));
}

TEST_CASE("one ghost as large as the batch is batch_norm, in training and evaluation") {
  Rng rng(1);
  for (const std::int64_t ghost : {6, 100}) {
    GhostBatchNorm<double> layer(3, {.ghost = ghost});
    BatchNorm<double> plain(3);
    const auto x = rng.normal<double>({6, 3, 2}, 2, 3);
    CHECK(same_bits(layer(x).detach(), plain(x).detach()));
    CHECK(same_bits(layer.running_mean, plain.running_mean));
    CHECK(same_bits(layer.running_variance, plain.running_variance));
    set_training(layer, false);
    set_training(plain, false);
    CHECK(same_bits(layer(x).detach(), plain(x).detach()));
  }
}

TEST_CASE("gradients of ghost_batch_norm agree with differences to second order") {
  Rng rng(2);
  for (const std::int64_t n : {4, 5, 6, 7}) {
    CAPTURE(n);
    const auto check = gradcheck(
        [](const auto& in) {
          GhostBatchNorm<double> layer(2, {.ghost = 3});
          layer.weight = in[1];
          layer.bias = in[2];
          return layer(in[0]);
        },
        {rng.normal<double>({n, 2, 2}), rng.normal<double>({2}), rng.normal<double>({2})}, {.order = 2});
    CHECK_MESSAGE(check, check.message);
  }
}

TEST_CASE("ghost_batch_norm refuses what does not fit") {
  const GhostBatchNorm<> layer(3);
  CHECK(fails_with([&] { layer(Tensor<>::zeros({4, 2})); }, "GhostBatchNorm", "[4, 2]", "3 channels"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 3})); }, "GhostBatchNorm", "[1, 3]"));
  CHECK(fails_with([] { GhostBatchNorm<>(3, {.ghost = 1}); }, "ghost is 1"));
  CHECK(fails_with([] { GhostBatchNorm<>(3, {.momentum = 2}); }, "momentum is 2"));
  GhostBatchNorm<> plain(3, {.affine = false});
  CHECK(names(plain) == "running_mean running_variance mode ");
}
