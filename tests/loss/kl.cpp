// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/kl.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE("kl_divergence of known distributions") {
  const double p[] = {0.5, 0.25, 0.25}, q[] = {0.25, 0.25, 0.5};
  const auto log_q = log(Tensor<double>::from(q, {1, 3}));
  CHECK(kl_divergence(log_q, Tensor<double>::from(p, {1, 3})).item() == doctest::Approx(0.25 * std::log(2.)));
}

TEST_CASE("kl_divergence of an impossible outcome counts nothing, and of one that q excludes is infinite") {
  const auto possible = Tensor<double>::from({1, 0}, {1, 2});
  const auto log_q = log(Tensor<double>::from({0.5, 0.5}, {1, 2}));
  CHECK(kl_divergence(log_q, possible).item() == doctest::Approx(std::log(2.)));
  const auto excluded = log(Tensor<double>::from({1, 0}, {1, 2}));
  CHECK(kl_divergence(excluded, possible).item() == 0);
  CHECK(kl_divergence(excluded, Tensor<double>::from({0.5, 0.5}, {1, 2})).item() == INFINITY);
}

TEST_CASE("kl_divergence means over the axes between") {
  Rng rng(1);
  const auto p = softmax(rng.normal<double>({2, 3, 4}), -1), log_q = log_softmax(rng.normal<double>({2, 3, 4}), -1);
  const auto losses = kl_divergence(log_q, p, {.reduction = Reduction::none});
  CHECK(losses.shape() == Shape{2});
  for (int i = 0; i < 2; ++i) {
    double want = 0;
    for (int k = 0; k < 3; ++k)
      for (int j = 0; j < 4; ++j) want += p(i, k, j) * (std::log(p(i, k, j)) - log_q(i, k, j)) / 3;
    CHECK(losses(i) == doctest::Approx(want));
  }
}

TEST_CASE("kl_from_logits is kl_divergence of the softmaxes at that temperature") {
  Rng rng(2);
  const auto a = rng.normal<double>({5, 4}), b = rng.normal<double>({5, 4});
  for (const double temperature : {0.5, 1., 4.})
    CHECK(kl_from_logits(a, b, {.temperature = temperature}).item() ==
          doctest::Approx(kl_divergence(log_softmax(a / temperature, -1), softmax(b / temperature, -1)).item()));
}

TEST_CASE("kl at a high temperature is the variance of the logits' difference over 2 temperature^2") {
  const auto a = Tensor<double>::from({1, 2, 6}, {1, 3}), b = Tensor<double>::from({2, 2, 2}, {1, 3});
  const double difference[] = {-1, 0, 4}, middle = 1;
  double variance = 0;
  for (const double d : difference) variance += (d - middle) * (d - middle) / 3;
  CHECK(1e6 * kl_from_logits(a, b, {.temperature = 1e3}).item() == doctest::Approx(variance / 2).epsilon(1e-2));
}

TEST_CASE("kl refuses shapes that do not agree and temperatures that are not positive") {
  CHECK(fails_with(
      [] {
        kl_divergence(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3}));
      },
      "kl_divergence", "[3, 1]", "[3]"));
  CHECK(fails_with(
      [] {
        kl_from_logits(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3}));
      },
      "kl_from_logits", "[3, 1]", "[3]"));
  CHECK(fails_with([] { kl_from_logits(Tensor<>::zeros({3}), Tensor<>::zeros({3}), {.temperature = 0}); },
                   "temperature is 0"));
  CHECK(fails_with([] { kl_divergence(Tensor<>::scalar(0), Tensor<>::scalar(1)); }, "[]"));
}

TEST_CASE_TEMPLATE("kl_from_logits of a class that the target excludes counts nothing for it", T, float, double) {
  const T none = -std::numeric_limits<T>::infinity();
  const auto z = variable(Tensor<T>::from({1, 2, 3, 1, none, 0}, {2, 3}));
  const auto v = variable(Tensor<T>::from({0, none, 1, 0, none, T(1e4)}, {2, 3}));
  const auto loss = kl_from_logits(z, v, {.reduction = Reduction::none});
  double want = 0;
  const double p = 1 / (1 + std::exp(1.)), log_sum = 3 + std::log(1 + std::exp(-1.) + std::exp(-2.));
  want += p * (std::log(p) - (1 - log_sum)) + (1 - p) * (std::log(1 - p) - (3 - log_sum));
  CHECK(loss(0) == doctest::Approx(want));
  CHECK(loss(1) == doctest::Approx(std::log1p(std::exp(1.))));
  const auto g = grad(sum(loss), {z, v});
  CHECK(all_finite(g[0]));
  CHECK(all_finite(g[1]));
  CHECK(g[0](0, 1) == doctest::Approx(std::exp(2 - log_sum)));
  CHECK(g[1](0, 1) == 0);
  CHECK(kl_from_logits(v, z).item() == INFINITY);
}

TEST_CASE_TEMPLATE("kl agrees with PyTorch", T, float, double) {
  using In = std::vector<Tensor<T>>;
  const Oracle oracle("loss");
  oracle.check_case<T>("kl_divergence", {"logits", "targets"},
                       [](const In& in) { return kl_divergence(log_softmax(in[0], -1), in[1]); });
  oracle.check_case<T>("kl_divergence.none", {"logits", "targets"}, [](const In& in) {
    return kl_divergence(log_softmax(in[0], -1), in[1], {.reduction = Reduction::none});
  });
  oracle.check_case<T>("kl_from_logits", {"logits", "targets"},
                       [](const In& in) { return kl_from_logits(in[0], in[1], {.temperature = 2.5}); });
  oracle.check_case<T>("reverse_kl", {"logits", "targets"},
                       [](const In& in) { return reverse_kl_from_logits(in[0], in[1], {.temperature = 2}); });
}

TEST_CASE("the reverse divergence punishes what the target excludes, and the forward one what the prediction does") {
  const auto broad = Tensor<double>::from({0, 0, 0}, {1, 3}), narrow = Tensor<double>::from({0, 0, -50}, {1, 3});
  CHECK(kl_from_logits(narrow, broad).item() > 10);
  CHECK(reverse_kl_from_logits(narrow, broad).item() == doctest::Approx(std::log(1.5)));
}
