// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/weight_standardisation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/module_checks.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/linear.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("a convolution with a standardised weight agrees with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  WeightStandardised conv(Conv2d<T>(2, 3, 2, rng, {.padding = 1}), {.epsilon = 0.1});
  oracle.check_case<T>("weight_standardisation", {"x", "weight", "bias"}, [&](const auto& in) {
    conv.layer.weight = in[1];
    conv.layer.bias = in[2];
    return conv(in[0]);
  });
}

TEST_CASE("standardised filters have mean 0 and variance 1, whatever they are scaled by and moved to") {
  Rng rng(2);
  const auto w = rng.normal<double>({3, 4, 5}, 2, 3), y = standardise_weight(w, {.epsilon = 1e-12});
  CHECK(y.shape() == w.shape());
  for (int f = 0; f < 3; ++f) {
    double total = 0, squares = 0;
    for (const double v : y[f].span()) {
      total += v;
      squares += v * v;
    }
    CHECK(std::fabs(total) < 1e-10);
    CHECK(squares / 20 == doctest::Approx(1));
  }
  CHECK(distance(standardise_weight(w * 7 + 1, {.epsilon = 1e-12}), y) < 1e-10);
  CHECK(same_bits(standardise_weight(Tensor<double>::full({2, 3}, 4)), Tensor<double>::zeros({2, 3})));
}

TEST_CASE("layers with standardised weights have gradients to second order and are copied with their bits") {
  Rng rng(3);
  const auto x = rng.normal<double>({2, 3});
  const WeightStandardised layer(Linear<double>(3, 2, rng));
  auto copy = layer;
  CHECK(names(copy) == "layer.weight layer.bias ");
  check_module_gradients(layer, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(layer, [&](const auto& f) { return f(x); });
  CHECK(layer(Tensor<double>::zeros({0, 3})).shape() == Shape{0, 2});
}

TEST_CASE("weight standardisation names what does not fit") {
  Rng rng(4);
  CHECK(fails_with([] { standardise_weight(Tensor<>::zeros({3})); }, "standardise_weight", "[3]"));
  CHECK(fails_with([] { standardise_weight(Tensor<>::zeros({3, 0})); }, "standardise_weight", "[3, 0]"));
  for (const double epsilon : {0., -1., std::nan(""), double(INFINITY)})
    CHECK(fails_with([&] { WeightStandardised(Linear<>(3, 2, rng), {.epsilon = epsilon}); }, "standardise_weight",
                     "epsilon"));
}
