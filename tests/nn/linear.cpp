// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/linear.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("linear is x W^T + b", T, float, double) {
  Rng rng(1);
  const Linear<T> layer(3, 2, rng);
  const auto x = rng.normal<T>({2, 4, 3});
  const auto y = layer(x);
  CHECK(y.shape() == Shape{2, 4, 2});
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 4; ++b)
      for (int o = 0; o < 2; ++o) {
        double want = static_cast<double>(layer.bias(o));
        for (int i = 0; i < 3; ++i) want += static_cast<double>(x(a, b, i)) * static_cast<double>(layer.weight(o, i));
        CHECK(y(a, b, o) == doctest::Approx(want).epsilon(1e-5));
      }
}

TEST_CASE("linear starts uniform within 1 / sqrt(in)") {
  Rng rng(2);
  const Linear<> layer(100, 300, rng);
  double largest = 0, square = 0;
  for (const float v : layer.weight.span()) {
    largest = std::fmax(largest, std::fabs(v));
    square += static_cast<double>(v) * v / 30000;
  }
  CHECK(largest <= 0.1f);
  CHECK(largest > 0.099);
  CHECK(square == doctest::Approx(0.01 / 3).epsilon(0.03));
  for (const float v : layer.bias.span()) CHECK(std::fabs(v) <= 0.1f);
}

TEST_CASE("linear without bias has a weight alone") {
  Rng rng(3);
  Linear<> with(2, 2, rng), without(2, 2, rng, {.bias = false});
  CHECK(names(with) == "weight bias ");
  CHECK(names(without) == "weight ");
  for (const float v : without(Tensor<>::zeros({1, 2})).span()) CHECK(v == 0);
}

TEST_CASE("linear's activation is that of its output") {
  Rng rng(4);
  Linear<double> layer(3, 5, rng);
  const auto x = rng.normal<double>({4, 3});
  const auto z = layer(x);
  layer.activation = Activation::tanh;
  const auto y = layer(x);
  for (std::int64_t i = 0; i < z.size(); ++i) CHECK(y.data()[i] == doctest::Approx(std::tanh(z.data()[i])));
  const Linear<double> relu(3, 5, rng, {.activation = Activation::relu});
  for (const double v : relu(x).span()) CHECK(v >= 0);
}

TEST_CASE("linear refuses sizes that do not fit") {
  Rng rng(5);
  CHECK(fails_with([&] { Linear<>(0, 2, rng); }, "Linear", "0 inputs"));
  CHECK(fails_with([&] { Linear<>(3, 2, rng)(Tensor<>::zeros({5, 4})); }, "linear", "[5, 4]", "[2, 3]"));
}
