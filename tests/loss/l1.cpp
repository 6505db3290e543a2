// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/l1.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE("l1 is the mean distance") {
  const auto p = Tensor<>::from({1, 2, 3, 4}, {2, 2}), t = Tensor<>::from({0, 0, 5, 4}, {2, 2});
  CHECK(l1(p, t).item() == 1.25f);
  CHECK(l1(p, t, {.reduction = Reduction::sum}).item() == 2.5f);
  CHECK(same_bits(l1(p, t, {.reduction = Reduction::none}), Tensor<>::from({1.5f, 1})));
}

TEST_CASE("l1 of other shapes names both") {
  CHECK(fails_with([] { l1(Tensor<>::zeros({3, 1}), Tensor<>::zeros({3})); }, "l1", "[3, 1]", "[3]"));
}

TEST_CASE_TEMPLATE("l1 agrees with PyTorch", T, float, double) {
  const Oracle oracle("loss");
  for (const bool separate : {false, true})
    oracle.check_case<T>(separate ? "l1.none" : "l1.mean", {"predictions", "targets"},
                         [=](const std::vector<Tensor<T>>& in) {
                           return l1(in[0], in[1], {.reduction = separate ? Reduction::none : Reduction::mean});
                         });
}
