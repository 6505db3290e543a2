// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/gaussian_nll.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("gaussian_nll agrees with PyTorch, also where variances are below the least", T, float, double) {
  const Oracle oracle("loss");
  for (const bool full : {false, true})
    oracle.check_case<T>(full ? "gaussian_nll.True" : "gaussian_nll.False", {"input", "target", "var"},
                         [=](const std::vector<Tensor<T>>& in) {
                           return gaussian_nll(in[0], in[1], in[2], {.full = full, .epsilon = 0.3});
                         });
  oracle.check_case<T>("gaussian_nll.shared", {"input", "target", "var"},
                       [=](const std::vector<Tensor<T>>& in) { return gaussian_nll(in[0], in[1], in[2]); });
}

TEST_CASE("gaussian_nll of unit variance is half of the square, and -log of the density where it is full") {
  const auto p = Tensor<double>::from({1, 3}), t = Tensor<double>::from({2, 1}), v = Tensor<double>::ones({});
  CHECK(distance(gaussian_nll(p, t, v, {.reduction = Reduction::none}), Tensor<double>::from({0.5, 2})) < 1e-15);
  CHECK(gaussian_nll(p, p, v, {.full = true}).item() == doctest::Approx(std::log(2 * std::acos(-1.)) / 2));
}

TEST_CASE("gaussian_nll has gradients to second order in all three") {
  Rng rng(1);
  const auto p = rng.normal<double>({4, 3}), t = rng.normal<double>({4, 3}), v = rng.uniform<double>({4, 1}, 0.5, 2);
  const auto f = [](const auto& in) { return gaussian_nll(in[0], in[1], in[2], {.reduction = Reduction::none}); };
  const auto check = gradcheck(f, {p, t, v}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE_TEMPLATE("a variance of 0 counts as epsilon", T, float, double) {
  const auto v = variable(Tensor<T>::from({0}));
  const auto loss = gaussian_nll(Tensor<T>::from({0}), Tensor<T>::from({0}), v, {.epsilon = 0.01});
  CHECK(loss.item() == doctest::Approx(std::log(0.01) / 2));
  CHECK(grad(loss, {v})[0].item() == doctest::Approx(50));
}

TEST_CASE("gaussian_nll refuses what does not fit") {
  const auto x = Tensor<>::zeros({3}), one = Tensor<>::ones({3});
  CHECK(fails_with([&] { gaussian_nll(x, Tensor<>::zeros({3, 1}), one); }, "gaussian_nll", "[3, 1]", "[3]"));
  CHECK(fails_with([&] { gaussian_nll(x, x, Tensor<>::ones({2, 3})); }, "[2, 3]", "[3]"));
  CHECK(fails_with([&] { gaussian_nll(x, x, -one); }, "[3]", "-1.0"));
  CHECK(fails_with([&] { gaussian_nll(x, x, one, {.epsilon = 0}); }, "epsilon is 0"));
}
