// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/info_nce.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/autodiff/gradcheck.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("info_nce agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  oracle.check_case<T>("info_nce", {"queries", "keys"},
                       [](const std::vector<Tensor<T>>& in) { return info_nce(in[0], in[1], {.temperature = 0.2}); });
}

TEST_CASE("info_nce of keys that are all alike is the logarithm of their number") {
  Rng rng(1);
  const auto q = rng.normal<double>({3, 4});
  CHECK(info_nce(q, Tensor<double>::ones({8, 4})).item() == doctest::Approx(std::log(8.)));
}

TEST_CASE("info_nce of scalar products at a low temperature finds the largest") {
  const auto q = Tensor<>::from({1, 0, 0, 1}, {2, 2}), k = Tensor<>::from({3, 0, 0, 2, 1, 1}, {3, 2});
  const InfoNceOptions options{.temperature = 1e-4, .normalise = false, .reduction = Reduction::none};
  CHECK(same_bits(info_nce(q, k, options), Tensor<>::from({0, 0})));
  CHECK(info_nce(k.rows(0, 2), q, options)(1) == 0);
  CHECK(info_nce(q, Tensor<>::from({0, 2, 3, 0}, {2, 2}), options)(0) == doctest::Approx(3e4));
}

TEST_CASE("info_nce has gradients to second order in both") {
  Rng rng(2);
  const auto q = rng.normal<double>({3, 4}), k = rng.normal<double>({5, 4});
  for (const bool normalise : {true, false}) {
    const auto f = [=](const auto& in) {
      return info_nce(in[0], in[1], {.temperature = 0.5, .normalise = normalise, .reduction = Reduction::none});
    };
    const auto check = gradcheck(f, {q, k}, {.order = 2});
    CHECK_MESSAGE(check, check.message);
  }
}

TEST_CASE("info_nce of a vector of zeros has finite gradients") {
  const auto q = variable(Tensor<>::zeros({2, 3}));
  CHECK(all_finite(grad(info_nce(q, Tensor<>::ones({2, 3})), {q})[0]));
}

TEST_CASE("info_nce refuses what does not fit") {
  const auto x = Tensor<>::ones({2, 3});
  CHECK(fails_with([&] { info_nce(x, Tensor<>::ones({2, 4})); }, "info_nce", "[2, 3]", "[2, 4]"));
  CHECK(fails_with([&] { info_nce(x, Tensor<>::ones({1, 3})); }, "[2, 3]", "[1, 3]"));
  CHECK(fails_with([&] { info_nce(x, x, {.temperature = 0}); }, "info_nce", "temperature is 0"));
}
