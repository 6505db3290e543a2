// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/complex_conv.hpp"

#include <doctest/doctest.h>

#include "nn/module_checks.hpp"
#include "nn/support.hpp"
#include "ops/complex.hpp"

using namespace test;
using structure::stacked;

namespace {

using Complex = ComplexTensor<double>;

Complex random(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  return {rng.normal<double>(shape), rng.normal<double>(shape)};
}

}  // namespace

TEST_CASE("complex convolution layers pass on their options") {
  Rng rng(1);
  const auto line = random({2, 4, 6}, 2), image = random({1, 4, 5, 4}, 3);
  const auto same = [](const Complex& a, const Complex& b) {
    return same_bits(a.real, b.real) && same_bits(a.imag, b.imag);
  };
  const auto filled = [](Complex& bias) {
    bias.real.assign(Tensor<double>::from({1, 2}));
    bias.imag.assign(Tensor<double>::from({3, 4}));
  };
  const NoGrad scope;

  ComplexConv1d<double> conv1(4, 2, 3, rng, {.stride = 2, .padding = 1, .dilation = 2, .groups = 2});
  filled(conv1.bias);
  CHECK(conv1.weight.shape() == Shape{2, 2, 3});
  CHECK(same(conv1(line),
             conv1d(line, conv1.weight, conv1.bias, {.stride = 2, .padding = 1, .dilation = 2, .groups = 2})));
  ComplexConv2d<double> conv2(4, 2, {3, 2}, rng, {.stride = {2, 1}, .padding = 1, .dilation = {1, 2}, .groups = 2});
  filled(conv2.bias);
  CHECK(conv2.weight.shape() == Shape{2, 2, 3, 2});
  CHECK(same(conv2(image), conv2d(image, conv2.weight, conv2.bias,
                                  {.stride = {2, 1}, .padding = 1, .dilation = {1, 2}, .groups = 2})));
  ComplexConvTranspose1d<double> up1(4, 2, 3, rng,
                                     {.stride = 2, .padding = 1, .output_padding = 1, .dilation = 2, .groups = 2});
  filled(up1.bias);
  CHECK(up1.weight.shape() == Shape{4, 1, 3});
  CHECK(
      same(up1(line), conv_transpose1d(line, up1.weight, up1.bias,
                                       {.stride = 2, .padding = 1, .output_padding = 1, .dilation = 2, .groups = 2})));
  ComplexConvTranspose2d<double> up2(4, 2, {3, 2}, rng, {.stride = {2, 1}, .padding = {1, 0}, .groups = 2});
  filled(up2.bias);
  CHECK(up2.weight.shape() == Shape{4, 1, 3, 2});
  CHECK(same(up2(image),
             conv_transpose2d(image, up2.weight, up2.bias, {.stride = {2, 1}, .padding = {1, 0}, .groups = 2})));
  CHECK_FALSE(ComplexConv1d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
  CHECK_FALSE(ComplexConv2d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
  CHECK_FALSE(ComplexConvTranspose1d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
  CHECK_FALSE(ComplexConvTranspose2d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
}

TEST_CASE("complex convolution layers have named parameters, copies, and gradients to second order") {
  Rng rng(4);
  ComplexConv1d<double> layer(1, 2, 2, rng);
  CHECK(names(layer) == "weight.real weight.imag bias.real bias.imag ");
  const auto z = random({1, 1, 3}, 5);
  check_module_copies(layer, [&](const auto& model) { return stacked(model(z)); });
  check_module_gradients(layer, {z.real, z.imag}, [](const auto& model, const auto& in) {
    return stacked(model({in[0], in[1]}));
  });
}

TEST_CASE("complex convolution layers refuse sizes that do not fit") {
  Rng rng(6);
  CHECK(fails_with([&] { ComplexConv1d<>(3, 4, 3, rng, {.groups = 2}); }, "ComplexConv1d: 2 groups for 3 channels"));
  CHECK(fails_with([&] { ComplexConv1d<>(3, 4, 0, rng); }, "ComplexConv1d: from 3 channels to 4 filters of 1 x 0"));
  CHECK(fails_with([&] { ComplexConv2d<>(3, 4, {2, -1}, rng); }, "ComplexConv2d: from 3", "filters of 2 x -1"));
  CHECK(fails_with([&] { ComplexConvTranspose1d<>(0, 4, 1, rng); }, "ComplexConvTranspose1d: from 0"));
  CHECK(fails_with([&] { ComplexConvTranspose2d<>(2, 3, 1, rng, {.groups = 2}); }, "ComplexConvTranspose2d: 2 groups"));
  CHECK(fails_with([&] { ComplexConv1d<>(3, 4, 3, rng)(ComplexTensor<>(Tensor<>::zeros({1, 2, 8}))); }, "conv1d"));
}
