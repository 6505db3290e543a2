// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/gaussian_kl.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("gaussian_kl agrees with PyTorch", T, float, double) {
  using In = std::vector<Tensor<T>>;
  const Oracle oracle("loss");
  oracle.check_case<T>("gaussian_kl.standard", {"mean", "log_variance"},
                       [](const In& in) { return gaussian_kl(in[0], in[1]); });
  oracle.check_case<T>("gaussian_kl.prior", {"mean", "log_variance", "prior_mean", "prior_log_variance"},
                       [](const In& in) { return gaussian_kl(in[0], in[1], in[2], in[3]); });
}

TEST_CASE("gaussian_kl sums over the code and means over the axes between") {
  const auto m = Tensor<double>::from({1, 2, 0, 3, 0, 0, 0, 1}, {2, 2, 2}), l = Tensor<double>::zeros({2, 2, 2});
  CHECK(distance(gaussian_kl(m, l, {.reduction = Reduction::none}), Tensor<double>::from({3.5, 0.25})) < 1e-15);
  CHECK(gaussian_kl(m, l, m, l).item() == 0);
}

TEST_CASE("gaussian_kl has gradients to second order in all four") {
  Rng rng(1);
  const auto x = [&] { return rng.normal<double>({2, 3}); };
  const auto f = [](const auto& in) { return gaussian_kl(in[0], in[1], in[2], in[3]); };
  const auto check = gradcheck(f, {x(), x(), x(), x()}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("gaussian_kl refuses shapes that do not agree") {
  const auto x = Tensor<>::ones({2, 3}), y = Tensor<>::ones({3});
  CHECK(fails_with([&] { gaussian_kl(x, y); }, "gaussian_kl", "[2, 3]", "[3]"));
  CHECK(fails_with([&] { gaussian_kl(x, x, y, x); }, "[2, 3]", "[3]"));
  CHECK(fails_with([&] { gaussian_kl(x, x, x, y); }, "[2, 3]", "[3]"));
}
