// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "regimen/cpu/vector.hpp"

/// Elementary functions of Vector<float> and Vector<double>. In float exp, tanh and sigmoid are polynomials, within 3
/// units in the last place over the whole range and right for infinities, NaN and subnormal results; all else is the C
/// library's, lane by lane.
namespace regimen::kernel::math {

template <class V>
using Lane = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;

/// f on each lane.
template <class V, class F>
REGIMEN_ALWAYS_INLINE V each(V x, F f) {
  constexpr int count = sizeof(V) / sizeof(Lane<V>);
  Lane<V> value[count];
  store(value, x);
  for (int i = 0; i < count; ++i) value[i] = f(value[i]);
  return load<V>(value);
}

template <class V>
REGIMEN_ALWAYS_INLINE V max(V a, V b) {
  return a > b ? a : b;
}
template <class V>
REGIMEN_ALWAYS_INLINE V min(V a, V b) {
  return a < b ? a : b;
}
template <class V>
REGIMEN_ALWAYS_INLINE V abs(V x) {
  return x < V{} ? -x : x + V{};  // + 0 turns -0 into 0
}

/// exp x = 2^n exp r with n = round(x / ln 2), so that |r| <= ln 2 / 2; exp r by a polynomial of degree 7. 2^n is applied
/// in two factors, so that the result may be subnormal or infinite.
REGIMEN_ALWAYS_INLINE Vector<float> exp(Vector<float> x) {
  using V = Vector<float>;
  using I = Vector<std::int32_t>;
  const V low = broadcast(-110.0f), high = broadcast(90.0f);
  const V bounded = x < low ? low : (x > high ? high : x);
  constexpr float to_integer = 12582912.0f;  // 1.5 * 2^23: adding it rounds to the nearest integer
  const V shifted = bounded * 1.44269504088896341f + to_integer, n = shifted - to_integer;
  const V r = (bounded - n * 0.693359375f) + n * 2.12194440e-4f;
  V p = broadcast(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = (p * r) * r + r + 1.0f;
  const V safe = n == n ? n : V{};
  const I power = __builtin_convertvector(safe, I), half = power >> 1;
  const auto two_to = [](I e) { return reinterpret_cast<V>((e + 127) << 23); };
  return p * two_to(half) * two_to(power - half);
}

/// 1 / (1 + exp(-x)).
REGIMEN_ALWAYS_INLINE Vector<float> sigmoid(Vector<float> x) { return 1.0f / (1.0f + exp(-x)); }

/// tanh x = x (1 + x^2 P(x^2)) for |x| < 0.625 (coefficients: S. Moshier, Cephes library, tanhf), else
/// sign(x) (1 - 2 / (exp(2 |x|) + 1)).
REGIMEN_ALWAYS_INLINE Vector<float> tanh(Vector<float> x) {
  using V = Vector<float>;
  const V size = x < V{} ? -x : x, square = x * x;
  V p = broadcast(-5.70498872745e-3f);
  p = p * square + 2.06390887954e-2f;
  p = p * square - 5.37397155531e-2f;
  p = p * square + 1.33314422036e-1f;
  p = p * square - 3.33332819422e-1f;
  const V small = x * (1.0f + square * p), far = 1.0f - 2.0f / (exp(2.0f * size) + 1.0f);
  return size < broadcast(0.625f) ? small : (x < V{} ? -far : far);
}

REGIMEN_ALWAYS_INLINE Vector<double> exp(Vector<double> x) {
  return each(x, [](double v) { return std::exp(v); });
}
REGIMEN_ALWAYS_INLINE Vector<double> tanh(Vector<double> x) {
  return each(x, [](double v) { return std::tanh(v); });
}
REGIMEN_ALWAYS_INLINE Vector<double> sigmoid(Vector<double> x) {
  return each(x, [](double v) { return 1.0 / (1.0 + std::exp(-v)); });
}

template <class V>
V log(V x) {
  return each(x, [](auto v) { return std::log(v); });
}
template <class V>
V log1p(V x) {
  return each(x, [](auto v) { return std::log1p(v); });
}
template <class V>
V sqrt(V x) {
  return each(x, [](auto v) { return std::sqrt(v); });
}
template <class V>
V sin(V x) {
  return each(x, [](auto v) { return std::sin(v); });
}
template <class V>
V cos(V x) {
  return each(x, [](auto v) { return std::cos(v); });
}
template <class V>
V erf(V x) {
  return each(x, [](auto v) { return std::erf(v); });
}

}  // namespace regimen::kernel::math
