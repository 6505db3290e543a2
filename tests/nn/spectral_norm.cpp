// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/spectral_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "nn/module_checks.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/conv_transpose.hpp"
#include "regimen/nn/linear.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

/// Output and gradients of a layer in training against PyTorch's, and the vectors after one power iteration.
template <class T, class Layer>
void check(const char* name, SpectralNorm<Layer> model) {
  const Oracle oracle("nn_d_vision");
  const std::string prefix = name;
  model.u.assign(oracle.get<T>(prefix + ".u"));
  model.v.assign(oracle.get<T>(prefix + ".v"));
  oracle.check_case<T>(prefix, {"x", "weight", "bias"}, [&](const auto& in) {
    model.layer.weight = in[1];
    model.layer.bias = in[2];
    return model(in[0]);
  });
  oracle.check(prefix + ".u_after", model.u);
  oracle.check(prefix + ".v_after", model.v);
}

}  // namespace

TEST_CASE_TEMPLATE("layers with a spectral norm agree with PyTorch", T, float, double) {
  Rng rng(1);
  check<T>("spectral.linear", SpectralNorm(Linear<T>(4, 3, rng), rng));
  check<T>("spectral.conv", SpectralNorm(Conv2d<T>(2, 3, 2, rng), rng, {.iterations = 2}));
  check<T>("spectral.transpose", SpectralNorm(ConvTranspose1d<T>(2, 3, 2, rng), rng, {.axis = 1}));
}

TEST_CASE("the norm converges to the largest singular value, and is there at once for a matrix of rank 1") {
  Rng rng(2);
  Linear<double> layer(3, 3, rng, {.bias = false});
  layer.weight.assign(Tensor<double>::from({3, 0, 0, 0, -2, 0, 0, 0, 1}, {3, 3}));
  SpectralNorm model(layer, rng);
  for (int i = 0; i < 20; ++i) model(Tensor<double>::zeros({1, 3}));
  const auto y = model(Tensor<double>::from({1, 1, 1}, {1, 3})).detach();
  CHECK(y(0, 0) == doctest::Approx(1).epsilon(1e-10));
  CHECK(y(0, 1) == doctest::Approx(-2 / 3.).epsilon(1e-10));
  CHECK(y(0, 2) == doctest::Approx(1 / 3.).epsilon(1e-10));
  layer.weight.assign(Tensor<double>::from({2, 4, 4, 1, 2, 2, 2, 4, 4}, {3, 3}));  // (2, 1, 2) (1, 2, 2)^T
  const SpectralNorm one(layer, rng);
  CHECK(one(Tensor<double>::from({1, 0, 0}, {1, 3}))(0, 0) == doctest::Approx(2 / 9.).epsilon(1e-12));
}

TEST_CASE("power iterations are made in training alone, and what they change is saved") {
  Rng rng(3);
  SpectralNorm model(Linear<double>(4, 3, rng), rng);
  CHECK(names(model) == "layer.weight layer.bias u v mode ");
  disturb_parameters(model, 4);
  const auto x = rng.normal<double>({2, 4}), u = model.u.clone();
  set_training(model, false);
  const auto y = model(x).detach();
  CHECK(same_bits(model.u, u));
  CHECK(same_bits(model(x).detach(), y));
  set_training(model, true);
  CHECK(!same_bits(model(x).detach(), y));
  CHECK(!same_bits(model.u, u));
  check_module_copies(clone(model), [&](const auto& f) { return f(x); });
  auto other = clone(model);
  other.u.fill(0);
  State state;
  save_module(model, state);
  load_module(other, state.clone());
  CHECK(same_bits(other(x).detach(), model(x).detach()));
}

TEST_CASE("with its vectors fixed a spectral norm has gradients to second order, also through two calls in training") {
  Rng rng(5);
  const auto x = rng.normal<double>({2, 3});
  SpectralNorm model(Linear<double>(3, 2, rng), rng);
  const auto first = model(x), second = model(x * 2);
  CHECK(all_finite(grad(sum(first * second), {model.layer.weight})[0]));
  set_training(model, false);
  check_module_gradients(model, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  CHECK(model(Tensor<double>::zeros({0, 3})).shape() == Shape{0, 2});
}

TEST_CASE("a spectral norm names what does not fit") {
  Rng rng(6);
  const Linear<> layer(3, 2, rng);
  CHECK(fails_with([&] { SpectralNorm(layer, rng, {.iterations = 0}); }, "SpectralNorm", "0 iterations"));
  for (const double epsilon : {0., -1., std::nan(""), double(INFINITY)})
    CHECK(fails_with([&] { SpectralNorm(layer, rng, {.epsilon = epsilon}); }, "SpectralNorm", "epsilon"));
  CHECK(fails_with([&] { SpectralNorm(layer, rng, {.axis = 2}); }, "transpose"));
}
