// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/symmetric_cross_entropy.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"
#include "regimen/autodiff/grad.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("symmetric_cross_entropy agrees with its formula in PyTorch", T, float, double) {
  const Oracle oracle("loss");
  const auto y = oracle.get<std::int64_t>("symmetric_cross_entropy.in.labels");
  const SymmetricCrossEntropyOptions options{.alpha = 0.3, .beta = 0.8, .log_zero = -6};
  oracle.check_case<T>("symmetric_cross_entropy", {"logits"},
                       [&](const std::vector<Tensor<T>>& in) { return symmetric_cross_entropy(in[0], y, options); });
}

TEST_CASE("a label that is certainly wrong costs -A beta of the reverse part") {
  const auto x = variable(Tensor<>::from({1e4f, 0}, {1, 2}));
  const auto y = Tensor<std::int64_t>::from({1});
  const auto loss = symmetric_cross_entropy(x, y, {.alpha = 0, .beta = 0.5});
  CHECK(loss.item() == 2);
  CHECK(all_finite(grad(loss, {x})[0]));
  CHECK(symmetric_cross_entropy(x, y, {.alpha = 1, .beta = 0}).item() == 1e4f);
}

TEST_CASE("symmetric_cross_entropy refuses what does not fit") {
  const auto x = Tensor<>::zeros({2, 3});
  const auto y = Tensor<std::int64_t>::from({0, 1});
  CHECK(fails_with([&] { symmetric_cross_entropy(x, Tensor<std::int64_t>::from({0})); }, "[2, 3]", "[1]"));
  CHECK(fails_with([&] { symmetric_cross_entropy(x, y, {.alpha = -1}); }, "alpha is -1"));
  CHECK(fails_with([&] { symmetric_cross_entropy(x, y, {.log_zero = 0}); }, "log_zero 0"));
}
