// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/muon.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "optim/oracle.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "regimen/ops/eigh.hpp"

using namespace test;

namespace {

/// The singular values of a matrix, ascending, those of its shorter side.
Tensor<double> singular_values(const Tensor<double>& x) {
  const bool tall = x.size(0) > x.size(1);
  return sqrt(eigh(matmul(x, x, {.transpose_a = tall, .transpose_b = !tall})).values);
}

Tensor<double> noise(const Shape& shape) {
  Rng rng(5);
  auto x = Tensor<double>::empty(shape);
  for (std::int64_t i = 0; i < x.size(); ++i) x.mutable_data()[i] = rng.normal();
  return x;
}

}  // namespace

TEST_CASE("muon's options outside their ranges and a vector for newton_schulz are errors") {
  CHECK(message([] { muon({.momentum = 1}); }) == "muon: momentum is 1; momentum must be in [0, 1)");
  CHECK(message([] { muon({.steps = 0}); }) == "muon: steps is 0; steps must be at least 1 and at most 2^60");
  CHECK_THROWS_AS(muon({.weight_decay = -1}), Error);
  CHECK_THROWS_AS(muon({.others = {.beta1 = 1}}), Error);
  CHECK(message([] { newton_schulz(Tensor<>::zeros({3})); }) == "newton_schulz: g is [3]; give a matrix");
  CHECK_THROWS_AS(newton_schulz(Tensor<>::zeros({3, 3}), -1), Error);
}

TEST_CASE_TEMPLATE("newton_schulz and its gradient are those of the authors' formula", T, float, double) {
  const Oracle oracle("optim_b");
  oracle.check_case<T>(
      "newton_schulz_wide", {"g"}, [](const auto& x) { return newton_schulz(x[0]); },
      std::is_same_v<T, float> ? 2e-4 : 1e-10);
  oracle.check_case<T>("newton_schulz_tall", {"g"}, [](const auto& x) { return newton_schulz(x[0], 2); });
}

TEST_CASE("newton_schulz keeps the singular vectors and brings the singular values near 1") {
  for (const Shape& shape : {Shape{6, 6}, Shape{4, 11}, Shape{12, 5}}) {
    CAPTURE(shape.to_string());
    const auto g = noise(shape), x = newton_schulz(g * 1e-3);
    const auto values = singular_values(x);
    for (const double value : values.span()) {
      CHECK(value > 0.68);
      CHECK(value < 1.14);
    }
    const bool tall = shape[0] > shape[1];  // x = g f(g^T g) commutes with g's Gram matrix: x^T g is symmetric
    const auto product = matmul(x, g, {.transpose_a = tall, .transpose_b = !tall});
    CHECK(relative_error(product, transpose(product)) < 1e-12);
    CHECK(relative_error(newton_schulz(-g), -x) < 1e-4);  // odd, and of any scale but for the 1e-7
  }
  CHECK(relative_error(newton_schulz(Tensor<double>::zeros({2, 3})), Tensor<double>::zeros({2, 3})) == 0);
  const auto g = noise({2, 3});
  CHECK(relative_error(newton_schulz(g, 0), g / (norm(g) + 1e-7)) < 1e-15);
  CHECK(newton_schulz(Tensor<double>::zeros({0, 3})).shape() == Shape{0, 3});
}

TEST_CASE("newton_schulz passes gradcheck to second order") {
  const auto g = noise({2, 3});
  const auto result = gradcheck([](const auto& x) { return newton_schulz(x[0], 2); }, {g}, {.order = 2});
  INFO(result.message);
  CHECK(result.ok);
}

TEST_CASE_TEMPLATE("twenty steps of muon are those of the authors' formula, with AdamW for vectors", T, float, double) {
  const AdamwOptions others = {.lr = 0.05, .beta2 = 0.95, .weight_decay = 0.1};
  check_oracle<T>("muon", muon<T>({.momentum = 0.9, .weight_decay = 0.1, .others = others}), "optim_b");
  check_oracle<T>("muon_heavy_ball", muon<T>({.momentum = 0.9, .nesterov = false, .others = others}), "optim_b");
}

TEST_CASE("matrices outside the mask are AdamW's, and decay outside the decay mask is none") {
  const AdamwOptions others = {.lr = 0.05, .weight_decay = 0.2};
  auto a = parts<double>(), b = parts<double>();
  auto none = muon<double>({.mask = "out.*", .others = others});
  auto plain = adamw<double>(others);
  train(a, none, 0, 3);
  train(b, plain, 0, 3);
  CHECK(values(a) == values(b));
  auto c = parts<double>(), d = parts<double>();
  auto masked = muon<double>({.weight_decay = 0.5, .decay_mask = "out.*"});
  auto without = muon<double>({});
  train(c, masked, 0, 3);
  train(d, without, 0, 3);
  CHECK(values(c) == values(d));
}

TEST_CASE("muon's defaults are the authors', and it counts in the state of both kinds") {
  const MuonOptions options;
  CHECK(options.lr(0) == 0.02);
  CHECK(options.momentum == 0.95);
  CHECK(options.steps == 5);
  CHECK(options.others.lr(0) == 3e-4);
  CHECK(options.others.beta2 == 0.95);
  auto parameters = parts<float>();
  auto optimizer = muon({});
  train(parameters, optimizer, 0, 2);
  const State state = through_file(optimizer);
  CHECK(state.get<std::int64_t>("updates") == 2);
  CHECK(state.get<Tensor<float>>("parameter0.0").shape() == Shape{68});
  CHECK(!state.contains("parameter1.0"));
  CHECK(state.get<Tensor<float>>("others.m").shape() == Shape{44});
}
