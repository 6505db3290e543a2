// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/nt_xent.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("nt_xent agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  oracle.check_case<T>("nt_xent", {"a", "b"},
                       [](const std::vector<Tensor<T>>& in) { return nt_xent(in[0], in[1], {.temperature = 0.3}); });
}

TEST_CASE("nt_xent of one sample is 0, for there is nothing to confuse it with") {
  Rng rng(1);
  const auto a = variable(rng.normal<double>({1, 3}));
  const auto loss = nt_xent(a, rng.normal<double>({1, 3}), {.reduction = Reduction::none});
  CHECK(same_bits(loss, Tensor<double>::zeros({2})));
  CHECK(all_finite(grad(sum(loss), {a})[0]));
}

TEST_CASE("nt_xent of equal rows is the logarithm of the number of others") {
  CHECK(nt_xent(Tensor<>::ones({4, 3}), Tensor<>::ones({4, 3})).item() == doctest::Approx(std::log(7.)));
}

TEST_CASE("nt_xent has gradients to second order in both views") {
  Rng rng(2);
  const auto a = rng.normal<double>({3, 4}), b = rng.normal<double>({3, 4});
  const auto f = [](const auto& in) { return nt_xent(in[0], in[1], {.reduction = Reduction::none}); };
  const auto check = gradcheck(f, {a, b}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("nt_xent refuses what does not fit") {
  const auto x = Tensor<>::ones({2, 3});
  CHECK(fails_with([&] { nt_xent(x, Tensor<>::ones({3, 3})); }, "nt_xent", "[2, 3]", "[3, 3]"));
  CHECK(fails_with([&] { nt_xent(Tensor<>::ones({0, 3}), Tensor<>::ones({0, 3})); }, "[0, 3]"));
  CHECK(fails_with([&] { nt_xent(x, x, {.temperature = -1}); }, "nt_xent", "temperature is -1"));
}
