// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <concepts>

#include "regimen/core/config.hpp"

/// Elementary functions of one float or double, the C library's or CUDA's. cpu/math.hpp has those of vectors under the
/// same names, so that one function object serves both.
namespace regimen::kernel::math {

template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T max(T a, T b) {
  return a > b ? a : b;
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T min(T a, T b) {
  return a < b ? a : b;
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T abs(T x) {
  return x < T{} ? -x : x + T{};  // + 0 turns -0 into 0
}

/// f on each lane: there is one.
template <std::floating_point T, class F>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T each(T x, F f) {
  return f(x);
}

template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T exp(T x) {
  return std::exp(x);
}

/// 1 / (1 + exp(-x)).
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T sigmoid(T x) {
  return T{1} / (T{1} + std::exp(-x));
}

template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T tanh(T x) {
  return std::tanh(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T log(T x) {
  return std::log(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T log1p(T x) {
  return std::log1p(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T expm1(T x) {
  return std::expm1(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T sqrt(T x) {
  return std::sqrt(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T sin(T x) {
  return std::sin(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T cos(T x) {
  return std::cos(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T erf(T x) {
  return std::erf(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T erfc(T x) {
  return std::erfc(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T floor(T x) {
  return std::floor(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T nearbyint(T x) {
  return std::nearbyint(x);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T pow(T x, T y) {
  return std::pow(x, y);
}
template <std::floating_point T>
REGIMEN_HD REGIMEN_ALWAYS_INLINE T atan2(T y, T x) {
  return std::atan2(y, x);
}

}  // namespace regimen::kernel::math
