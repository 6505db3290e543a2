// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/pixel_shuffle.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"
#include "ops/table.hpp"
#include "support/oracle.hpp"

using namespace regimen;
using structure::has;
using structure::message;
using structure::random;
using table::closed;

TEST_CASE_TEMPLATE("pixel_shuffle and pixel_unshuffle agree with PyTorch", T, float, double) {
  const test::Oracle oracle("ops_b_image");
  oracle.check_case<T>("pixel_shuffle", {"input"}, [](const auto& in) { return pixel_shuffle(in[0], 2); });
  oracle.check_case<T>("pixel_unshuffle", {"input"}, [](const auto& in) { return pixel_unshuffle(in[0], 3); });
}

TEST_CASE("depth_to_space gives a block's position leads the channels, as in ONNX") {
  // Two channels: the four places of the first block come before the channel.
  const auto x = Tensor<>::from({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {1, 8, 1, 2});
  CHECK(closed(depth_to_space(x, 2), {0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15}, {1, 2, 2, 4}));
  const auto image = Tensor<>::from({0, 6, 1, 7, 12, 18, 13, 19}, {1, 1, 2, 4});
  CHECK(closed(space_to_depth(image, 2), {0, 1, 6, 7, 12, 13, 18, 19}, {1, 4, 1, 2}));
}

TEST_CASE("each of the operations on blocks is undone by its inverse") {
  const auto x = random({2, 18, 2, 5});
  CHECK(closed(pixel_unshuffle(pixel_shuffle(x, 3), 3), x, 0));
  CHECK(closed(space_to_depth(depth_to_space(x, 3), 3), x, 0));
  CHECK(closed(pixel_shuffle(x, 1), x, 0));
  CHECK(depth_to_space(random({0, 4, 2, 3}), 2).shape() == Shape{0, 1, 4, 6});
  CHECK(pixel_unshuffle(random({0, 4, 2, 6}), 2).shape() == Shape{0, 16, 1, 3});
}

TEST_CASE("gradients of the operations on blocks agree with differences to second order") {
  const auto cube = [](const auto& y) { return y * y * y; };
  for (const Shape& shape : {Shape{2, 4, 2, 4}, Shape{0, 4, 2, 2}}) {
    const auto x = random(shape);
    CHECK(structure::check([&](const auto& v) { return cube(pixel_shuffle(v[0], 2)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(pixel_unshuffle(v[0], 2)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(depth_to_space(v[0], 2)); }, {x}));
    CHECK(structure::check([&](const auto& v) { return cube(space_to_depth(v[0], 2)); }, {x}));
  }
}

TEST_CASE("the operations on blocks refuse sizes that the block does not divide") {
  CHECK(has(message([] { pixel_shuffle(random({1, 6, 2, 2}), 2); }), "x is [1, 6, 2, 2] for blocks of 2 x 2"));
  CHECK(has(message([] { depth_to_space(random({4, 2, 2}), 2); }), "depth_to_space: x is [4, 2, 2]"));
  CHECK(has(message([] { pixel_unshuffle(random({1, 1, 4, 3}), 2); }), "pixel_unshuffle: x is [1, 1, 4, 3]"));
  CHECK(has(message([] { space_to_depth(random({1, 1, 4, 4}), 0); }), "blocks of 0 x 0"));
}
