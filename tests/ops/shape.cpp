// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/shape.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::Indices;
using structure::message;
using structure::random;

TEST_CASE("reshape, flatten, squeeze and unsqueeze keep the elements and share their memory") {
  const auto x = random({2, 3, 4});
  CHECK(reshape(x, {4, 6}).shape() == Shape{4, 6});
  CHECK(reshape(x, {-1, 6}).shape() == Shape{4, 6});
  CHECK(reshape(x, {-1}).shape() == Shape{24});
  CHECK(reshape(random({1, 1}), {}).shape() == Shape{});
  CHECK(reshape(random({0, 3}), {-1, 3}).shape() == Shape{0, 3});
  CHECK(flatten(x).shape() == Shape{24});
  CHECK(flatten(x, 1).shape() == Shape{2, 12});
  CHECK(flatten(x, -1).shape() == x.shape());
  CHECK(flatten(Tensor<double>::scalar(2)).shape() == Shape{1});
  CHECK(squeeze(random({2, 1, 3}), 1).shape() == Shape{2, 3});
  CHECK(unsqueeze(x, 0).shape() == Shape{1, 2, 3, 4});
  CHECK(unsqueeze(x, -1).shape() == Shape{2, 3, 4, 1});
  CHECK(unsqueeze(x, -2).shape() == Shape{2, 3, 1, 4});
  for (const auto& y : {reshape(variable(x), {6, 4}), flatten(x), unsqueeze(x, 1)}) CHECK(y.data() == x.data());
  CHECK(reshape(Indices::from({1, 2, 3, 4}), {2, -1})(1, 0) == 3);
}

TEST_CASE("gradients of views agree with differences to second order") {
  for (const Shape& shape : {Shape{2, 3, 2}, Shape{1, 1, 1}, Shape{0, 2, 3}}) {
    CHECK(structure::check(
        [](const auto& v) {
          const auto y = reshape(v[0] * v[0], {-1, 1, v[0].size(2)});
          return y * y;
        },
        {random(shape)}));
    CHECK(structure::check(
        [](const auto& v) {
          const auto y = flatten(v[0] * v[0], 1);
          return y * y;
        },
        {random(shape)}));
    CHECK(
        structure::check([](const auto& v) { return squeeze(unsqueeze(v[0] * v[0], 1), 1) * v[0]; }, {random(shape)}));
  }
}

TEST_CASE("errors of views name the shapes") {
  const auto x = random({2, 3});
  CHECK(has(message([&] { reshape(x, {4, 2}); }), "[2, 3] does not fit [4, 2]"));
  CHECK(has(message([&] { reshape(x, {-1, 4}); }), "[2, 3] does not fit [-1, 4]"));
  CHECK(has(message([&] { reshape(x, {-1, -1}); }), "[-1, -1] for shape [2, 3]"));
  CHECK(has(message([&] { reshape(random({0, 2}), {-1, 0}); }), "[0, 2]"));
  CHECK_THROWS_AS(reshape(x, {-2, 3}), Error);
  CHECK(has(message([&] { squeeze(x, 1); }), "[2, 3]"));
  CHECK(has(message([&] { unsqueeze(x, 3); }), "[2, 3]"));
  CHECK(has(message([&] { flatten(x, 2); }), "[2, 3]"));
}
