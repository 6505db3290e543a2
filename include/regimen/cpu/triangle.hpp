// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen::kernel {

/// out[b, i, j] = in[b, i, j] where j - i <= offset (j - i >= offset where `upper`), else 0, for in and out
/// [batch, rows, columns]. out may be in; otherwise they do not overlap.
template <class T>
void triangle(Cpu, std::int64_t batch, std::int64_t rows, std::int64_t columns, std::int64_t offset, bool upper,
              const T* in, T* out) {
  if (columns == 0) return;
  const std::int64_t shift = std::clamp(offset, -rows, columns) + (upper ? 0 : 1);
  parallel_for(batch * rows, std::max<std::int64_t>(1, elementwise_grain / columns),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t row = begin; row < end; ++row) {
                   const std::int64_t cut = std::clamp<std::int64_t>(row % rows + shift, 0, columns);
                   const std::int64_t first = upper ? cut : 0, last = upper ? columns : cut;
                   const T* from = in + row * columns;
                   T* to = out + row * columns;
                   std::fill(to, to + first, T{0});
                   if (to != from) std::copy(from + first, from + last, to + first);
                   std::fill(to + last, to + columns, T{0});
                 }
               });
}

}  // namespace regimen::kernel
