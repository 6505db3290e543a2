// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// What cuda_bf16.h and cuda_fp16.h have in common: arithmetic in float, rounded once to the nearest, ties to even.

#include <bit>
#include <cmath>
#include <cstdint>

#include "simt/types.hpp"

namespace simt::detail {

/// d in float, cut off and with a last bit that tells whether something was lost: what is then rounded to fewer bits
/// has been rounded once.
inline float round_to_odd(double d) {
  float f = static_cast<float>(d);
  if (std::fabs(static_cast<double>(f)) > std::fabs(d)) f = std::nextafter(f, 0.0f);
  if (static_cast<double>(f) != d) f = std::bit_cast<float>(std::bit_cast<std::uint32_t>(f) | 1u);
  return f;
}

}  // namespace simt::detail

// For a type H of 16 bits with its pair H2, to_float(H) and from_float(float).
#define SIMT_HALF_ARITHMETIC(H, H2, to_float, from_float)                                                              \
  inline H operator+(H a, H b) { return from_float(to_float(a) + to_float(b)); }                                       \
  inline H operator-(H a, H b) { return from_float(to_float(a) - to_float(b)); }                                       \
  inline H operator*(H a, H b) { return from_float(to_float(a) * to_float(b)); }                                       \
  inline H operator/(H a, H b) { return from_float(to_float(a) / to_float(b)); }                                       \
  inline H operator-(H a) { return from_float(-to_float(a)); }                                                         \
  inline H& operator+=(H& a, H b) { return a = a + b; }                                                                \
  inline H& operator-=(H& a, H b) { return a = a - b; }                                                                \
  inline H& operator*=(H& a, H b) { return a = a * b; }                                                                \
  inline H& operator/=(H& a, H b) { return a = a / b; }                                                                \
  inline bool operator==(H a, H b) { return to_float(a) == to_float(b); }                                              \
  inline bool operator!=(H a, H b) { return to_float(a) != to_float(b); }                                              \
  inline bool operator<(H a, H b) { return to_float(a) < to_float(b); }                                                \
  inline bool operator>(H a, H b) { return to_float(a) > to_float(b); }                                                \
  inline bool operator<=(H a, H b) { return to_float(a) <= to_float(b); }                                              \
  inline bool operator>=(H a, H b) { return to_float(a) >= to_float(b); }                                              \
  inline H __hadd(H a, H b) { return a + b; }                                                                          \
  inline H __hsub(H a, H b) { return a - b; }                                                                          \
  inline H __hmul(H a, H b) { return a * b; }                                                                          \
  inline H __hdiv(H a, H b) { return a / b; }                                                                          \
  inline H __hneg(H a) { return -a; }                                                                                  \
  inline H __habs(H a) { return from_float(std::fabs(to_float(a))); }                                                  \
  inline H __hmax(H a, H b) { return from_float(std::fmax(to_float(a), to_float(b))); }                                \
  inline H __hmin(H a, H b) { return from_float(std::fmin(to_float(a), to_float(b))); }                                \
  inline bool __hisnan(H a) { return std::isnan(to_float(a)); }                                                        \
  inline H __hfma(H a, H b, H c) {                                                                                     \
    return from_float(simt::detail::round_to_odd(static_cast<double>(to_float(a)) * static_cast<double>(to_float(b)) + \
                                                 static_cast<double>(to_float(c))));                                   \
  }                                                                                                                    \
  inline H2 operator+(H2 a, H2 b) { return {a.x + b.x, a.y + b.y}; }                                                   \
  inline H2 operator-(H2 a, H2 b) { return {a.x - b.x, a.y - b.y}; }                                                   \
  inline H2 operator*(H2 a, H2 b) { return {a.x * b.x, a.y * b.y}; }                                                   \
  inline H2 __hadd2(H2 a, H2 b) { return a + b; }                                                                      \
  inline H2 __hsub2(H2 a, H2 b) { return a - b; }                                                                      \
  inline H2 __hmul2(H2 a, H2 b) { return a * b; }                                                                      \
  inline H2 __hfma2(H2 a, H2 b, H2 c) { return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)}; }                       \
  inline float __low2float(H2 a) { return to_float(a.x); }                                                             \
  inline float __high2float(H2 a) { return to_float(a.y); }
