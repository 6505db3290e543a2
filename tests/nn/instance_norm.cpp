// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/instance_norm.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "nn/support.hpp"
#include "regimen/nn/layer_norm.hpp"

using namespace test;

TEST_CASE("instance_norm normalises each channel of each sample") {
  Rng rng(1);
  InstanceNorm<double> layer(3), affine(3, {.affine = true});
  CHECK(names(layer) == "");
  CHECK(names(affine) == "weight bias ");
  const auto x = rng.normal<double>({4, 3, 2, 5}, 3, 2);
  const auto want = LayerNorm<double>(10, {.affine = false})(x.reshaped({12, 10})).reshaped({4, 3, 2, 5});
  CHECK(distance(layer(x), want) < 1e-14);
  CHECK(distance(affine(x).detach(), want) < 1e-14);
}

TEST_CASE("instance_norm refuses what has a single position") {
  const InstanceNorm<> layer(3);
  CHECK(fails_with([&] { layer(Tensor<>::zeros({4, 3})); }, "InstanceNorm", "[4, 3]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({4, 3, 1})); }, "InstanceNorm", "[4, 3, 1]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({4, 2, 5})); }, "GroupNorm", "[4, 2, 5]"));
}
