// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/jensen_shannon.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("jensen_shannon_from_logits agrees with its formula in PyTorch", T, float, double) {
  const Oracle oracle("loss");
  oracle.check_case<T>("jensen_shannon", {"a", "b"}, [](const std::vector<Tensor<T>>& in) {
    return jensen_shannon_from_logits(in[0], in[1], {.temperature = 1.5});
  });
}

TEST_CASE_TEMPLATE("jensen_shannon is 0 for equals, log 2 for opposites, and symmetric", T, float, double) {
  const auto p = Tensor<T>::from({1, 0, 0.5, 0.5}, {2, 2}), q = Tensor<T>::from({0, 1, 0.25, 0.75}, {2, 2});
  const KlOptions each{.reduction = Reduction::none};
  CHECK(same_bits(jensen_shannon(p, p, each), Tensor<T>::zeros({2})));
  CHECK(jensen_shannon(p, q, each)(0) == doctest::Approx(std::log(2.)));
  CHECK(distance(jensen_shannon(p, q, each), jensen_shannon(q, p, each)) < 1e-7);
  const double want = (0.5 * std::log(0.5 / 0.375) + 0.5 * std::log(0.5 / 0.625) + 0.25 * std::log(0.25 / 0.375) +
                       0.75 * std::log(0.75 / 0.625)) /
                      2;
  CHECK(jensen_shannon(p, q, each)(1) == doctest::Approx(want));
}

TEST_CASE_TEMPLATE("classes that cannot occur and logits of any size give finite values and gradients", T, float,
                   double) {
  const T none = -std::numeric_limits<T>::infinity();
  const auto a = variable(Tensor<T>::from({1, none, 2, 1e4, 0, none}, {2, 3}));
  const auto b = variable(Tensor<T>::from({0, none, none, -1e4, 0, 1e4}, {2, 3}));
  const auto loss = jensen_shannon_from_logits(a, b);
  CHECK(all_finite(loss));
  for (const auto& g : grad(loss, {a, b})) CHECK(all_finite(g));
}

TEST_CASE("jensen_shannon has gradients to second order in both") {
  Rng rng(1);
  const auto p = softmax(rng.normal<double>({3, 4}), -1), q = softmax(rng.normal<double>({3, 4}), -1);
  const auto f = [](const auto& in) { return jensen_shannon(in[0], in[1]); };
  const auto check = gradcheck(f, {p, q}, {.order = 2});
  CHECK_MESSAGE(check, check.message);
}

TEST_CASE("jensen_shannon refuses what does not fit") {
  const auto x = Tensor<>::ones({2, 3}), y = Tensor<>::ones({3});
  CHECK(fails_with([&] { jensen_shannon(x, y); }, "jensen_shannon", "[2, 3]", "[3]"));
  CHECK(fails_with([&] { jensen_shannon_from_logits(x, y); }, "jensen_shannon_from_logits", "[2, 3]", "[3]"));
  CHECK(fails_with([&] { jensen_shannon_from_logits(x, x, {.temperature = 0}); }, "temperature is 0"));
}
