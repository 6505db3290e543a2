// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/vit.hpp"

#include <doctest/doctest.h>

#include <string>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"

using namespace test;

namespace {

VitOptions small(bool class_token, double dropout = 0) {
  return {.image = 4,
          .patch = 2,
          .channels = 1,
          .classes = 3,
          .width = 4,
          .heads = 2,
          .layers = 1,
          .class_token = class_token,
          .block = {.hidden = 6, .dropout = dropout}};
}

}  // namespace

TEST_CASE_TEMPLATE("a vision transformer agrees with PyTorch, with a class token and with the mean", T, float, double) {
  const Oracle oracle("nn_d_vision");
  for (const bool token : {true, false}) {
    Rng rng(1);
    Vit<T> model(small(token), rng);
    const std::string name = token ? "vit.token" : "vit.mean";
    load_golden<T>(oracle, name + ".model", model);
    oracle.check_case<T>(name, {"x"}, [&](const auto& in) { return model(in[0]); });
  }
}

TEST_CASE("a vision transformer has gradients to second order and is copied with its bits") {
  Rng rng(2);
  const auto x = rng.normal<double>({1, 1, 4, 4});
  Vit<double> model(small(true, 0.2), rng);
  disturb_parameters(model, 5);
  check_module_gradients(model, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(model, [&](const auto& f) { return f(x); });
}

TEST_CASE("a vision transformer drops out in training, and starts with small positions") {
  Rng rng(3);
  VitOptions options = small(true, 0.5);
  options.image = {8, 4};
  options.width = 64;
  Vit<> model(options, rng);
  const auto x = rng.normal({3, 1, 8, 4});
  CHECK(!same_bits(model(x).detach(), model(x).detach()));
  set_training(model, false);
  const auto y = model(x).detach();
  CHECK(distance(model(x.rows(1, 2)).detach(), y.rows(1, 2)) < 1e-6);
  CHECK(model.tokens(x).shape() == Shape{3, 9, 64});
  CHECK(same_bits(model.head(model.features(x)).detach(), y));
  CHECK(model(Tensor<>::zeros({0, 1, 8, 4})).shape() == Shape{0, 3});
  options.image = {64, 32};
  options.layers = 0;
  const auto position = Vit<>(options, rng).position;
  double squares = 0;
  for (const float v : position.span()) squares += static_cast<double>(v) * static_cast<double>(v);
  CHECK(squares / (513 * 64 * 0.0004) == doctest::Approx(1).epsilon(0.02));
}

TEST_CASE("a vision transformer names what does not fit") {
  Rng rng(4);
  const Vit<> model(small(false), rng);
  CHECK(fails_with([&] { model(Tensor<>::zeros({1, 1, 4, 6})); }, "Vit", "[1, 1, 4, 6]", "4 x 4"));
  CHECK(fails_with([&] { model(Tensor<>::zeros({1, 4, 4})); }, "Vit", "[1, 4, 4]"));
  VitOptions options = small(false);
  options.patch = {2, 3};
  CHECK(fails_with([&] { Vit<>(options, rng); }, "Vit", "4 x 4", "2 x 3"));
  options.patch = 0;
  CHECK(fails_with([&] { Vit<>(options, rng); }, "Vit", "0 x 0"));
  options = small(false);
  options.layers = -1;
  CHECK(fails_with([&] { Vit<>(options, rng); }, "Vit", "-1 layers"));
  options = small(false);
  options.classes = 0;
  CHECK(fails_with([&] { Vit<>(options, rng); }, "Linear", "0 outputs"));
}
