// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/supervised_contrastive.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/ops/concat.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("supervised_contrastive agrees with its formula in PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto y = oracle.get<std::int64_t>("supervised_contrastive.in.labels");
  oracle.check_case<T>("supervised_contrastive", {"features"}, [&](const std::vector<Tensor<T>>& in) {
    return supervised_contrastive(in[0], y, {.temperature = 0.4});
  });
}

TEST_CASE("with one partner each, supervised_contrastive is nt_xent") {
  Rng rng(1);
  const auto a = rng.normal<double>({3, 4}), b = rng.normal<double>({3, 4});
  const auto y = Tensor<std::int64_t>::from({7, 8, 9, 7, 8, 9});
  const auto loss = supervised_contrastive(concat({a, b}, 0), y, {.temperature = 0.5, .reduction = Reduction::none});
  CHECK(distance(loss, nt_xent(a, b, {.temperature = 0.5, .reduction = Reduction::none})) < 1e-14);
}

TEST_CASE("a sample without a partner costs nothing") {
  Rng rng(2);
  const auto z = variable(rng.normal<>({3, 4}));
  const auto y = Tensor<std::int64_t>::from({0, 1, 0});
  CHECK(supervised_contrastive(z, y, {.reduction = Reduction::none})(1) == 0);
  const auto none = supervised_contrastive(z, Tensor<std::int64_t>::from({0, 1, 2}));
  CHECK(none.item() == 0);
  for (const float v : grad(none, {z})[0].span()) CHECK(v == 0);
}

TEST_CASE("supervised_contrastive has gradients to second order") {
  Rng rng(3);
  const auto z = rng.normal<double>({5, 3});
  const auto y = Tensor<std::int64_t>::from({0, 1, 0, 2, 0});
  const auto f = [&](const auto& in) { return supervised_contrastive(in[0], y, {.temperature = 0.5}); };
  const auto check = gradcheck(f, {z}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("supervised_contrastive refuses what does not fit") {
  const auto y = Tensor<std::int64_t>::from({0, 1});
  CHECK(fails_with([&] { supervised_contrastive(Tensor<>::ones({3, 2}), y); }, "[3, 2]", "[2]"));
  CHECK(fails_with([&] { supervised_contrastive(Tensor<>::ones({1, 2}), y.rows(0, 1)); }, "[1, 2]"));
  CHECK(fails_with([&] { supervised_contrastive(Tensor<>::ones({2, 2}), y, {.temperature = 0}); }, "temperature is 0"));
}
