// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/bradley_terry.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("bradley_terry agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  oracle.check_case<T>("bradley_terry", {"chosen", "rejected"},
                       [](const std::vector<Tensor<T>>& in) { return bradley_terry(in[0], in[1], {.margin = 0.4}); });
}

TEST_CASE("bradley_terry of equal scores is log 2, and least at the log odds of the smoothing") {
  const auto x = Tensor<double>::from({2, -1});
  CHECK(bradley_terry(x, x).item() == doctest::Approx(std::log(2.)));
  const auto d = variable(Tensor<double>::from({std::log(0.9 / 0.1)}));
  CHECK(std::abs(grad(bradley_terry(d, Tensor<double>::zeros({1}), {.smoothing = 0.1}), {d})[0].item()) < 1e-15);
}

TEST_CASE_TEMPLATE("bradley_terry of far scores is linear or nothing", T, float, double) {
  const auto c = variable(Tensor<T>::from({1e4, -1e4})), r = Tensor<T>::zeros({2});
  const auto loss = bradley_terry(c, r, {.reduction = Reduction::none});
  CHECK(same_bits(loss, Tensor<T>::from({0, 1e4})));
  CHECK(same_bits(grad(sum(loss), {c})[0], Tensor<T>::from({0, -1})));
}

TEST_CASE("bradley_terry refuses what does not fit") {
  const auto x = Tensor<>::ones({2});
  CHECK(fails_with([&] { bradley_terry(x, Tensor<>::ones({2, 1})); }, "bradley_terry", "[2]", "[2, 1]"));
  CHECK(fails_with([&] { bradley_terry(x, x, {.smoothing = 0.6}); }, "smoothing is 0.6"));
}
