// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/sophia.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "regimen/core/rng.hpp"

using namespace regimen;

TEST_CASE_TEMPLATE("both passes are the formulas, at sizes with tails", T, float, double) {
  Rng rng(8);
  for (const std::size_t n : {0u, 1u, 7u, 16u, 37u}) {
    std::vector<T> g(n), h(n), m(n), p(n);
    for (auto* x : {&g, &m, &p})
      for (T& value : *x) value = static_cast<T>(rng.normal());
    for (T& value : h) value = static_cast<T>(rng.uniform());
    auto curvature = h, first = m, value = p;
    const auto size = static_cast<std::int64_t>(n);
    kernel::sophia_curvature<T>(Cpu{}, size, T(0.75), T(8), g.data(), curvature.data());
    for (std::size_t i = 0; i < n; ++i) CHECK(curvature[i] == doctest::Approx(0.75 * h[i] + 0.25 * 8 * g[i] * g[i]));
    kernel::sophia<T>(Cpu{}, size, {T(0.5), T(0.9), T(0.4), T(0.1), T(0.25)}, g.data(), h.data(), first.data(),
                      value.data());
    for (std::size_t i = 0; i < n; ++i) {
      const double d = 0.9 * static_cast<double>(m[i]) + 0.1 * static_cast<double>(g[i]);
      const double ratio = std::clamp(d / std::max(0.4 * static_cast<double>(h[i]), 0.1), -1.0, 1.0);
      CHECK(first[i] == doctest::Approx(d));
      CHECK(value[i] == doctest::Approx(static_cast<double>(p[i]) - 0.5 * (ratio + 0.25 * static_cast<double>(p[i]))));
    }
  }
}
