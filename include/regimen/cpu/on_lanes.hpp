// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <type_traits>

#include "regimen/core/config.hpp"

namespace regimen::kernel {

/// A function object or a reduction of vectors that calls `f`, which takes numbers, for each lane.
template <class F>
struct OnLanes {
  const F& f;

  template <class V, class... More>
  V operator()(V v, More... more) const {
    return each([this](auto... x) { return f(x...); }, v, more...);
  }
  template <class V>
  V join(V a, V b) const {
    return each([this](auto x, auto y) { return f.join(x, y); }, a, b);
  }
  template <class V, class... More>
  V term(V v, More... more) const {
    return each([this](auto... x) { return f.term(x...); }, v, more...);
  }
  auto identity() const { return f.identity(); }
  auto filler() const { return f.filler(); }

 private:
  template <class G, class V, class... More>
  static V each(const G& g, V v, More... more) {
    if constexpr (std::is_arithmetic_v<V>) {
      return g(v, more...);
    } else {
      for (int i = 0; i < static_cast<int>(sizeof(V) / sizeof(v[0])); ++i) v[i] = g(v[i], more[i]...);
      return v;
    }
  }
};

/// f as a kernel calls it with vectors, f being a lambda of the kernel's, a function object of functor:: or a
/// reduction.
///
/// That is f itself, except in a file that nvcc compiles: there a function for host and device may not touch a vector.
template <class F>
REGIMEN_ALWAYS_INLINE constexpr decltype(auto) on_lanes(const F& f) {
  constexpr bool for_device = std::is_aggregate_v<F> || requires { f.identity(); };  // which no lambda is or has
  if constexpr (REGIMEN_NVCC != 0 && for_device)
    return OnLanes<F>{f};
  else
    return (f);
}

}  // namespace regimen::kernel
