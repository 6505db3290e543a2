// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/film.hpp"

#include <doctest/doctest.h>

#include "nn/module_checks.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("film agrees with PyTorch, for vectors, sequences and images", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  Film<T> layer(5, 3, rng);
  for (const char* name : {"film.vector", "film.sequence", "film.image"})
    oracle.check_case<T>(name, {"x", "condition", "weight", "bias"}, [&](const auto& in) {
      layer.map.weight = in[2];
      layer.map.bias = in[3];
      return layer(in[0], in[1]);
    });
}

TEST_CASE("film as a function scales and shifts each channel of each sample") {
  const auto x = Tensor<>::from({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
  const auto y = film(x, Tensor<>::from({1, 2, 0, -1}, {2, 2}), Tensor<>::from({0, 1, 5, 0.5f}, {2, 2}));
  CHECK(same_bits(y, Tensor<>::from({1, 2, 7, 9, 5, 5, -6.5f, -7.5f}, {2, 2, 2})));
}

TEST_CASE("a film layer with weights of 0 is the identity, has gradients to second order and is copied") {
  Rng rng(2);
  const auto x = rng.normal<double>({2, 3, 2}), condition = rng.normal<double>({2, 4});
  Film<double> layer(4, 3, rng);
  CHECK(names(layer) == "map.weight map.bias ");
  check_module_gradients(layer, {x, condition}, [](const auto& f, const auto& in) { return f(in[0], in[1]); });
  check_module_copies(layer, [&](const auto& f) { return f(x, condition); });
  CHECK(layer(Tensor<double>::zeros({0, 3, 2}), Tensor<double>::zeros({0, 4})).shape() == Shape{0, 3, 2});
  layer.map.weight.fill(0);
  layer.map.bias.fill(0);
  CHECK(same_bits(layer(x, condition).detach(), x));
}

TEST_CASE("film names sizes that do not fit") {
  Rng rng(3);
  const Film<> layer(4, 3, rng);
  const auto zeros = [](const Shape& shape) { return Tensor<>::zeros(shape); };
  CHECK(fails_with([&] { layer(zeros({2, 3}), zeros({2, 5})); }, "Film", "[2, 5]", "[6, 4]"));
  CHECK(fails_with([&] { layer(zeros({2, 3}), zeros({4})); }, "Film", "[4]"));
  CHECK(fails_with([&] { layer(zeros({2, 2}), zeros({2, 4})); }, "film", "x is [2, 2]", "gamma [2, 3]"));
  CHECK(fails_with([&] { layer(zeros({3, 3}), zeros({2, 4})); }, "film", "x is [3, 3]"));
  CHECK(fails_with([&] { film(zeros({2, 3}), zeros({2, 3}), zeros({2, 1})); }, "film", "beta [2, 1]"));
  CHECK(fails_with([&] { film(zeros({2}), zeros({2}), zeros({2})); }, "film", "x is [2]"));
  CHECK(fails_with([&] { Film<>(0, 3, rng); }, "Linear", "0 inputs"));
}
