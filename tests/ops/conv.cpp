// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/conv.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "cpu/reference.hpp"
#include "ops/structure.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using structure::Value;

namespace {

struct Case {
  Shape x, w;
  Conv2dOptions options;
};
const Case cases[] = {{{2, 2, 4, 4}, {3, 2, 3, 3}, {}},
                      {{1, 1, 1, 1}, {1, 1, 1, 1}, {}},
                      {{1, 2, 3, 4}, {2, 2, 1, 1}, {}},
                      {{1, 2, 5, 4}, {2, 2, 3, 2}, {.stride = {2, 1}, .padding = {1, 0}}},
                      {{1, 1, 6, 7}, {2, 1, 2, 3}, {.stride = {3, 2}, .padding = {0, 2}, .dilation = {2, 1}}},
                      {{2, 4, 3, 3}, {2, 2, 2, 2}, {.padding = 1, .groups = 2}},
                      {{1, 3, 3, 3}, {6, 1, 3, 3}, {.stride = 2, .padding = 2, .dilation = 2, .groups = 3}},
                      {{0, 2, 3, 3}, {2, 2, 2, 2}, {}},
                      {{1, 2, 3, 3}, {0, 2, 2, 2}, {}}};

Value naive(const Value& x, const Value& w, const Value& bias, const Conv2dOptions& o, const Shape& out) {
  const auto y = Value::zeros(out);
  const std::int64_t channels = w.size(1), filters = out[1] / o.groups;
  double* to = y.mutable_data();
  for (std::int64_t i = 0; i < out[0]; ++i)
    for (std::int64_t f = 0; f < out[1]; ++f)
      for (std::int64_t p = 0; p < out[2]; ++p)
        for (std::int64_t q = 0; q < out[3]; ++q, ++to) {
          *to = bias(f);
          for (std::int64_t c = 0; c < channels; ++c)
            for (std::int64_t a = 0; a < w.size(2); ++a)
              for (std::int64_t b = 0; b < w.size(3); ++b) {
                const std::int64_t row = p * o.stride.height - o.padding.height + a * o.dilation.height;
                const std::int64_t column = q * o.stride.width - o.padding.width + b * o.dilation.width;
                if (row >= 0 && row < x.size(2) && column >= 0 && column < x.size(3))
                  *to += w(f, c, a, b) * x(i, f / filters * channels + c, row, column);
              }
        }
  return y;
}

}  // namespace

TEST_CASE("conv2d agrees with the sum that defines it") {
  for (const Case& c : cases) {
    const auto x = random(c.x), w = random(c.w, 2), bias = random({c.w[0]}, 3);
    const auto y = conv2d(x, w, bias, c.options);
    const auto single = conv2d(x.to<float>(), w.to<float>(), bias.to<float>(), c.options);
    const auto expected = naive(x, w, bias, c.options, y.shape());
    for (std::int64_t i = 0; i < y.size(); ++i) {
      CHECK(std::abs(y.data()[i] - expected.data()[i]) < 1e-12);
      CHECK(std::abs(static_cast<double>(single.data()[i]) - expected.data()[i]) < 1e-4);
    }
  }
  CHECK(conv2d(random({1, 2, 7, 9}), random({4, 2, 3, 3}), {}, {.stride = 2, .padding = 1}).shape() ==
        Shape{1, 4, 4, 5});
}

TEST_CASE("gradients of conv2d agree with differences to second order") {
  for (const Case& c : cases) {
    const auto x = random(c.x), w = random(c.w, 2), bias = random({c.w[0]}, 3);
    CHECK(structure::check([&](const auto& v) { return conv2d(v[0], v[1], v[2], c.options); }, {x, w, bias}));
    const auto square = [](const Value& y) { return y * y; };
    CHECK(structure::check([&](const auto& v) { return square(conv2d(v[0], v[1], {}, c.options)); }, {x, w}));
    CHECK(structure::check([&](const auto& v) { return square(conv2d(x, v[0], v[1], c.options)); }, {w, bias}));
    CHECK(structure::check([&](const auto& v) { return square(conv2d(v[0], w, {}, c.options)); }, {x}));
  }
}

TEST_CASE("conv2d and its gradients have the same bits on any number of threads") {
  const auto x = Rng(1).normal({3, 4, 20, 20}), w = Rng(2).normal({8, 4, 3, 3});
  CHECK(reference::same_at_any_thread_count([&] {
    const auto a = variable(x), b = variable(w), bias = variable(Tensor<>::ones({8}));
    const auto y = conv2d(a, b, bias, {.padding = 1});
    std::vector<float> all(y.data(), y.data() + y.size());
    for (const auto& g : grad(y, {a, b, bias}, {}, Rng(3).normal(y.shape())))
      all.insert(all.end(), g.data(), g.data() + g.size());
    return all;
  }));
}

TEST_CASE("errors of conv2d name the shapes") {
  const auto x = random({1, 4, 5, 5}), w = random({2, 4, 3, 3});
  CHECK(has(message([&] { conv2d(random({4, 5, 5}), w); }), "x is [4, 5, 5], w [2, 4, 3, 3]"));
  CHECK(has(message([&] { conv2d(x, random({2, 3, 3, 3})); }), "x is [1, 4, 5, 5], w [2, 3, 3, 3], groups 1"));
  CHECK(has(message([&] { conv2d(x, w, {}, {.groups = 2}); }), "groups 2"));
  CHECK_THROWS_AS(conv2d(x, w, {}, {.groups = 0}), Error);
  CHECK(has(message([&] { conv2d(x, w, random({3})); }), "bias is [3] and w [2, 4, 3, 3]"));
  CHECK(has(message([&] { conv2d(x, random({2, 4, 6, 3})); }), "[1, 4, 5, 5]"));
  CHECK_THROWS_AS(conv2d(x, w, {}, {.stride = 0}), Error);
}

TEST_CASE_TEMPLATE("conv2d agrees with PyTorch", T, float, double) {
  const test::Oracle oracle("nn_a_conv");
  const auto agrees = [&](const char* name, const Conv2dOptions& options) {
    oracle.check_case<T>(name, {"x", "w", "bias"},
                         [&](const std::vector<Tensor<T>>& in) { return conv2d(in[0], in[1], in[2], options); });
  };
  agrees("conv2d.grouped", {.stride = {2, 1}, .padding = {1, 0}, .groups = 2});
  agrees("conv2d.dilated", {.padding = {2, 1}, .dilation = {2, 3}});
  agrees("conv2d.depthwise", {.padding = 1, .groups = 5});
  agrees("conv2d.depthwise_strided", {.stride = {2, 3}, .padding = 2, .dilation = {1, 2}, .groups = 3});
}
