// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/bce.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("bce agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  oracle.check_case<T>("bce", {"input", "target"}, [](const std::vector<Tensor<T>>& in) { return bce(in[0], in[1]); });
}

TEST_CASE_TEMPLATE("bce of a certain mistake is 100, with a finite gradient", T, float, double) {
  const auto p = variable(Tensor<T>::from({0, 1, 0, 1})), t = Tensor<T>::from({1, 0, 0, 1});
  const auto loss = bce(p, t, {.reduction = Reduction::none});
  CHECK(same_bits(loss, Tensor<T>::from({100, 100, 0, 0})));
  const auto dp = grad(sum(loss), {p})[0];
  CHECK(dp(0) == doctest::Approx(-1e12));
  CHECK(dp(1) == doctest::Approx(1e12));
  CHECK(dp(2) == 1);
  CHECK(dp(3) == -1);
}

TEST_CASE("bce refuses what is no probability and shapes that do not agree") {
  CHECK(fails_with([] { bce(Tensor<>::from({0.5f, 1.5f}), Tensor<>::zeros({2})); }, "[2]", "1.5"));
  CHECK(fails_with([] { bce(Tensor<>::from({NAN}), Tensor<>::zeros({1})); }, "nan"));
  CHECK(fails_with([] { bce(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3})); }, "bce", "[3, 1]", "[3]"));
}
