// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/unet.hpp"

#include <doctest/doctest.h>

#include <string>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("u-nets agree with PyTorch, with and without a condition", T, float, double) {
  const Oracle oracle("nn_d_unet");
  Rng rng(1);
  UNet1d<T> line({.width = 2, .multipliers = {1, 2}, .condition = 3, .groups = 2}, rng);
  load_golden<T>(oracle, "unet1d.model", line);
  oracle.check_case<T>("unet1d", {"x", "condition"}, [&](const auto& in) { return line(in[0], in[1]); });
  UNet2d<T> image({.width = 2, .multipliers = {1, 2}, .groups = 2}, rng);
  load_golden<T>(oracle, "unet2d.model", image);
  oracle.check_case<T>("unet2d", {"x"}, [&](const auto& in) { return image(in[0]); });
}

TEST_CASE("upsampling repeats each element along the axes of space") {
  const auto x = Tensor<>::from({1, 2, 3, 4}, {1, 1, 2, 2});
  CHECK(same_bits(upsample_twice(x), Tensor<>::from({1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}, {1, 1, 4, 4})));
  CHECK(same_bits(upsample_twice(x.reshaped({2, 1, 2})), Tensor<>::from({1, 1, 2, 2, 3, 3, 4, 4}, {2, 1, 4})));
  CHECK(same_bits(upsample_twice(x.reshaped({2, 2})), x.reshaped({2, 2})));
  CHECK(fails_with([] { upsample_twice(Tensor<>::zeros({3})); }, "upsample_twice", "[3]"));
}

TEST_CASE("u-nets have gradients to second order and are copied with their bits") {
  Rng rng(2);
  const auto x = rng.normal<double>({1, 1, 4}), condition = rng.normal<double>({1, 2});
  const UNet1d<double> model({.width = 1, .multipliers = {1, 2}, .condition = 2, .groups = 1}, rng);
  check_module_gradients(model, {x, condition}, [](const auto& f, const auto& in) { return f(in[0], in[1]); });
  check_module_copies(model, [&](const auto& f) { return f(x, condition); });
}

TEST_CASE("u-nets keep the size, whatever the number of levels, and samples apart") {
  Rng rng(3);
  UNet2d<> one({.in = 3, .out = 2, .width = 4, .multipliers = {2}, .groups = 4}, rng);
  CHECK(one(Tensor<>::zeros({2, 3, 5, 7})).shape() == Shape{2, 2, 5, 7});
  const UNet1d<> three({.in = 2, .out = 3, .width = 4, .multipliers = {1, 2, 3}, .groups = 4}, rng);
  const auto x = rng.normal({3, 2, 8});
  const auto y = three(x).detach();
  CHECK(y.shape() == Shape{3, 3, 8});
  CHECK(distance(three(x.rows(1, 2)).detach(), y.rows(1, 2)) < 1e-5);
  CHECK(three(Tensor<>::zeros({0, 2, 8})).shape() == Shape{0, 3, 8});
}

TEST_CASE("u-nets name what does not fit") {
  Rng rng(4);
  const UNet1d<> model({.width = 2, .multipliers = {1, 1, 1}, .condition = 3, .groups = 2}, rng);
  const auto condition = Tensor<>::zeros({2, 3});
  CHECK(fails_with([&] { model(Tensor<>::zeros({2, 1, 6}), condition); }, "UNet", "[2, 1, 6]", "multiples of 4"));
  CHECK(fails_with([&] { model(Tensor<>::zeros({2, 1, 0}), condition); }, "UNet", "[2, 1, 0]"));
  CHECK(fails_with([&] { model(Tensor<>::zeros({2, 1, 8, 8}), condition); }, "UNet", "length]"));
  CHECK(fails_with([&] { model(Tensor<>::zeros({2, 1, 8})); }, "UNet", "no condition", "condition = 3"));
  CHECK(fails_with([&] { model(Tensor<>::zeros({2, 1, 8}), Tensor<>::zeros({1, 3})); }, "UNet", "[1, 3]", "[n, 3]"));
  CHECK(fails_with([&] { model(Tensor<>::zeros({2, 2, 8}), condition); }, "conv1d"));
  const UNet1d<> plain({.width = 2, .multipliers = {1}, .groups = 2}, rng);
  CHECK(fails_with([&] { plain(Tensor<>::zeros({2, 1, 8}), condition); }, "UNet", "there is a condition"));
  CHECK(fails_with([&] { UNet1d<>({.multipliers = {}}, rng); }, "UNet", "0 levels"));
  CHECK(fails_with([&] { UNet1d<>({.condition = -1}, rng); }, "UNet", "size -1"));
  CHECK(fails_with([&] { UNet1d<>({.groups = 5}, rng); }, "GroupNorm", "5 groups"));
  CHECK(fails_with([&] { UNet1d<>({.out = 0}, rng); }, "Conv1d", "0 filters"));
}
