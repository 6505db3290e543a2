// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/activation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("activation layers are their functions") {
  const auto x = Tensor<double>::from({-2, -0.5, 0, 0.5, 3});
  const auto check = [&](const auto& layer, auto f) {
    const auto y = layer(x);
    for (int i = 0; i < 5; ++i) CHECK(y(i) == doctest::Approx(f(x(i))));
  };
  check(Relu{}, [](double v) { return std::fmax(v, 0); });
  check(Tanh{}, [](double v) { return std::tanh(v); });
  check(Sigmoid{}, [](double v) { return 1 / (1 + std::exp(-v)); });
  check(Gelu{}, [](double v) { return v * 0.5 * std::erfc(-v / std::sqrt(2.)); });
  check(Silu{}, [](double v) { return v / (1 + std::exp(-v)); });
  check(Softplus{}, [](double v) { return std::log1p(std::exp(v)); });
  check(LeakyRelu{}, [](double v) { return v > 0 ? v : 0.01 * v; });
  check(LeakyRelu{.slope = 0.2}, [](double v) { return v > 0 ? v : 0.2 * v; });
}
