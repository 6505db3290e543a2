// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/galore.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"
#include "regimen/optim/adamw.hpp"

using namespace test;

TEST_CASE("galore options outside their ranges are errors") {
  CHECK(message([] { galore({.rank = 0}); }) == "galore: rank is 0; rank must be at least 1 and at most 2^60");
  CHECK(message([] { galore({.scale = 0}); }) == "galore: scale is 0; scale must be positive and finite");
  CHECK_THROWS_AS(galore({.every = 0}), Error);
  CHECK_THROWS_AS(galore({.beta1 = 1}), Error);
  CHECK_THROWS_AS(galore({.beta2 = 1}), Error);
  CHECK_THROWS_AS(galore({.epsilon = -1}), Error);
  CHECK_THROWS_AS(galore({.weight_decay = -1}), Error);
}

TEST_CASE_TEMPLATE("twenty steps of galore are those of the paper's algorithm", T, float, double) {
  GaloreOptions options = {
      .lr = 0.1, .rank = 2, .every = 7, .scale = 0.5, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1};
  check_oracle<T>("galore_tall", galore<T>(options), "optim_b");
  options.rank = 1;
  options.every = 3;
  options.scale = 0.25;
  check_oracle<T>("galore_wide", galore<T>(options), "optim_b", {3, 4}, {2});
}

TEST_CASE("parameters that are no matrices, have a side within the rank or are outside the mask are AdamW's") {
  for (const auto& options :
       {GaloreOptions{.lr = 0.1, .rank = 4}, GaloreOptions{.lr = 0.1, .rank = 2, .mask = "out.*"}}) {
    auto a = parts<double>(), b = parts<double>();
    auto optimizer = galore<double>(options);
    auto plain = adamw<double>({.lr = 0.1, .weight_decay = 0});
    train(a, optimizer, 0, 5);
    train(b, plain, 0, 5);
    for (std::size_t i = 0; i < 112; ++i) CHECK(values(a)[i] == doctest::Approx(values(b)[i]).epsilon(1e-12));
  }
}

TEST_CASE("a matrix moves in its subspace alone, and its state is small") {
  auto parameters = parts<double>();
  const auto before = parameters.values().view(0, {17, 4}).clone();
  auto optimizer = galore<double>({.lr = 0.1, .rank = 2, .every = 100});
  train(parameters, optimizer, 0, 5);
  const State state = through_file(optimizer);
  CHECK(state.get<Tensor<double>>("parameter0.0").shape() == Shape{17, 2});
  CHECK(state.get<Tensor<double>>("parameter0.1").shape() == Shape{17, 2});
  const auto p = state.get<Tensor<double>>("parameter0.2", {4, 2});
  const auto moved = parameters.values().view(0, {17, 4}) - before;
  CHECK(relative_error(matmul(matmul(moved, p), p, {.transpose_b = true}), moved) < 1e-12);
  CHECK(relative_error(matmul(p, p, {.transpose_a = true}), Tensor<double>::from({1, 0, 0, 1}, {2, 2})) < 1e-13);
}

TEST_CASE("a new subspace is chosen every so many updates, and decay is the masked parameters' alone") {
  auto parameters = parts<double>();
  auto optimizer = galore<double>({.lr = 0.1, .rank = 2, .every = 3});
  const auto subspace = [&] { return through_file(optimizer).get<Tensor<double>>("parameter0.2").clone(); };
  train(parameters, optimizer, 0, 1);
  const auto first = subspace();
  train(parameters, optimizer, 1, 2);
  CHECK(relative_error(subspace(), first) == 0);
  train(parameters, optimizer, 3, 1);
  CHECK(relative_error(subspace(), first) > 1e-6);
  auto still = parts<double>();
  still.values().fill(2);
  still.gradients().fill(0);
  auto decay = galore<double>({.lr = 0.5, .rank = 2, .weight_decay = 0.5, .decay_mask = "hidden.*"});
  decay.update(still, Progress{});
  CHECK(values(still)[0] == 1.5);
  CHECK(values(still)[100] == 2);
}
