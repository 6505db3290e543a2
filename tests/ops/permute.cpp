// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/permute.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;

TEST_CASE("permute and transpose move each element to its permuted index") {
  for (const Shape& shape : {Shape{2, 3, 4}, Shape{1, 5, 1}, Shape{0, 2, 3}, Shape{17, 3, 33}}) {
    const auto x = random(shape);
    const auto y = permute(x, {2, 0, -2}), z = transpose(x, 0, -1);
    REQUIRE(y.shape() == Shape{shape[2], shape[0], shape[1]});
    REQUIRE(z.shape() == Shape{shape[2], shape[1], shape[0]});
    bool right = true;
    for (std::int64_t i = 0; i < shape[0]; ++i)
      for (std::int64_t j = 0; j < shape[1]; ++j)
        for (std::int64_t k = 0; k < shape[2]; ++k)
          right = right && y(k, i, j) == x(i, j, k) && z(k, j, i) == x(i, j, k);
    CHECK(right);
  }
  CHECK(transpose(Tensor<std::int64_t>::from({1, 2, 3, 4, 5, 6}, {2, 3}))(2, 1) == 6);
  CHECK(permute(Tensor<double>::scalar(3), std::initializer_list<int>{}).item() == 3);
}

TEST_CASE("gradients of permute and transpose agree with differences to second order") {
  for (const Shape& shape : {Shape{2, 3, 2}, Shape{1, 1, 1}, Shape{2, 0, 3}}) {
    CHECK(structure::check(
        [](const auto& v) {
          const auto y = permute(v[0], {1, 2, 0});
          return y * y * y;
        },
        {random(shape)}));
    CHECK(structure::check(
        [](const auto& v) {
          const auto y = transpose(v[0], 0, 1);
          return y * y * y;
        },
        {random(shape)}));
  }
}

TEST_CASE("errors of permute and transpose name the shapes") {
  const auto x = random({2, 3, 4});
  CHECK(has(message([&] { permute(x, {0, 1}); }), "{0, 1} of shape [2, 3, 4]"));
  CHECK(has(message([&] { permute(x, {0, 1, 1}); }), "{0, 1, 1} of shape [2, 3, 4]"));
  CHECK(has(message([&] { permute(x, {0, 1, 3}); }), "[2, 3, 4]"));
  CHECK(has(message([&] { transpose(x); }), "[2, 3, 4]"));
  CHECK(has(message([&] { transpose(x, 0, 3); }), "[2, 3, 4]"));
}
