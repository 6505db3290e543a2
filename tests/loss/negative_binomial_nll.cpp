// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/negative_binomial_nll.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("negative_binomial_nll agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto t = oracle.get<T>("counts");
  oracle.check_case<T>("negative_binomial_nll", {"logits", "total"}, [&](const std::vector<Tensor<T>>& in) {
    return negative_binomial_nll(in[0], t, in[1], {.full = true});
  });
}

TEST_CASE("the probabilities of a negative binomial sum to 1, and its mean is r exp(x)") {
  const auto x = Tensor<double>::full({300}, -0.3), r = Tensor<double>::scalar(2.5);
  auto t = Tensor<double>::empty({300});
  for (int i = 0; i < 300; ++i) t.mutable_data()[i] = i;
  const auto p = exp(-negative_binomial_nll(x, t, r, {.full = true, .reduction = Reduction::none}));
  CHECK(sum(p).item() == doctest::Approx(1));
  CHECK(sum(p * t).item() == doctest::Approx(2.5 * std::exp(-0.3)));
}

TEST_CASE("negative_binomial_nll has gradients to second order, of shared total counts too") {
  Rng rng(1);
  const auto x = rng.normal<double>({2, 3}), t = Tensor<double>::from({0, 1, 2, 5, 3, 0}, {2, 3});
  for (const auto& r : {rng.uniform<double>({2, 3}, 0.5, 2), rng.uniform<double>({3}, 0.5, 2)}) {
    const auto f = [&](const auto& in) {
      return negative_binomial_nll(in[0], t, in[1], {.reduction = Reduction::none});
    };
    const auto check = gradcheck(f, {x, r}, {.order = 2});
    CHECK_MESSAGE(check, check.message);
  }
}

TEST_CASE("negative_binomial_nll refuses what does not fit") {
  const auto x = Tensor<>::zeros({3}), one = Tensor<>::ones({3});
  CHECK(fails_with([&] { negative_binomial_nll(x, Tensor<>::zeros({3, 1}), one); }, "[3, 1]", "[3]"));
  CHECK(fails_with([&] { negative_binomial_nll(x, x, Tensor<>::ones({2, 3})); }, "[2, 3]", "[3]"));
  CHECK(fails_with([&] { negative_binomial_nll(x, x, x); }, "total count", "[3]"));
  CHECK(fails_with([&] { negative_binomial_nll(x, one * 0.5f, one); }, "0.5", "whole"));
  CHECK(fails_with([&] { negative_binomial_nll(x, -one, one); }, "-1.0"));
}
