// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/conv_transpose.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("a transposed convolution of stride and kernel 2 puts a filter beside the other") {
  Rng rng(1);
  ConvTranspose2d<double> layer(3, 2, 2, rng, {.stride = 2});
  CHECK(names(layer) == "weight bias ");
  CHECK(layer.weight.shape() == Shape{3, 2, 2, 2});
  const auto x = rng.normal<double>({2, 3, 4, 5});
  const auto y = layer(x);
  CHECK(y.shape() == Shape{2, 2, 8, 10});
  for (int n = 0; n < 2; ++n)
    for (int f = 0; f < 2; ++f)
      for (int i = 0; i < 8; ++i)
        for (int j = 0; j < 10; ++j) {
          double want = layer.bias(f);
          for (int c = 0; c < 3; ++c) want += layer.weight(c, f, i % 2, j % 2) * x(n, c, i / 2, j / 2);
          CHECK(y(n, f, i, j) == doctest::Approx(want));
        }
}

TEST_CASE("a transposed convolution of sequences is that of images of height 1") {
  Rng rng(2);
  const ConvTranspose1d<double> line(4, 6, 5, rng,
                                     {.stride = 3, .padding = 1, .output_padding = 2, .dilation = 2, .groups = 2});
  ConvTranspose2d<double> image(
      4, 6, {1, 5}, rng,
      {.stride = {1, 3}, .padding = {0, 1}, .output_padding = {0, 2}, .dilation = {1, 2}, .groups = 2});
  image.weight.assign(line.weight.detach().reshaped({4, 3, 1, 5}));
  image.bias.assign(line.bias);
  const auto x = rng.normal<double>({2, 4, 7});
  const auto y = line(x).detach();
  CHECK(y.shape() == Shape{2, 6, 27});
  CHECK(distance(y.reshaped({2, 6, 1, 27}), image(x.reshaped({2, 4, 1, 7})).detach()) < 1e-13);
}

TEST_CASE("transposed convolutions start uniform within 1 / sqrt(filters / groups taps)") {
  Rng rng(3);
  const ConvTranspose2d<> layer(100, 8, 5, rng, {.groups = 2});
  double largest = 0;
  for (const float v : layer.weight.span()) largest = std::fmax(largest, std::fabs(v));
  CHECK(largest <= 0.1f);
  CHECK(largest > 0.099);
  for (const float v : layer.bias.span()) CHECK(std::fabs(v) <= 0.1f);
  CHECK(!ConvTranspose1d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
}

TEST_CASE("transposed convolutions refuse sizes that do not fit") {
  Rng rng(4);
  CHECK(
      fails_with([&] { ConvTranspose2d<>(3, 4, 3, rng, {.groups = 2}); }, "ConvTranspose2d", "2 groups", "3 channels"));
  CHECK(fails_with([&] { ConvTranspose1d<>(4, 3, 3, rng, {.groups = 2}); }, "ConvTranspose1d", "3 filters"));
  CHECK(fails_with([&] { ConvTranspose2d<>(3, 4, 0, rng); }, "ConvTranspose2d", "0 x 0"));
  CHECK(fails_with([&] { ConvTranspose1d<>(0, 4, 2, rng); }, "ConvTranspose1d", "0 channels"));
  CHECK(fails_with(
      [&] {
        ConvTranspose2d<>(3, 4, 3, rng)(Tensor<>::zeros({1, 2, 8, 8}));
      },
      "conv_transpose2d", "[1, 2, 8, 8]", "[3, 4, 3, 3]"));
}
