// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/mmd.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("mmd agrees with its formula in PyTorch", T, float, double) {
  const Oracle oracle("loss");
  for (const bool unbiased : {false, true})
    oracle.check_case<T>(unbiased ? "mmd.True" : "mmd.False", {"x", "y"}, [=](const std::vector<Tensor<T>>& in) {
      return mmd(in[0], in[1], {.bandwidths = {0.5, 2}, .unbiased = unbiased});
    });
}

TEST_CASE("mmd of a sample with itself is 0, and of far ones what their kernels with themselves are") {
  Rng rng(1);
  const auto x = rng.normal<double>({20, 3});
  CHECK(std::abs(mmd(x, x).item()) < 1e-12);
  const auto one = Tensor<double>::zeros({1, 2}), far = Tensor<double>::full({1, 2}, 100);
  CHECK(mmd(one, far, {.bandwidths = {1, 2}}).item() == doctest::Approx(4));
}

TEST_CASE("the unbiased mmd of two samples from one distribution is small, and of other ones larger") {
  Rng rng(2);
  const auto x = rng.normal<double>({400, 1}), y = rng.normal<double>({400, 1});
  const double same = mmd(x, y, {.unbiased = true}).item();
  // For N(0, 1) and N(d, 1) in one dimension at bandwidth 1: 2 (1 - exp(-d^2 / 6)) / sqrt(3).
  const double other = mmd(x, y + 2, {.unbiased = true}).item();
  CHECK(std::abs(same) < 0.01);
  CHECK(other == doctest::Approx(2 * (1 - std::exp(-4. / 6)) / std::sqrt(3.)).epsilon(0.1));
}

TEST_CASE("mmd has gradients to second order in both") {
  Rng rng(3);
  const auto x = rng.normal<double>({3, 2}), y = rng.normal<double>({4, 2});
  const auto f = [](const auto& in) { return mmd(in[0], in[1], {.bandwidths = {0.7, 2}}); };
  const auto check = gradcheck(f, {x, y}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("mmd refuses what does not fit") {
  const auto x = Tensor<>::ones({1, 3});
  CHECK(fails_with([&] { mmd(x, Tensor<>::ones({1, 2})); }, "mmd", "[1, 3]", "[1, 2]"));
  CHECK(fails_with([&] { mmd(x, x, {.unbiased = true}); }, "at least 2"));
  CHECK(fails_with([&] { mmd(x, x, {.bandwidths = {}}); }, "no bandwidths"));
  CHECK(fails_with([&] { mmd(x, x, {.bandwidths = {1, 0}}); }, "bandwidth is 0"));
}
