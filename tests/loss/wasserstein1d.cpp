// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/wasserstein1d.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"

using namespace test;

TEST_CASE_TEMPLATE("wasserstein1d of known draws", T, float, double) {
  const auto x = Tensor<T>::from({3, 1, 2, 0, 5, 1}, {2, 3}), y = Tensor<T>::from({2, 3, 4, 1, 0, 5}, {2, 3});
  CHECK(same_bits(wasserstein1d(x, y, {.reduction = Reduction::none}), Tensor<T>::from({1, 0})));
  CHECK(wasserstein1d(x, y + 2, {.p = 2}).item() == doctest::Approx((9. + 4) / 2));
}

TEST_CASE("wasserstein1d is the cheapest of all pairings") {
  Rng rng(1);
  const auto x = rng.normal<double>({5}), y = rng.normal<double>({5});
  for (const double p : {1., 2., 3.}) {
    std::vector<int> order = {0, 1, 2, 3, 4};
    double best = INFINITY;
    do {
      double cost = 0;
      for (int i = 0; i < 5; ++i) cost += std::pow(std::abs(x(i) - y(order[static_cast<std::size_t>(i)])), p) / 5;
      best = std::min(best, cost);
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(wasserstein1d(x, y, {.p = p}).item() == doctest::Approx(best));
  }
}

TEST_CASE("wasserstein1d has gradients to second order in both") {
  Rng rng(2);
  const auto x = rng.normal<double>({2, 3, 4}), y = rng.normal<double>({2, 3, 4});
  for (const double p : {1., 2., 3.}) {
    const auto f = [=](const auto& in) { return wasserstein1d(in[0], in[1], {.p = p, .reduction = Reduction::none}); };
    const auto check = gradcheck(f, {x, y}, {.order = 2});
    CHECK_MESSAGE(check, check.message);
  }
}

TEST_CASE("wasserstein1d refuses what does not fit") {
  const auto x = Tensor<>::ones({2, 3});
  CHECK(fails_with([&] { wasserstein1d(x, Tensor<>::ones({2, 4})); }, "wasserstein1d", "[2, 3]", "[2, 4]"));
  CHECK(fails_with([&] { wasserstein1d(x, x, {.p = 0.5}); }, "p is 0.5"));
}
