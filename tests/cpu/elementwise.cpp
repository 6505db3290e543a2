// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/elementwise.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace regimen;
using namespace regimen::kernel;

TEST_CASE_TEMPLATE("map writes n elements and no more, in place or not", T, float, double, std::int32_t, std::int64_t) {
  for (const std::int64_t n : {0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 100, 70001, 200000}) {
    const auto count = static_cast<std::size_t>(n);
    std::vector<T> a(count + 1), b(count + 1), c(count + 1, T{77});
    for (std::size_t i = 0; i <= count; ++i) {
      a[i] = static_cast<T>(i % 100);
      b[i] = static_cast<T>(3 * (i % 7));
    }
    map(
        Cpu{}, n, [](auto x, auto y) { return x * y + 1; }, c.data(), a.data(), b.data());
    bool right = c[count] == T{77};
    for (std::size_t i = 0; i < count; ++i) right = right && c[i] == a[i] * b[i] + 1;
    CHECK(right);
    const T last = a[count];
    map(
        Cpu{}, n, [](auto x, auto y) { return x * y + 1; }, a.data(), a.data(), b.data());
    right = a[count] == last;
    for (std::size_t i = 0; i < count; ++i) right = right && a[i] == c[i];
    CHECK(right);
  }
}
