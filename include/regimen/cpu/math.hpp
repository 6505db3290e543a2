// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "regimen/core/config.hpp"
#include "regimen/core/math.hpp"
#include "regimen/cpu/vector.hpp"

/// Elementary functions of Vector<float> and Vector<double>. In float exp, sigmoid and tanh are approximations, within
/// 3 units in the last place (tanh: 6) over the whole range and right for infinities, NaN and subnormal results; all
/// else is the C library's, lane by lane. Functions of one number are in core/math.hpp.
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

template <class V, class F>
REGIMEN_ALWAYS_INLINE V each(V x, V y, F f) {
  constexpr int count = sizeof(V) / sizeof(Lane<V>);
  Lane<V> first[count], second[count];
  store(first, x);
  store(second, y);
  for (int i = 0; i < count; ++i) first[i] = f(first[i], second[i]);
  return load<V>(first);
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

/// exp x = 2^n exp r with n = round(x / ln 2), so that |r| <= ln 2 / 2; exp r by a polynomial of degree 7. 2^n is
/// applied in two factors, so that the result may be subnormal or infinite.
REGIMEN_ALWAYS_INLINE Vector<float> exp(Vector<float> x) {
  using V = Vector<float>;
  using I = Vector<std::int32_t>;
  constexpr float log2_e = 1.44269504088896341f, ln_2_high = 0.693359375f, ln_2_low = -2.12194440e-4f;
  constexpr float to_integer = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer, in the lowest bits
  const V low = broadcast(-110.0f), high = broadcast(90.0f);
  const V bounded = x < low ? low : (x > high ? high : x);
  const V shifted = bounded * log2_e + to_integer, n = shifted - to_integer;
  const V r = (bounded - n * ln_2_high) - n * ln_2_low;
  V p = broadcast(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = (p * r) * r + r + 1.0f;
  const I power = reinterpret_cast<I>(shifted) - reinterpret_cast<I>(broadcast(to_integer)), half = power >> 1;
  const auto two_to = [](I e) { return reinterpret_cast<V>((e + 127) << 23); };
  return p * two_to(half) * two_to(power - half);
}

/// 1 / (1 + exp(-x)).
REGIMEN_ALWAYS_INLINE Vector<float> sigmoid(Vector<float> x) { return 1.0f / (1.0f + exp(-x)); }

/// tanh |x| = |x| P(x^2) / Q(x^2), P and Q of degrees 5 and 4 fitted for the least relative error up to |x| = 9.1
/// (1.4e-9 before rounding), from where on the result is 1.
REGIMEN_ALWAYS_INLINE Vector<float> tanh(Vector<float> x) {
  using V = Vector<float>;
  using I = Vector<std::int32_t>;
  const I sign = reinterpret_cast<I>(x) & (I{} - 0x7fffffff - 1);
  const V size = reinterpret_cast<V>(reinterpret_cast<I>(x) ^ sign), end = broadcast(9.1f), one = broadcast(1.0f);
  const V bounded = size > end ? end : size, square = bounded * bounded;
  V p = broadcast(-1.20699660993e-11f);
  p = p * square + 3.0404970534e-8f;
  p = p * square + 2.79326284534e-5f;
  p = p * square + 3.864621734e-3f;
  p = p * square + 0.136769584551f;
  p = p * square + 1.0f;
  V q = broadcast(1.28213642338e-6f);
  q = q * square + 3.93209487575e-4f;
  q = q * square + 0.027232278495f;
  q = q * square + 0.470102904265f;
  q = q * square + 1.0f;
  const V y = bounded * p / q;
  return reinterpret_cast<V>(reinterpret_cast<I>(y > one ? one : y) | sign);
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
V expm1(V x) {
  return each(x, [](auto v) { return std::expm1(v); });
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
template <class V>
V erfc(V x) {
  return each(x, [](auto v) { return std::erfc(v); });
}
template <class V>
V pow(V x, V y) {
  return each(x, y, [](auto u, auto v) { return std::pow(u, v); });
}
template <class V>
V atan2(V y, V x) {
  return each(y, x, [](auto u, auto v) { return std::atan2(u, v); });
}

}  // namespace regimen::kernel::math
