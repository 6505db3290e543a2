// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/group_norm.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "ops/structure.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE_TEMPLATE("group_norm agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("nn_a_norm");
  using Values = std::vector<Tensor<T>>;
  oracle.check_case<T>("group_norm.images", {"x", "weight", "bias"},
                       [](const Values& in) { return group_norm(in[0], 3, in[1], in[2]); });
  oracle.check_case<T>("group_norm.vectors", {"x", "weight", "bias"},
                       [](const Values& in) { return group_norm(in[0], 2, in[1], in[2], 0.1); });
  oracle.check_case<T>("instance_norm", {"x"}, [](const Values& in) { return group_norm(in[0], 3); });
}

TEST_CASE("gradients of group_norm agree with differences to second order") {
  const auto x = random({2, 4, 3}), gamma = random({4}, 2), beta = random({4}, 3);
  CHECK(structure::check([](const auto& v) { return group_norm(v[0], 2, v[1], v[2]); }, {x, gamma, beta}));
  CHECK(structure::check([](const auto& v) { return group_norm(v[0], 4, v[1]); }, {x, gamma}));
}

TEST_CASE("group_norm of an empty batch is an empty batch") {
  CHECK(group_norm(random({0, 4, 3}), 2, random({4})).shape() == Shape{0, 4, 3});
}

TEST_CASE("errors of group_norm name the shapes") {
  const auto x = random({2, 4, 3});
  CHECK(has(message([&] { group_norm(x, 3); }), "group_norm: 3 groups for x of shape [2, 4, 3]"));
  CHECK(has(message([&] { group_norm(x, 0); }), "0 groups"));
  CHECK(has(message([&] { group_norm(random({4}), 2); }), "x is [4]"));
  CHECK(has(message([&] { group_norm(x, 2, random({3})); }), "gamma is [3] for x of shape [2, 4, 3]"));
  CHECK(has(message([&] { group_norm(x, 2, {}, random({2})); }), "beta is [2]"));
  CHECK(has(message([&] { group_norm(x, 2, {}, {}, -1); }), "epsilon is -1"));
}
