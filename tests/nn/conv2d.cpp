// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/conv2d.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("conv2d's output has the sizes of its options, and each filter sees its group") {
  Rng rng(1);
  const Conv2d<double> layer(4, 6, {3, 2}, rng, {.stride = {2, 1}, .padding = {1, 0}, .groups = 2});
  CHECK(layer.weight.shape() == Shape{6, 2, 3, 2});
  CHECK(layer.bias.shape() == Shape{6});
  const auto x = rng.normal<double>({2, 4, 7, 5});
  const auto y = layer(x);
  CHECK(y.shape() == Shape{2, 6, 4, 4});
  for (int n = 0; n < 2; ++n)
    for (int f = 0; f < 6; ++f)
      for (int p = 0; p < 4; ++p)
        for (int q = 0; q < 4; ++q) {
          double want = layer.bias(f);
          for (int c = 0; c < 2; ++c)
            for (int a = 0; a < 3; ++a)
              for (int b = 0; b < 2; ++b) {
                const int row = 2 * p - 1 + a, column = q + b;
                if (row >= 0 && row < 7) want += layer.weight(f, c, a, b) * x(n, f / 3 * 2 + c, row, column);
              }
          CHECK(y(n, f, p, q) == doctest::Approx(want));
        }
}

TEST_CASE("conv2d starts uniform within 1 / sqrt(inputs of a sum)") {
  Rng rng(2);
  const Conv2d<> layer(4, 100, 5, rng);
  double largest = 0;
  for (const float v : layer.weight.span()) largest = std::fmax(largest, std::fabs(v));
  CHECK(largest <= 0.1f);
  CHECK(largest > 0.099);
  for (const float v : layer.bias.span()) CHECK(std::fabs(v) <= 0.1f);
  CHECK(!Conv2d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
}

TEST_CASE("conv2d refuses sizes that do not fit") {
  Rng rng(3);
  CHECK(fails_with([&] { Conv2d<>(3, 4, 3, rng, {.groups = 2}); }, "Conv2d", "2 groups", "3 channels"));
  CHECK(fails_with([&] { Conv2d<>(3, 4, 0, rng); }, "Conv2d", "0 x 0"));
  CHECK(fails_with(
      [&] {
        Conv2d<>(3, 4, 3, rng)(Tensor<>::zeros({1, 2, 8, 8}));
      },
      "conv2d", "[1, 2, 8, 8]", "[4, 3, 3, 3]"));
}
