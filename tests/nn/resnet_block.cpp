// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/resnet_block.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("residual blocks agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  ResnetBlock<T> basic(3, 4, rng, {.stride = 2});
  load_golden<T>(oracle, "resnet.basic.model", basic);
  oracle.check_case<T>("resnet.basic", {"x"}, [&](const auto& in) { return basic(in[0]); });
  ResnetBlock<T> bottleneck(4, 4, rng, {.norm = ImageNorm::group, .groups = 2, .bottleneck = 2});
  load_golden<T>(oracle, "resnet.bottleneck.model", bottleneck);
  oracle.check_case<T>("resnet.bottleneck", {"x"}, [&](const auto& in) { return bottleneck(in[0]); });
}

TEST_CASE("a block whose norms scale by 0 is relu of its input") {
  Rng rng(2);
  ResnetBlock<> block(4, 4, rng, {.norm = ImageNorm::group, .groups = 2});
  block.norms[1].as<GroupNorm<>>().weight.fill(0);
  const auto x = rng.normal({2, 4, 3, 5});
  CHECK(same_bits(block(x).detach(), relu(x)));
}

TEST_CASE("residual blocks have gradients to second order and are copied with their bits") {
  Rng rng(3);
  const auto x = rng.normal<double>({2, 1, 3, 2});
  const auto call = [](const auto& f, const auto& in) { return f(in[0]); };
  ResnetBlock<double> block(1, 2, rng, {.stride = 2});
  CHECK(names(block) ==
        "convs.0.weight convs.1.weight norms.0.weight norms.0.bias norms.0.running_mean norms.0.running_variance "
        "norms.0.mode norms.1.weight norms.1.bias norms.1.running_mean norms.1.running_variance norms.1.mode "
        "shortcut_conv.0.weight shortcut_norm.0.weight shortcut_norm.0.bias shortcut_norm.0.running_mean "
        "shortcut_norm.0.running_variance shortcut_norm.0.mode ");
  for (const bool training : {true, false}) {
    set_training(block, training);
    check_module_gradients(block, {x}, call);
  }
  check_module_copies(block, [&](const auto& f) { return f(x); });
  const ResnetBlock<double> plain(1, 1, rng, {.norm = ImageNorm::none, .bottleneck = 1});
  CHECK(plain.convs[0].bias.defined());
  CHECK(plain.shortcut_conv.empty());
  check_module_gradients(plain, {x}, call);
}

TEST_CASE("residual blocks in evaluation use the running statistics, and keep variance at first") {
  Rng rng(4);
  ResnetBlock<> block(8, 16, rng, {.stride = 2});
  const auto x = rng.normal({4, 8, 6, 6});
  const auto training = block(x).detach();
  CHECK(training.shape() == Shape{4, 16, 3, 3});
  set_training(block, false);
  const auto evaluation = block(x).detach();
  CHECK(!same_bits(training, evaluation));
  CHECK(distance(block(x.rows(1, 2)).detach(), evaluation.rows(1, 2)) < 1e-6);
  CHECK(block(Tensor<>::zeros({0, 8, 6, 6})).shape() == Shape{0, 16, 3, 3});
  double squares = 0;
  for (const float w : block.convs[0].weight.span()) squares += static_cast<double>(w) * static_cast<double>(w);
  CHECK(squares / (16 * 8 * 9) * (16 * 9) / 2 == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("residual blocks name what does not fit") {
  Rng rng(5);
  CHECK(fails_with([&] { ResnetBlock<>(2, 2, rng, {.stride = 0}); }, "ResnetBlock", "stride 0"));
  CHECK(fails_with([&] { ResnetBlock<>(2, 2, rng, {.bottleneck = -1}); }, "ResnetBlock", "bottleneck -1"));
  CHECK(fails_with([&] { ResnetBlock<>(0, 2, rng); }, "Conv2d", "0 channels"));
  CHECK(fails_with([&] { ResnetBlock<>(4, 4, rng, {.norm = ImageNorm::group}); }, "GroupNorm", "8 groups"));
  const ResnetBlock<> block(2, 2, rng);
  CHECK(fails_with([&] { block(Tensor<>::zeros({1, 3, 4, 4})); }, "conv2d", "[1, 3, 4, 4]"));
}
