// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/conv_transpose.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "ops/structure.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE_TEMPLATE("transposed convolutions agree with PyTorch", T, float, double) {
  const test::Oracle oracle("nn_a_conv");
  const auto agrees = [&](const char* name, const ConvTranspose2dOptions& options) {
    oracle.check_case<T>(name, {"x", "w", "bias"}, [&](const std::vector<Tensor<T>>& in) {
      return conv_transpose2d(in[0], in[1], in[2], options);
    });
  };
  agrees("conv_transpose2d.plain", {});
  agrees("conv_transpose2d.options",
         {.stride = {2, 3}, .padding = {1, 2}, .output_padding = {1, 2}, .dilation = {2, 1}, .groups = 2});
  agrees("conv_transpose2d.depthwise", {.stride = 2, .groups = 3});
  const auto agrees1d = [&](const char* name, const ConvTranspose1dOptions& options) {
    oracle.check_case<T>(name, {"x", "w", "bias"}, [&](const std::vector<Tensor<T>>& in) {
      return conv_transpose1d(in[0], in[1], in[2], options);
    });
  };
  agrees1d("conv_transpose1d.plain", {});
  agrees1d("conv_transpose1d.options", {.stride = 3, .padding = 2, .output_padding = 1, .dilation = 2, .groups = 2});
}

TEST_CASE("conv_transpose2d is the transposed map of conv2d") {
  const auto x = random({2, 4, 6, 7}), w = random({6, 2, 3, 2}, 2);
  const auto y = conv2d(x, w, {}, {.stride = 2, .padding = 1, .groups = 2});
  const auto g = random(y.shape(), 3);
  const auto back = conv_transpose2d(g, w, {}, {.stride = 2, .padding = 1, .output_padding = {1, 1}, .groups = 2});
  CHECK(back.shape() == x.shape());
  CHECK(sum(y * g).item() == doctest::Approx(sum(x * back).item()));
}

TEST_CASE("gradients of transposed convolutions agree with differences to second order") {
  for (const std::int64_t groups : {1, 2, 4}) {
    const auto x = random({2, 4, 2, 3}), w = random({4, 4 / groups, 2, 3}, 2), bias = random({4}, 3);
    const ConvTranspose2dOptions options{
        .stride = {2, 1}, .padding = {0, 1}, .output_padding = {1, 0}, .groups = groups};
    CHECK(structure::check([&](const auto& v) { return conv_transpose2d(v[0], v[1], v[2], options); }, {x, w, bias}));
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = conv_transpose2d(v[0], v[1], {}, options);
          return y * y;
        },
        {x, w}));
  }
  CHECK(structure::check(
      [](const auto& v) {
        const auto y = conv_transpose1d(v[0], v[1], v[2], {.stride = 2, .padding = 1});
        return y * y;
      },
      {random({2, 2, 3}), random({2, 3, 4}, 2), random({3}, 3)}));
}

TEST_CASE("transposed convolution of an empty batch is an empty batch") {
  CHECK(conv_transpose2d(random({0, 2, 5, 4}), random({2, 3, 2, 2}), {}, {.stride = 2}).shape() == Shape{0, 3, 10, 8});
  CHECK(conv_transpose1d(random({0, 2, 5}), random({2, 3, 2})).shape() == Shape{0, 3, 6});
}

TEST_CASE("errors of transposed convolutions name the shapes") {
  const auto x = random({1, 4, 5, 5}), w = random({4, 2, 3, 3});
  CHECK(has(message([&] { conv_transpose2d(random({4, 5, 5}), w); }), "x is [4, 5, 5], w [4, 2, 3, 3]"));
  CHECK(has(message([&] {
              conv_transpose2d(x, random({3, 2, 3, 3}));
            }),
            "x is [1, 4, 5, 5], w [3, 2, 3, 3], groups 1"));
  CHECK(has(message([&] { conv_transpose2d(x, w, {}, {.groups = 3}); }), "groups 3"));
  CHECK(has(message([&] { conv_transpose2d(x, w, random({2}), {.groups = 2}); }), "bias is [2], w [4, 2, 3, 3]"));
  CHECK(has(message([&] { conv_transpose2d(x, w, {}, {.output_padding = 1}); }),
            "output_padding [1, 1] with stride [1, 1]"));
  CHECK(has(message([&] { conv_transpose2d(x, w, {}, {.padding = 4}); }), "padding [4, 4]: nothing is left"));
  CHECK(has(message([&] { conv_transpose2d(x, w, {}, {.padding = -1}); }), "padding [-1, -1]"));
  CHECK(has(message([&] { conv_transpose1d(x, w); }), "conv_transpose1d: x is [1, 4, 5, 5]"));
  CHECK_THROWS_AS(conv_transpose2d(x, w, {}, {.stride = 0}), Error);
}
