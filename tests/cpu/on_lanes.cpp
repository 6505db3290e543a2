// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/on_lanes.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "regimen/core/functors.hpp"
#include "regimen/core/reductions.hpp"
#include "regimen/cpu/vector.hpp"

using namespace regimen;
using namespace regimen::kernel;

TEST_CASE("a function of numbers is called for each lane") {
  Vector<float> u = {}, v = {};
  for (int i = 0; i < lanes<float>; ++i) {
    u[i] = static_cast<float>(i);
    v[i] = 10;
  }
  const functor::Subtract subtract;
  const auto difference = OnLanes<functor::Subtract>{subtract}(u, v);
  const reduction::Dot<float> dot;
  const OnLanes<reduction::Dot<float>> dots{dot};
  const auto products = dots.term(u, v), sums = dots.join(u, v);
  for (int i = 0; i < lanes<float>; ++i) {
    CHECK(difference[i] == static_cast<float>(i) - 10);
    CHECK(products[i] == static_cast<float>(i) * 10);
    CHECK(sums[i] == static_cast<float>(i) + 10);
  }
  CHECK(dots.join(2.0f, 3.0f) == 5);
  CHECK(dots.identity() == 0);
  CHECK(dots.filler() == 0);
}

TEST_CASE("this compiler passes vectors to the function itself") {
  const functor::Subtract subtract;
  const auto lambda = [](auto v) { return v; };
  CHECK(std::is_same_v<decltype(on_lanes(subtract)), const functor::Subtract&> == (REGIMEN_NVCC == 0));
  CHECK(&on_lanes(lambda) == &lambda);
}
