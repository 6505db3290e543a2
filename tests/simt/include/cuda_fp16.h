// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// IEEE half precision.

#include "simt/half.hpp"

struct __half_raw {
  unsigned short x;
};

struct alignas(2) __half {
  unsigned short bits;

  __half() = default;
  constexpr __half(__half_raw raw) : bits(raw.x) {}
  constexpr __half(float f) : bits(rounded(f)) {}
  constexpr operator float() const {
    const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 31u, mantissa = bits & 1023u;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | mantissa << 13);
    if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
    const float value = static_cast<float>(mantissa) * 0x1p-24f;
    return sign != 0 ? -value : value;
  }

 private:
  /// To the nearest, ties to even; NaN becomes 0x7fff.
  static constexpr unsigned short rounded(float f) {
    const auto u = std::bit_cast<std::uint32_t>(f);
    const std::uint32_t sign = u >> 16 & 0x8000u, a = u & 0x7fffffffu;
    std::uint32_t magnitude = 0;
    if (a > 0x7f800000u) return 0x7fff;
    if (a >= 0x477ff000u) {
      magnitude = 0x7c00;  // rounds to infinity
    } else if (a >= 0x38800000u) {
      magnitude = (a - 0x38000000u + 0xfffu + (a >> 13 & 1u)) >> 13;
    } else if (a >= 0x33000000u) {  // subnormal
      const std::uint32_t mantissa = (a & 0x7fffffu) | 0x800000u, shift = 126 - (a >> 23);
      const std::uint32_t half = 1u << (shift - 1), rest = mantissa & ((1u << shift) - 1);
      magnitude = mantissa >> shift;
      if (rest > half || (rest == half && (magnitude & 1u) != 0)) ++magnitude;
    }
    return static_cast<unsigned short>(sign | magnitude);
  }
};
struct alignas(4) __half2 {
  __half x, y;
};
using half = __half;
using half2 = __half2;

inline float __half2float(__half a) { return a; }
inline __half __float2half(float a) { return a; }
inline __half __float2half_rn(float a) { return a; }
inline __half __double2half(double a) { return simt::detail::round_to_odd(a); }
inline __half2 __floats2half2_rn(float a, float b) { return {a, b}; }
inline __half2 __float2half2_rn(float a) { return {a, a}; }
inline __half2 __float22half2_rn(float2 a) { return {a.x, a.y}; }
inline float2 __half22float2(__half2 a) { return {a.x, a.y}; }
inline __half2 __halves2half2(__half a, __half b) { return {a, b}; }
inline __half2 __half2half2(__half a) { return {a, a}; }
inline __half __low2half(__half2 a) { return a.x; }
inline __half __high2half(__half2 a) { return a.y; }
inline unsigned short __half_as_ushort(__half a) { return a.bits; }
inline __half __ushort_as_half(unsigned short a) { return __half_raw{a}; }
SIMT_HALF_ARITHMETIC(__half, __half2, __half2float, __float2half)
