// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

namespace regimen::kernel {

/// A window that slides along an axis: its k-th element at position o is element o stride - padding + k dilation.
struct Window {
  std::int64_t size = 1, stride = 1, padding = 0, dilation = 1;

  /// Positions along an axis of n elements: floor((n + 2 padding - dilation (size - 1) - 1) / stride) + 1, or 0 where
  /// the window does not fit.
  std::int64_t positions(std::int64_t n) const {
    const std::int64_t span = n + 2 * padding - dilation * (size - 1) - 1;
    return span < 0 ? 0 : span / stride + 1;
  }
  std::int64_t element(std::int64_t position, std::int64_t k) const {
    return position * stride - padding + k * dilation;
  }

  struct Range {
    std::int64_t begin, end;
  };
  /// The positions of which element k is one of the n, among `count`.
  Range inside(std::int64_t n, std::int64_t k, std::int64_t count) const {
    const std::int64_t before = padding - k * dilation, room = n - 1 + before;
    const std::int64_t begin = before > 0 ? std::min(count, (before + stride - 1) / stride) : 0;
    return {begin, room < 0 ? begin : std::max(begin, std::min(count, room / stride + 1))};
  }
  /// The elements k of the window at a position that are among the n.
  Range taps(std::int64_t n, std::int64_t position) const {
    const std::int64_t first = element(position, 0), room = n - 1 - first;
    const std::int64_t begin = first < 0 ? std::min(size, (-first + dilation - 1) / dilation) : 0;
    return {begin, room < 0 ? begin : std::max(begin, std::min(size, room / dilation + 1))};
  }
};

/// Windows along height and width.
struct Window2d {
  Window vertical = {}, horizontal = {};
};

}  // namespace regimen::kernel
