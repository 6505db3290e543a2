// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/triplet.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("triplet agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  for (const int p : {1, 2, 3})
    for (const bool swap : {false, true}) {
      const std::string name = "triplet." + std::to_string(p) + (swap ? ".True" : ".False");
      if (!oracle.contains(name + ".out")) continue;
      const TripletOptions options{.margin = 0.7, .p = static_cast<double>(p), .swap = swap};
      oracle.check_case<T>(name, {"anchor", "positive", "negative"},
                           [&](const std::vector<Tensor<T>>& in) { return triplet(in[0], in[1], in[2], options); });
    }
}

TEST_CASE("triplet counts what the negative is too near") {
  const auto a = Tensor<double>::zeros({1, 2}), p = Tensor<double>::from({3, 4}, {1, 2});
  const auto n = Tensor<double>::from({6, -2}, {1, 2});
  const auto loss = [&](double norm) { return triplet(a, p, n, {.margin = 2, .p = norm, .epsilon = 0}).item(); };
  CHECK(loss(1) == doctest::Approx(2 + 7 - 8));
  CHECK(loss(2) == doctest::Approx(2 + 5 - std::sqrt(40.)));
  CHECK(loss(INFINITY) == 0);
  CHECK(triplet(a, n, p, {.margin = 2, .p = INFINITY, .epsilon = 0}).item() == 4);
}

TEST_CASE("triplet has gradients to second order in all three") {
  Rng rng(1);
  const auto a = rng.normal<double>({4, 3}), p = rng.normal<double>({4, 3}), n = rng.normal<double>({4, 3});
  for (const double norm : {1., 2., 3., static_cast<double>(INFINITY)}) {
    const auto f = [=](const auto& in) { return triplet(in[0], in[1], in[2], {.margin = 3, .p = norm}); };
    const auto check = gradcheck(f, {a, p, n}, {.order = 2});
    CHECK_MESSAGE(check, check.message);
  }
}

TEST_CASE("triplet of one point thrice is the margin, with a finite gradient") {
  const auto x = variable(Tensor<>::ones({2, 3}));
  for (const double norm : {1., 2., 3.}) {
    const auto loss = triplet(x, x, x, {.p = norm});
    CHECK(loss.item() == 1);
    CHECK(all_finite(grad(loss, {x})[0]));
  }
}

TEST_CASE("triplet refuses what does not fit") {
  const auto x = Tensor<>::zeros({2, 3});
  CHECK(fails_with([&] { triplet(x, x, Tensor<>::zeros({2, 4})); }, "triplet", "[2, 3]", "[2, 4]"));
  CHECK(fails_with([&] { triplet(x, Tensor<>::zeros({3}), x); }, "[2, 3]", "[3]"));
  CHECK(fails_with([&] { triplet(x, x, x, {.margin = 0}); }, "margin is 0"));
  CHECK(fails_with([&] { triplet(x, x, x, {.p = 0.5}); }, "p is 0.5"));
}
