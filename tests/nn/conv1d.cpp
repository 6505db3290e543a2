// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/conv1d.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("conv1d's output has the sizes of its options, and each filter sees its group") {
  Rng rng(1);
  Conv1d<double> layer(4, 6, 3, rng, {.stride = 2, .padding = 1, .groups = 2});
  CHECK(names(layer) == "weight bias ");
  CHECK(layer.weight.shape() == Shape{6, 2, 3});
  const auto x = rng.normal<double>({2, 4, 8});
  const auto y = layer(x);
  CHECK(y.shape() == Shape{2, 6, 4});
  for (int n = 0; n < 2; ++n)
    for (int f = 0; f < 6; ++f)
      for (int p = 0; p < 4; ++p) {
        double want = layer.bias(f);
        for (int c = 0; c < 2; ++c)
          for (int a = 0; a < 3; ++a)
            if (const int at = 2 * p - 1 + a; at >= 0 && at < 8)
              want += layer.weight(f, c, a) * x(n, f / 3 * 2 + c, at);
        CHECK(y(n, f, p) == doctest::Approx(want));
      }
}

TEST_CASE("conv1d starts uniform within 1 / sqrt(inputs of a sum)") {
  Rng rng(2);
  const Conv1d<> layer(20, 100, 5, rng);
  double largest = 0;
  for (const float v : layer.weight.span()) largest = std::fmax(largest, std::fabs(v));
  CHECK(largest <= 0.1f);
  CHECK(largest > 0.099);
  for (const float v : layer.bias.span()) CHECK(std::fabs(v) <= 0.1f);
  CHECK(!Conv1d<>(1, 1, 3, rng, {.bias = false}).bias.defined());
}

TEST_CASE("conv1d refuses sizes that do not fit") {
  Rng rng(3);
  CHECK(fails_with([&] { Conv1d<>(3, 4, 3, rng, {.groups = 2}); }, "Conv1d", "2 groups", "3 channels"));
  CHECK(fails_with([&] { Conv1d<>(3, 4, 0, rng); }, "Conv1d", "filters of 0"));
  CHECK(fails_with([&] { Conv1d<>(3, 4, 3, rng)(Tensor<>::zeros({1, 2, 8})); }, "conv1d", "[1, 2, 1, 8]"));
}
