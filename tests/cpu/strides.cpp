// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/strides.hpp"

#include <doctest/doctest.h>

using namespace regimen::kernel;

TEST_CASE("axes that every array passes over in one stride merge") {
  Walk<2> walk{.rank = 4, .size = {2, 3, 1, 5}, .stride = {{15, 5, 9, 1}, {0, 0, 0, 0}}};
  walk.collapse();
  CHECK(walk.rank == 1);
  CHECK(walk.size[0] == 30);
  CHECK(walk.stride[0][0] == 1);
  CHECK(walk.stride[1][0] == 0);
}

TEST_CASE("axes stay apart where one array does not pass over them in one stride") {
  Walk<2> walk{.rank = 3, .size = {2, 3, 5}, .stride = {{15, 5, 1}, {5, 0, 1}}};
  walk.collapse();
  CHECK(walk.rank == 3);
  Walk<1> scalar{.rank = 2, .size = {1, 1}, .stride = {{7, 3}}};
  scalar.collapse();
  CHECK(scalar.rank == 1);
  CHECK(scalar.count() == 1);
}

TEST_CASE("an odometer visits the offsets in row-major order from any position") {
  const Walk<1> walk{.rank = 3, .size = {2, 3, 4}, .stride = {{100, -10, 1}}};
  for (std::int64_t start = 0; start < 24; ++start) {
    Odometer<1> odometer(walk, 3, start);
    for (std::int64_t i = start; i < 24; ++i, odometer.next())
      CHECK(odometer.offset[0] == i / 12 * 100 - i / 4 % 3 * 10 + i % 4);
  }
}

TEST_CASE("the walk of a permutation reads the axes in their new order and writes without gaps") {
  const std::int64_t sizes[] = {2, 3, 4};
  const int axes[] = {2, 0, 1};
  const Walk<2> walk = permuted_walk(3, sizes, axes), same = copy_walk(3, walk.size, walk.stride[0], walk.stride[1]);
  const std::int64_t size[] = {4, 2, 3}, from[] = {1, 12, 4}, to[] = {6, 3, 1};
  CHECK(walk.rank == 3);
  for (int axis = 0; axis < 3; ++axis) {
    CHECK(walk.size[axis] == size[axis]);
    CHECK(walk.stride[0][axis] == from[axis]);
    CHECK(walk.stride[1][axis] == to[axis]);
    CHECK(same.stride[0][axis] == from[axis]);
    CHECK(same.stride[1][axis] == to[axis]);
  }
}
