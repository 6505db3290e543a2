// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/pool.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

#include "cpu/reference.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE("max_pool2d and avg_pool2d agree with loops over the windows") {
  struct Case {
    Shape x;
    MaxPool2dOptions options;
  };
  for (const Case& c :
       {Case{{2, 3, 4, 6}, {}}, Case{{5, 5}, {.window = 3, .stride = 2, .padding = 1}}, Case{{1, 1, 1}, {.window = 1}},
        Case{{2, 5, 4}, {.window = {2, 3}, .stride = 1, .padding = {1, 0}}}, Case{{0, 4, 4}, {}}}) {
    const auto x = random(c.x);
    const auto& o = c.options;
    const auto most = max_pool2d(x, o);
    const auto single = max_pool2d(x.to<float>(), o);
    const auto all = avg_pool2d(x, {.window = o.window, .stride = o.stride, .padding = o.padding});
    const auto inside =
        avg_pool2d(x, {.window = o.window, .stride = o.stride, .padding = o.padding, .count_padding = false});
    const auto down = o.stride.height == 0 ? o.window.height : o.stride.height;
    const auto along = o.stride.width == 0 ? o.window.width : o.stride.width;
    const auto height = c.x[-2], width = c.x[-1], out_height = most.size(-2), out_width = most.size(-1);
    CHECK(out_height == (height + 2 * o.padding.height - o.window.height) / down + 1);
    for (std::int64_t at = 0; at < most.size(); ++at) {
      const auto plane = at / out_width / out_height, p = at / out_width % out_height, q = at % out_width;
      double largest = -1e300, total = 0, count = 0;
      for (std::int64_t a = 0; a < o.window.height; ++a)
        for (std::int64_t b = 0; b < o.window.width; ++b) {
          const auto row = p * down - o.padding.height + a, column = q * along - o.padding.width + b;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const double value = x.data()[(plane * height + row) * width + column];
          largest = std::max(largest, value);
          total += value;
          ++count;
        }
      CHECK(most.data()[at] == largest);
      CHECK(single.data()[at] == static_cast<float>(largest));
      CHECK(inside.data()[at] == doctest::Approx(total / count).epsilon(1e-12));
      CHECK(all.data()[at] ==
            doctest::Approx(total / static_cast<double>(o.window.height * o.window.width)).epsilon(1e-12));
    }
  }
}

TEST_CASE("gradients of pooling agree with differences to second order") {
  const auto cube = [](const auto& y) { return y * y * y; };
  for (const Shape& shape : {Shape{2, 4, 4}, Shape{1, 1, 5, 3}, Shape{0, 3, 3}}) {
    const auto x = random(shape);
    CHECK(structure::check([&](const auto& v) { return cube(max_pool2d(v[0])); }, {x}));
    CHECK(structure::check(
        [&](const auto& v) {
          return cube(max_pool2d(v[0], {.window = {3, 2}, .stride = 1, .padding = 1}));
        },
        {x}));
    CHECK(structure::check(
        [&](const auto& v) {
          return cube(max_pool2d(v[0], {.window = 2, .stride = {1, 2}, .dilation = {2, 1}}));
        },
        {x}));
    CHECK(structure::check([&](const auto& v) { return cube(avg_pool2d(v[0])); }, {x}));
    for (const bool count : {true, false})
      CHECK(structure::check(
          [&](const auto& v) {
            return cube(avg_pool2d(v[0], {.window = {3, 2}, .stride = {2, 1}, .padding = 1, .count_padding = count}));
          },
          {x}));
  }
}

TEST_CASE("pooling and its gradients have the same bits on any number of threads") {
  const auto x = Rng(1).normal({16, 4, 30, 30});
  CHECK(reference::same_at_any_thread_count([&] {
    const auto v = variable(x);
    const MaxPool2dOptions options{.window = 3, .stride = 2, .padding = 1};
    const auto y = max_pool2d(v, options) + avg_pool2d(v, {.window = 3, .stride = 2, .padding = 1});
    const auto g = grad(y, {v}, {}, Rng(3).normal(y.shape()))[0];
    return std::vector<float>(g.data(), g.data() + g.size());
  }));
}

TEST_CASE("errors of pooling name the shapes") {
  CHECK(has(message([] { max_pool2d(random({4})); }), "x is [4]"));
  CHECK(has(message([] { max_pool2d(random({2, 4, 1})); }), "[2, 4, 1]"));
  CHECK(has(message([] { avg_pool2d(random({4, 4}), {.window = 5}); }), "[4, 4]"));
  CHECK(has(message([] { max_pool2d(random({4, 4}), {.window = 2, .padding = 2}); }), "[4, 4]"));
  CHECK(has(message([] {
              max_pool2d(random({4, 1}), {.window = {1, 2}, .stride = 1, .padding = {0, 1}, .dilation = 2});
            }),
            "[4, 1]"));
  CHECK_THROWS_AS(max_pool2d(random({4, 4}), {.stride = -1}), Error);
}
