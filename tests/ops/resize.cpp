// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/resize.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

namespace {

using Value = Tensor<double>;

ResizeOptions aligned(ResizeOptions options) {
  options.align_corners = true;
  return options;
}

}  // namespace

TEST_CASE_TEMPLATE("resizing agrees with PyTorch by size and by scale, up and down", T, float, double) {
  const test::Oracle oracle("ops_d_spatial");
  const std::pair<std::string, ResizeOptions> cases[] = {
      {"up", {.size = {5, 7}}}, {"down", {.size = {2, 3}}}, {"scale", {.scale = 1.7}}, {"shrink", {.scale = 0.6}}};
  for (const auto& [name, options] : cases) {
    const auto& how = options;
    oracle.check_case<T>("nearest_" + name, {"input"}, [&](const auto& in) { return resize_nearest(in[0], how); });
    oracle.check_case<T>("bilinear_" + name, {"input"}, [&](const auto& in) { return resize_bilinear(in[0], how); });
    oracle.check_case<T>("aligned_" + name, {"input"},
                         [&](const auto& in) { return resize_bilinear(in[0], aligned(how)); });
  }
  oracle.check_case<T>("nearest_1d", {"input"}, [](const auto& in) { return resize_nearest(in[0], {.size = 7}); });
  oracle.check_case<T>("linear_1d", {"input"}, [](const auto& in) { return resize_linear(in[0], {.size = 7}); });
  oracle.check_case<T>("aligned_1d", {"input"},
                       [](const auto& in) { return resize_linear(in[0], aligned({.size = 7})); });
}

TEST_CASE("resized sequences are known") {
  const auto x = Value::from({0, 4, 8}, {1, 1, 3});
  CHECK(closed(resize_nearest(x, {.size = 6}), {0, 0, 4, 4, 8, 8}, {1, 1, 6}));
  CHECK(closed(resize_nearest(x, {.scale = 2}), {0, 0, 4, 4, 8, 8}, {1, 1, 6}));
  CHECK(closed(resize_linear(x, {.size = 6}), {0, 1, 3, 5, 7, 8}, {1, 1, 6}));
  CHECK(closed(resize_linear(x, aligned({.size = 5})), {0, 2, 4, 6, 8}, {1, 1, 5}));
  CHECK(closed(resize_linear(x, aligned({.size = 1})), {0}, {1, 1, 1}));
  CHECK(closed(resize_linear(x, {.size = 1}), {4}, {1, 1, 1}));
  CHECK(closed(resize_linear(Value::from({5}, {1, 1, 1}), {.size = 3}), {5, 5, 5}, {1, 1, 3}));
  CHECK(closed(resize_nearest(x, {.scale = 0.5}), {0}, {1, 1, 1}));
}

TEST_CASE("every sample of a whole multiple is repeated as often") {
  // Products of rounded ratios, such as 49 (1 / 49), would fall just below the whole number.
  for (const std::int64_t n : {3, 10, 49, 1000})
    for (const std::int64_t factor : {2, 3, 7, 49}) {
      auto x = Value::empty({1, 1, n});
      for (std::int64_t i = 0; i < n; ++i) x.mutable_data()[i] = static_cast<double>(i);
      const auto by_size = resize_nearest(x, {.size = n * factor});
      const auto by_scale = resize_nearest(x, {.scale = static_cast<double>(factor)});
      bool right = by_scale.shape() == by_size.shape();
      for (std::int64_t i = 0; right && i < n * factor; ++i)
        right = by_size(0, 0, i) == static_cast<double>(i / factor) && by_scale(0, 0, i) == by_size(0, 0, i);
      CHECK(right);
    }
}

TEST_CASE("resizing to the same size changes nothing, and a constant stays one") {
  const auto x = random({2, 3, 4, 5});
  CHECK(closed(resize_bilinear(x, {.size = {4, 5}}), x, 0));
  CHECK(closed(resize_bilinear(x, aligned({.scale = 1})), x, 0));
  CHECK(closed(resize_nearest(x, {.size = {4, 5}}), x, 0));
  CHECK(closed(resize_bilinear(Value::full({1, 1, 3, 3}, 0.1), {.size = {7, 11}}), Value::full({1, 1, 7, 11}, 0.1), 0));
}

TEST_CASE("batches of size 0 have the right shape") {
  CHECK(resize_bilinear(Value::empty({0, 2, 3, 3}), {.scale = 2}).shape() == Shape{0, 2, 6, 6});
  CHECK(resize_nearest(Value::empty({2, 0, 3}), {.size = 5}).shape() == Shape{2, 0, 5});
}

TEST_CASE("gradients of resizing agree with differences to second order") {
  const auto image = random({2, 2, 3, 2}, 1), sequence = random({2, 2, 4}, 2);
  for (const ResizeOptions& options : {ResizeOptions{.size = {2, 5}}, ResizeOptions{.scale = 1.7}}) {
    CHECK(structure::check([&](const auto& v) { return square(resize_nearest(v[0], options)); }, {image}));
    CHECK(structure::check([&](const auto& v) { return square(resize_bilinear(v[0], options)); }, {image}));
    CHECK(structure::check([&](const auto& v) { return square(resize_linear(v[0], aligned(options))); }, {sequence}));
  }
}

TEST_CASE("resizing refuses wrong shapes and options") {
  const auto x = random({1, 1, 3, 3}), sequence = random({1, 1, 3});
  CHECK(has(message([&] { resize_nearest(x, {}); }), "resize_nearest: size is [0, 0] and scale 0.000000; give one"));
  CHECK(has(message([&] { resize_nearest(x, {.size = 2, .scale = 2}); }), "size is [2, 2] and scale 2.000000"));
  CHECK(has(message([&] { resize_bilinear(x, {.size = {0, 2}}); }), "resize_bilinear: size is [0, 2]"));
  CHECK(has(message([&] { resize_bilinear(x, {.size = {2, -1}}); }), "size is [2, -1]"));
  for (const double scale : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    CHECK(has(message([&] { resize_linear(sequence, {.scale = scale}); }), "resize_linear: size is [0, 0] and scale"));
  CHECK(has(message([&] { resize_linear(sequence, {.scale = 0.3}); }), "x is [1, 1, 3] and scale 0.300000; neither x"));
  CHECK(has(message([&] { resize_linear(sequence, {.scale = 1e300}); }), "resize_linear: x is [1, 1, 3] and scale"));
  CHECK(has(message([&] { resize_nearest(Value::empty({1, 1, 0}), {.size = 2}); }), "x is [1, 1, 0]"));
  CHECK(has(message([&] { resize_nearest(x, aligned({.size = 2})); }), "x is [1, 1, 3, 3] and align_corners set"));
  CHECK(has(message([&] { resize_nearest(random({3, 3}), {.size = 2}); }), "resize_nearest: x is [3, 3]"));
  CHECK(has(message([&] { resize_linear(x, {.size = 2}); }), "resize_linear: x is [1, 1, 3, 3]; it is"));
  CHECK(has(message([&] { resize_bilinear(sequence, {.size = 2}); }), "resize_bilinear: x is [1, 1, 3]; it is"));
}
