// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <limits>

#include "regimen/core/config.hpp"

/// Reductions: term() maps inputs to a term, join() combines two terms, identity() changes nothing in a join, and
/// term(filler()...) is the identity. V is a T or a vector of T.
namespace regimen::kernel::reduction {

template <class T>
inline constexpr T lowest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                                 : std::numeric_limits<T>::lowest();
template <class T>
inline constexpr T highest = std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                                                  : std::numeric_limits<T>::max();

template <class T>
struct Sum {
  REGIMEN_HD static constexpr T identity() { return 0; }
  REGIMEN_HD static constexpr T filler() { return 0; }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V join(V a, V b) {
    return a + b;
  }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V term(V x) {
    return x;
  }
};

template <class T>
struct SumSquares : Sum<T> {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V term(V x) {
    return x * x;
  }
};

/// Sum of products of two inputs.
template <class T>
struct Dot : Sum<T> {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V term(V x, V y) {
    return x * y;
  }
};

/// NaN if any input is.
template <class T>
struct Max {
  REGIMEN_HD static constexpr T identity() { return lowest<T>; }
  REGIMEN_HD static constexpr T filler() { return lowest<T>; }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V join(V a, V b) {
    return b > a ? b : (b != b ? b : a);
  }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V term(V x) {
    return x;
  }
};

/// NaN if any input is.
template <class T>
struct Min {
  REGIMEN_HD static constexpr T identity() { return highest<T>; }
  REGIMEN_HD static constexpr T filler() { return highest<T>; }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V join(V a, V b) {
    return b < a ? b : (b != b ? b : a);
  }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE static V term(V x) {
    return x;
  }
};

}  // namespace regimen::kernel::reduction
