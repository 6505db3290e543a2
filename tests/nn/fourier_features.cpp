// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/fourier_features.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/module_checks.hpp"
#include "regimen/nn/parameters.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("Fourier features agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  FourierFeatures<T> layer(3, 4, rng);
  layer.frequencies = oracle.get<T>("fourier.frequencies");
  oracle.check_case<T>("fourier", {"x"}, [&](const auto& in) { return layer(in[0]); });
}

TEST_CASE("the product of two points' Fourier features depends on their distance alone") {
  Rng rng(2);
  const FourierFeatures<double> layer(2, 5000, rng, {.scale = 0.4});
  const auto kernel = [&](double ax, double ay, double bx, double by) {
    return sum(layer(Tensor<double>::from({ax, ay})) * layer(Tensor<double>::from({bx, by}))).item() / 5000;
  };
  CHECK(kernel(0.1, 0.2, 0.1, 0.2) == doctest::Approx(1));
  CHECK(kernel(0.1, 0.2, 0.4, -0.1) == doctest::Approx(kernel(5, 1, 5.3, 0.7)));
  // exp(-2 (pi sigma)^2 d^2): the Gaussian kernel that they approximate.
  CHECK(std::fabs(kernel(0, 0, 0.3, 0.2) - std::exp(-2 * std::pow(3.14159265 * 0.4, 2) * 0.13)) < 0.03);
}

TEST_CASE("Fourier features are not learned, have gradients to second order and are saved") {
  Rng rng(3);
  FourierFeatures<double> layer(2, 3, rng, {.scale = 0.5});
  CHECK(names(layer) == "frequencies ");
  CHECK(fails_with([&] { parameters<double>(layer); }, "no parameters"));
  const auto x = rng.normal<double>({2, 2});
  check_module_gradients(layer, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  State state;
  save_module(layer, state);
  FourierFeatures<double> other(2, 3, rng);
  load_module(other, state.clone());
  CHECK(same_bits(other(x), layer(x)));
  CHECK(layer(Tensor<double>::zeros({0, 2})).shape() == Shape{0, 6});
}

TEST_CASE("Fourier features refuse sizes and scales that are not positive") {
  Rng rng(4);
  CHECK(fails_with([&] { FourierFeatures<>(0, 3, rng); }, "FourierFeatures", "0 inputs"));
  CHECK(fails_with([&] { FourierFeatures<>(2, 0, rng); }, "FourierFeatures", "0 frequencies"));
  for (const double scale : {0., -1., std::nan(""), double(INFINITY)})
    CHECK(fails_with([&] { FourierFeatures<>(2, 3, rng, {.scale = scale}); }, "FourierFeatures", "scale"));
  CHECK(fails_with([&] { FourierFeatures<>(2, 3, rng)(Tensor<>::zeros({1, 3})); }, "linear", "[1, 3]", "[3, 2]"));
}
