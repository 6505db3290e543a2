// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/patch_embedding.hpp"

#include <doctest/doctest.h>

#include "nn/module_checks.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("embedded patches agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  PatchEmbedding<T> layer(2, {2, 3}, 5, rng);
  oracle.check_case<T>("patch_embedding", {"x", "weight", "bias"}, [&](const auto& in) {
    layer.conv.weight = in[1];
    layer.conv.bias = in[2];
    return layer(in[0]);
  });
}

TEST_CASE("patches are embedded row by row, with gradients to second order, and copied with their bits") {
  Rng rng(2);
  PatchEmbedding<double> layer(1, 2, 3, rng);
  auto x = Tensor<double>::zeros({1, 1, 4, 6});
  x.mutable_data()[1 * 6 + 4] = 1;  // in the third patch, at its left below
  const auto y = layer(x);
  CHECK(y.shape() == Shape{1, 6, 3});
  for (int patch = 0; patch < 6; ++patch)
    for (int i = 0; i < 3; ++i)
      CHECK(y(0, patch, i) == layer.conv.bias(i) + (patch == 2 ? layer.conv.weight(i, 0, 1, 0) : 0));
  const auto z = rng.normal<double>({2, 1, 2, 4});
  check_module_gradients(layer, {z}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(layer, [&](const auto& f) { return f(z); });
  CHECK(layer(Tensor<double>::zeros({0, 1, 4, 6})).shape() == Shape{0, 6, 3});
}

TEST_CASE("patches that do not divide the image are refused") {
  Rng rng(3);
  const PatchEmbedding<> layer(1, {2, 3}, 3, rng);
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 1, 4, 5})); }, "PatchEmbedding", "[1, 1, 4, 5]", "2 x 3"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 1, 3, 6})); }, "PatchEmbedding", "[1, 1, 3, 6]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 4, 6})); }, "PatchEmbedding", "[1, 4, 6]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 2, 4, 6})); }, "conv2d"));
  CHECK(fails_with([&] { PatchEmbedding<>(1, 0, 3, rng); }, "Conv2d", "0 x 0"));
}
