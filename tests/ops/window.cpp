// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/ops/window.hpp"

#include <doctest/doctest.h>

#include "ops/structure.hpp"

using namespace regimen;
using structure::has;
using structure::message;

TEST_CASE("a number stands for height and width") {
  const HeightWidth both = 3, pair(1, 2);
  CHECK(both.to_string() == "[3, 3]");
  CHECK(pair.to_string() == "[1, 2]");
}

TEST_CASE("windows that do not fit are an error that names the sizes") {
  const auto windows = [](HeightWidth size, HeightWidth stride, HeightWidth padding, HeightWidth dilation) {
    return message([&] { detail::window2d("op", {2, 5, 4}, size, stride, padding, dilation); });
  };
  CHECK(windows(4, 1, 0, 1) == "");
  CHECK(has(windows({3, 5}, 1, 0, 1), "op: window [3, 5] with dilation [1, 1] and padding [0, 0]"));
  CHECK(has(windows(3, 1, 0, {1, 2}), "[2, 5, 4]"));
  CHECK(windows(3, 1, {0, 1}, {1, 2}) == "");
  CHECK(has(windows(0, 1, 0, 1), "window [0, 0]"));
  CHECK(has(windows(1, {1, 0}, 0, 1), "stride [1, 0]"));
  CHECK(has(windows(1, 1, -1, 1), "padding [-1, -1]"));
  CHECK(has(windows(1, 1, 0, 0), "dilation [0, 0]"));
}
