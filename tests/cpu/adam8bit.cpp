// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/adam8bit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "regimen/core/rng.hpp"

using namespace regimen;

TEST_CASE("nearest is the nearest, as a search of all numbers finds it") {
  for (const bool with_sign : {true, false}) {
    const kernel::DynamicCode code(with_sign);
    const auto all = [&](float x) {
      int best = 0;
      for (int i = 1; i < 256; ++i)
        if (std::fabs(code.value[i] - x) < std::fabs(code.value[best] - x)) best = i;
      return best;
    };
    Rng rng(3);
    for (int i = 0; i < 3000; ++i) {
      const float x =
          static_cast<float>(std::pow(10.0, -8 * rng.uniform()) * (with_sign && rng.uniform() < 0.5 ? -1 : 1));
      CHECK(code.nearest(x) == all(x));
    }
    for (int i = 0; i < 256; ++i) CHECK(code.nearest(code.value[i]) == i);
    CHECK(code.nearest(2) == 255);
    CHECK(code.nearest(-2) == 0);
    CHECK(code.nearest(NAN) == 0);
  }
}

TEST_CASE_TEMPLATE("quantised and widened again, no element is off by more than half a cell", T, float, double) {
  const kernel::DynamicCode code(true);
  std::vector<T> x(1000), y(1000);
  std::vector<std::uint8_t> bytes(1000);
  Rng rng(4);
  for (T& value : x) value = static_cast<T>(std::pow(10.0, -6 * rng.uniform()) * (rng.uniform() < 0.5 ? -3 : 3));
  x[17] = T(-5);
  x[18] = 0;
  const T scale = kernel::quantise<T>(1000, code, x.data(), bytes.data());
  CHECK(scale == 5);
  kernel::dequantise<T>(1000, code, scale, bytes.data(), y.data());
  CHECK(y[18] == 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double size = std::fabs(static_cast<double>(x[i])) / 5;
    const int decade = size > 1e-6 ? static_cast<int>(std::floor(std::log10(size))) + 7 : 0;  // 2^(decade - 1) cells
    const double cell = 0.9 * std::pow(10.0, decade - 6) / std::pow(2.0, decade > 0 ? decade - 1 : 0);
    CHECK(std::fabs(static_cast<double>(y[i] - x[i])) / 5 <= cell / 2 * 1.2 + 1e-7);
  }
  std::vector<T> zeros(9);
  CHECK(kernel::quantise<T>(9, code, zeros.data(), bytes.data()) == 0);
  kernel::dequantise<T>(9, code, T(0), bytes.data(), y.data());
  for (int i = 0; i < 9; ++i) CHECK(y[static_cast<std::size_t>(i)] == 0);
}

TEST_CASE_TEMPLATE("blocks are widened, updated and rounded one by one, the last one short", T, float, double) {
  constexpr std::int64_t n = 50, block = 16;
  const kernel::DynamicCode with_sign(true), without_sign(false);
  const kernel::AdamStep<T> step{T(0.1), T(0.9), T(0.99), T(1e-3), T(0.1), T(10), T(100)};
  std::vector<T> g(n), p(n), q(n), first(n), second(n), m_scale(4), v_scale(4);
  std::vector<std::uint8_t> m(64), v(64), one(n), two(n);
  Rng rng(6);
  for (T& value : p) value = static_cast<T>(rng.normal());
  q = p;
  for (int t = 0; t < 3; ++t) {
    for (T& value : g) value = static_cast<T>(rng.normal());
    kernel::adam8bit<T>(Cpu{}, n, block, step, with_sign, without_sign, g.data(), m.data(), m_scale.data(), v.data(),
                        v_scale.data(), p.data());
    for (std::int64_t at = 0; at < n; at += block) {
      const std::int64_t count = n - at < block ? n - at : block;
      kernel::adamw<T>(Cpu{}, count, step, g.data() + at, first.data() + at, second.data() + at, q.data() + at);
      const T a = kernel::quantise<T>(count, with_sign, first.data() + at, one.data() + at);
      const T b = kernel::quantise<T>(count, without_sign, second.data() + at, two.data() + at);
      kernel::dequantise<T>(count, with_sign, a, one.data() + at, first.data() + at);
      kernel::dequantise<T>(count, without_sign, b, two.data() + at, second.data() + at);
      CHECK(m_scale[static_cast<std::size_t>(at / block)] == a);
      CHECK(v_scale[static_cast<std::size_t>(at / block)] == b);
    }
    CHECK(p == q);
    for (std::size_t i = 0; i < n; ++i) CHECK((m[i] == one[i] && v[i] == two[i]));
  }
}
