// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/concat.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE("split undoes concat, and select undoes stack") {
  for (const int axis : {0, 1, -1}) {
    const Shape shape{2, 3, 4};
    const std::vector<Tensor<double>> parts = {random(shape.with(axis, 2), 1), random(shape.with(axis, 0), 2),
                                               random(shape.with(axis, 1), 3)};
    const auto y = concat(parts, axis);
    REQUIRE(y.shape() == shape.with(axis, 3));
    const auto back = split(y, axis, {2, 0, 1});
    for (std::size_t i = 0; i < 3; ++i) {
      REQUIRE(back[i].shape() == parts[i].shape());
      CHECK(std::equal(parts[i].data(), parts[i].data() + parts[i].size(), back[i].data()));
    }
    const auto a = random(shape, 4), b = random(shape, 5);
    const auto s = stack({a, b}, axis);
    CHECK(s.size(axis) == 2);
    const auto second = select(s, axis, 1);
    REQUIRE(second.shape() == shape);
    CHECK(std::equal(b.data(), b.data() + b.size(), second.data()));
  }
  CHECK(stack({Tensor<float>::scalar(1), Tensor<float>::scalar(2)}).shape() == Shape{2});
  CHECK(concat({Tensor<std::int64_t>::from({1}), Tensor<std::int64_t>::from({2, 3})})(2) == 3);
}

TEST_CASE("gradients of concat, stack and split agree with differences to second order") {
  for (const int axis : {0, 1}) {
    const Shape shape{2, 3};
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = concat({v[0] * v[0], v[1], v[0], v[2]}, axis);
          return y * y * y;
        },
        {random(shape.with(axis, 2), 1), random(shape.with(axis, 1), 2), random(shape.with(axis, 0), 3)}));
    CHECK(structure::check(
        [&](const auto& v) {
          const auto y = stack({v[0], v[1], v[0]}, axis);
          return y * y * y;
        },
        {random(shape, 1), random(shape, 2)}));
    CHECK(structure::check(
        [&](const auto& v) {
          const auto parts = split(v[0] * v[0], axis, {1, shape[axis] - 1});
          return sum(parts[0] * parts[0]) * sum(parts[1]);
        },
        {random(shape, 1)}));
  }
}

TEST_CASE("errors of concat, stack and split name the shapes") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { concat({x, random({3, 2})}); }), "part 1 is [3, 2] and part 0 is [2, 3]"));
  CHECK(has(message([&] { stack({x, random({2, 2})}); }), "part 1 is [2, 2] and part 0 is [2, 3]"));
  CHECK_THROWS_AS(concat(std::vector<Tensor<double>>{}), Error);
  CHECK_THROWS_AS(stack(std::vector<Tensor<double>>{}), Error);
  CHECK(has(message([&] { split(x, 1, {1, 1}); }), "sizes [1, 1] of axis 1 of shape [2, 3]"));
  CHECK_THROWS_AS(split(x, 1, {4, -1}), Error);
}
