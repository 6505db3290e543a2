// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/conv1d.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "ops/structure.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE_TEMPLATE("conv1d agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("nn_a_conv");
  const auto agrees = [&](const char* name, const Conv1dOptions& options) {
    oracle.check_case<T>(name, {"x", "w", "bias"},
                         [&](const std::vector<Tensor<T>>& in) { return conv1d(in[0], in[1], in[2], options); });
  };
  agrees("conv1d.plain", {});
  agrees("conv1d.options", {.stride = 2, .padding = 3, .dilation = 2, .groups = 2});
  agrees("conv1d.depthwise", {.padding = 2, .groups = 3});
}

TEST_CASE("gradients of conv1d agree with differences to second order") {
  for (const std::int64_t groups : {1, 2, 4}) {
    const auto x = random({2, 4, 6}), w = random({4, 4 / groups, 3}, 2), bias = random({4}, 3);
    const Conv1dOptions options{.stride = 2, .padding = 1, .groups = groups};
    CHECK(structure::check([&](const auto& v) { return conv1d(v[0], v[1], v[2], options); }, {x, w, bias}));
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = conv1d(v[0], v[1], {}, options);
          return y * y;
        },
        {x, w}));
  }
}

TEST_CASE("conv1d of an empty batch is an empty batch") {
  CHECK(conv1d(random({0, 2, 5}), random({3, 2, 2})).shape() == Shape{0, 3, 4});
}

TEST_CASE("errors of conv1d name the shapes") {
  const auto x = random({1, 4, 5}), w = random({2, 4, 3});
  CHECK(has(message([&] { conv1d(random({4, 5}), w); }), "conv1d: x is [4, 5], w [2, 4, 3]"));
  CHECK(has(message([&] { conv1d(x, random({2, 3, 3})); }), "conv1d: x is [1, 4, 1, 5], w [2, 3, 1, 3], groups 1"));
  CHECK(has(message([&] { conv1d(x, w, random({3})); }), "conv1d: bias is [3] and w [2, 4, 1, 3]"));
  CHECK(has(message([&] { conv1d(x, random({2, 4, 6})); }), "[1, 4, 1, 5]"));
  CHECK_THROWS_AS(conv1d(x, w, {}, {.stride = 0}), Error);
}
