// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/slice.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE("slice and select pick entries of an axis") {
  const auto x = random({5, 4, 3});
  const auto y = slice(x, 1, 1, 4, 2), z = slice(x, 0, 2, 4), s = select(x, -1, 2);
  REQUIRE(y.shape() == Shape{5, 2, 3});
  REQUIRE(z.shape() == Shape{2, 4, 3});
  REQUIRE(s.shape() == Shape{5, 4});
  for (std::int64_t i = 0; i < 5; ++i)
    for (std::int64_t k = 0; k < 3; ++k) CHECK(y(i, 1, k) == x(i, 3, k));
  CHECK(z.data() == x.data() + 24);
  CHECK(select(x, 0, 1).data() == x.data() + 12);
  CHECK(s(4, 3) == x(4, 3, 2));
  CHECK(slice(x, 0, 5, 5).shape() == Shape{0, 4, 3});
  CHECK(slice(x, 1, 4, 4, 3).shape() == Shape{5, 0, 3});
  CHECK(slice(x, 0, 0, 5, 10).shape() == Shape{1, 4, 3});
  CHECK(slice(x, 0, 0, 5, INT64_MAX).shape() == Shape{1, 4, 3});
}

TEST_CASE("pad puts x into a frame of a value") {
  const auto y = pad(Tensor<float>::from({1, 2, 3, 4}, {2, 2}), {{1, 0}, {0, 2}}, 9);
  const float expected[] = {9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9};
  REQUIRE(y.shape() == Shape{3, 4});
  CHECK(std::equal(y.data(), y.data() + 12, expected));
  CHECK(pad(random({2, 3}), 1, {1, 2}).shape() == Shape{2, 6});
  CHECK(pad(random({0, 3}), -2, {1, 1}, 5)(1, 2) == 5);
}

TEST_CASE("gradients of slice, select and pad agree with differences to second order") {
  for (const Shape& shape : {Shape{3, 4}, Shape{1, 2}, Shape{5, 3}})
    for (const int axis : {0, 1}) {
      const auto n = shape[axis];
      const auto square = [](const auto& y) { return y * y * y; };
      CHECK(structure::check([&](const auto& v) { return square(slice(v[0], axis, 0, n, 2)); }, {random(shape)}));
      CHECK(
          structure::check([&](const auto& v) { return square(slice(v[0] * v[0], axis, n / 2, n)); }, {random(shape)}));
      CHECK(structure::check([&](const auto& v) { return square(slice(v[0], axis, n, n)); }, {random(shape)}));
      CHECK(structure::check([&](const auto& v) { return square(select(v[0], axis, n - 1)); }, {random(shape)}));
      CHECK(structure::check([&](const auto& v) { return square(pad(v[0], {{1, 0}, {2, 1}}, 0.5)); }, {random(shape)}));
    }
  CHECK(structure::check([](const auto& v) { return pad(v[0], {{1, 0}, {2, 1}}); }, {random({0, 2})}));
}

TEST_CASE("errors of slice, select and pad name the shapes") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { slice(x, 1, 1, 4); }), "entries 1 to 4 by 1 of axis 1 of shape [2, 3]"));
  CHECK_THROWS_AS(slice(x, 0, 0, 2, 0), Error);
  CHECK_THROWS_AS(slice(x, 0, 2, 1), Error);
  CHECK_THROWS_AS(slice(x, 0, -1, 1), Error);
  CHECK(has(message([&] { select(x, 0, 2); }), "entry 2 of axis 0 of shape [2, 3]"));
  CHECK(has(message([&] { pad(x, {{1, 1}}); }), "1 paddings for shape [2, 3]"));
  CHECK(has(message([&] { pad(x, 1, {-1, 0}); }), "{-1, 0} of axis 1 of shape [2, 3]"));
}
