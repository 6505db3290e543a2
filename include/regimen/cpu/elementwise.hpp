// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/on_lanes.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

inline constexpr std::int64_t elementwise_grain = 1 << 15;  // elements worth a thread

/// map on one thread. Not inlined, so that each f is compiled once.
template <class T, class F, class... In>
[[gnu::noinline]] void map_range(std::int64_t n, const F& function, T* out, const In*... in) {
  using V = Vector<T>;
  const auto& f = on_lanes(function);
  std::int64_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>) store<V>(out + i, f(load<V>(in + i)...));
  if (i < n) store_part<T>(out + i, f(load_part(in + i, n - i)...), n - i);
}

/// out[i] = f(in[i]...) for i < n, by vectors: f takes and returns Vector<T>. Lanes beyond the end are zeros that f
/// sees and nobody reads. out may be one of the inputs; otherwise it overlaps none.
template <class T, class F, class... In>
void map(Cpu, std::int64_t n, const F& f, T* out, const In*... in) {
  if (n < 2 * elementwise_grain) return map_range(n, f, out, in...);
  const std::int64_t vectors = (n + lanes<T> - 1) / lanes<T>;
  parallel_for(vectors, elementwise_grain / lanes<T>, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * lanes<T>, last = end * lanes<T> < n ? end * lanes<T> : n;
    map_range(last - first, f, out + first, (in + first)...);
  });
}

}  // namespace regimen::kernel
