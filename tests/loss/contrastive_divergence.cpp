// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/contrastive_divergence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"

using namespace test;

TEST_CASE_TEMPLATE("contrastive_divergence is a difference of means, with the mean squares", T, float, double) {
  const auto data = variable(Tensor<T>::from({1, 3})), samples = variable(Tensor<T>::from({2, 0, 1, 5}));
  CHECK(contrastive_divergence(data, samples).item() == 0);
  CHECK(contrastive_divergence(data, samples, {.regularisation = 0.1}).item() == doctest::Approx(0.1 * (5 + 7.5)));
  const auto g = grad(contrastive_divergence(data, samples), {data, samples});
  CHECK(same_bits(g[0], Tensor<T>::from({0.5, 0.5})));
  CHECK(same_bits(g[1], Tensor<T>::from({-0.25, -0.25, -0.25, -0.25})));
}

TEST_CASE("contrastive_divergence has gradients to second order") {
  Rng rng(1);
  const auto a = rng.normal<double>({3}), b = rng.normal<double>({2, 2});
  const auto f = [](const auto& in) { return contrastive_divergence(in[0], in[1], {.regularisation = 0.5}); };
  const auto check = gradcheck(f, {a, b}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("with exact samples, its gradient fits a normal distribution") {
  // E(x) = (x - m)^2 / 2: the gradient by m is mean(sample) - mean(data), which is 0 where m is the data's mean.
  const auto data = Tensor<double>::from({1, 2, 6});
  const auto m = variable(Tensor<double>::scalar(3));
  const auto energy = [&](const Tensor<double>& x) { return square(x - m) * 0.5; };
  const auto samples = Tensor<double>::from({2, 3, 4});
  CHECK(grad(contrastive_divergence(energy(data), energy(samples)), {m})[0].item() == doctest::Approx(0));
  CHECK(grad(contrastive_divergence(energy(data), energy(samples + 1)), {m})[0].item() == doctest::Approx(1));
}

TEST_CASE("contrastive_divergence refuses what does not fit") {
  const auto x = Tensor<>::ones({2}), none = Tensor<>::ones({0});
  CHECK(fails_with([&] { contrastive_divergence(x, none); }, "contrastive_divergence", "[2]", "[0]"));
  CHECK(fails_with([&] { contrastive_divergence(x, x, {.regularisation = -1}); }, "regularisation is -1"));
}
