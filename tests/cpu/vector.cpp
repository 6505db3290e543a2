// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/vector.hpp"

#include <doctest/doctest.h>

using namespace regimen::kernel;

TEST_CASE_TEMPLATE("a part of a vector is loaded over zeros and stored over nothing else", T, float, double) {
  T from[lanes<T>], to[lanes<T>];
  for (int i = 0; i < lanes<T>; ++i) from[i] = static_cast<T>(i + 1);
  for (int count = 0; count < lanes<T>; ++count) {
    const Vector<T> v = load_part(from, count);
    for (int i = 0; i < lanes<T>; ++i) CHECK(v[i] == (i < count ? from[i] : T{0}));
    for (T& value : to) value = -1;
    store_part<T>(to, load<Vector<T>>(from), count);
    for (int i = 0; i < lanes<T>; ++i) CHECK(to[i] == (i < count ? from[i] : T{-1}));
  }
  CHECK(lane_sum<T>(load<Vector<T>>(from)) == static_cast<T>(lanes<T> * (lanes<T> + 1) / 2));
  CHECK(lane_max<T>(load<Vector<T>>(from)) == static_cast<T>(lanes<T>));
  CHECK(broadcast(T{3})[lanes<T> - 1] == T{3});
}
