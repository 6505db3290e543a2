// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/conv.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen::kernel {

/// y[i, c, a, b, p, q] = x[i, c, row(p, a), column(q, b)]: element (a, b) of the window at each position (p, q), 0
/// outside x, for x[batch, channels, height, width] and y[batch, channels, window, out_height, out_width].
template <class T>
void unfold(Cpu, const Conv2d& s, const T* x, T* y) {
  const std::int64_t plane = s.height * s.width, columns = s.taps() * s.area();
  parallel_for(s.batch * s.channels, std::max<std::int64_t>(1, elementwise_grain / (columns + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t i = begin; i < end; ++i)
                   conv_detail::unfold(s, 1, 0, s.out_height(), x + i * plane, y + i * columns);
               });
}

/// x = the sums of what unfold would take from each place; its adjoint.
template <class T>
void fold(Cpu, const Conv2d& s, const T* y, T* x) {
  const std::int64_t plane = s.height * s.width, columns = s.taps() * s.area();
  parallel_for(s.batch * s.channels, std::max<std::int64_t>(1, elementwise_grain / (columns + plane + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 std::fill(x + begin * plane, x + end * plane, T{0});
                 for (std::int64_t i = begin; i < end; ++i)
                   conv_detail::fold_add(s, 1, 0, s.out_height(), y + i * columns, x + i * plane);
               });
}

}  // namespace regimen::kernel
