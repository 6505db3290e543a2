// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/siren.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>

#include "nn/module_checks.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("a siren agrees with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  Siren<T> model(2, 2, rng, {.width = 3, .layers = 2, .omega_first = 20, .omega = 5});
  oracle.check_case<T>("siren", {"x", "w0", "b0", "w1", "b1", "w2", "b2"}, [&](const auto& in) {
    for (std::size_t i = 0; i < 2; ++i) {
      model.layers[i].map.weight = in[1 + 2 * i];
      model.layers[i].map.bias = in[2 + 2 * i];
    }
    model.out.weight = in[5];
    model.out.bias = in[6];
    return model(in[0]);
  });
}

TEST_CASE("weights of a siren start uniform within 1 / in, and sqrt(6 / in) / omega after the first layer") {
  Rng rng(2);
  const Siren<> model(4, 10, rng, {.width = 96, .layers = 3, .omega_first = 10, .omega = 5});
  const auto largest = [](const Tensor<>& w) {
    double value = 0;
    for (const float v : w.span()) value = std::fmax(value, std::fabs(v));
    return value;
  };
  CHECK(model.layers.size() == 3);
  CHECK(largest(model.layers[0].map.weight) / 0.25 == doctest::Approx(1).epsilon(0.01));
  for (const auto* w : {&model.layers[1].map.weight, &model.layers[2].map.weight, &model.out.weight})
    CHECK(largest(*w) / 0.05 == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("what a siren's sines give keeps the distribution of an arcsine from layer to layer") {
  Rng rng(3);
  Siren<double> model(1, 1, rng, {.width = 128, .layers = 5});
  Tensor<double> y = rng.uniform<double>({128, 1}, -1, 1);
  for (const auto& layer : model.layers) {
    y = layer(y).detach();
    double squares = 0;
    for (const double v : y.span()) squares += v * v;
    CHECK(squares / static_cast<double>(y.size()) == doctest::Approx(0.5).epsilon(0.05));
  }
}

TEST_CASE("sirens have gradients to second order, are copied with their bits and name what does not fit") {
  Rng rng(4);
  const auto x = rng.uniform<double>({2, 2}, -1, 1);
  Siren<double> model(2, 1, rng, {.width = 3, .layers = 2, .omega_first = 2, .omega = 1.5});
  CHECK(names(model) ==
        "layers.0.map.weight layers.0.map.bias layers.1.map.weight layers.1.map.bias out.weight out.bias ");
  check_module_gradients(model, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(model, [&](const auto& f) { return f(x); });
  CHECK(model(Tensor<double>::zeros({0, 2})).shape() == Shape{0, 1});
  CHECK(fails_with([&] { Siren<>(2, 1, rng, {.layers = 0}); }, "Siren", "0 sine layers"));
  CHECK(fails_with([&] { Siren<>(0, 1, rng); }, "Linear", "0 inputs"));
  CHECK(fails_with([&] { Siren<>(2, 1, rng, {.width = 0}); }, "Linear"));
  for (const double omega : {0., -1., std::nan(""), double(INFINITY)})
    CHECK(fails_with([&] { SirenLayer<>(2, 2, rng, {.omega = omega}); }, "SirenLayer", "omega is"));
  CHECK(fails_with([&] { model(Tensor<double>::zeros({1, 3})); }, "linear", "[1, 3]"));
}
