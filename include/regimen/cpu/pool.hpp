// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"
#include "regimen/cpu/window.hpp"

namespace regimen::kernel {

/// The sizes of a pooling: x[planes, height, width] and y[planes, out_height, out_width].
struct Pool2d {
  std::int64_t planes = 1, height = 1, width = 1;
  Window2d window = {};

  std::int64_t out_height() const { return window.vertical.positions(height); }
  std::int64_t out_width() const { return window.horizontal.positions(width); }
};

namespace pool_detail {

/// The columns of a pooling, found once: for each tap the output columns where it is inside, and for each output column
/// the number of taps that are.
struct Columns {
  Scratch<Window::Range> inside;
  Scratch<std::int64_t> count;

  explicit Columns(const Pool2d& s) : inside(s.window.horizontal.size), count(s.out_width()) {
    const Window& h = s.window.horizontal;
    const std::int64_t width = s.out_width();
    std::fill(count.data(), count.data() + width, std::int64_t{0});
    for (std::int64_t b = 0; b < h.size; ++b) {
      inside.data()[b] = h.inside(s.width, b, width);
      for (std::int64_t q = inside.data()[b].begin; q < inside.data()[b].end; ++q) ++count.data()[q];
    }
  }
};

/// Calls f(plane) for all planes on threads.
template <class F>
void for_each_plane(const Pool2d& s, const F& f) {
  const std::int64_t taps = s.window.vertical.size * s.window.horizontal.size;
  const std::int64_t work = std::max(s.out_height() * s.out_width() * taps, s.height * s.width) + 1;
  parallel_for(s.planes, std::max<std::int64_t>(1, elementwise_grain / 2 / work),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t plane = begin; plane < end; ++plane) f(plane);
               });
}

/// Calls f(q, element) for each output column q that tap b of a window in the input row that begins at `start` meets,
/// where element is the meeting's position in the plane; taps in the order of b, so that each q meets them in order.
template <class F>
REGIMEN_ALWAYS_INLINE void for_each_meeting(const Pool2d& s, const Columns& columns, std::int64_t start, const F& f) {
  const Window& h = s.window.horizontal;
  for (std::int64_t b = 0; b < h.size; ++b) {
    const Window::Range inside = columns.inside.data()[b];
    std::int64_t element = start + h.element(inside.begin, b);
    for (std::int64_t q = inside.begin; q < inside.end; ++q, element += h.stride) f(q, element);
  }
}

/// Calls f(first element of an input row) for the rows that the windows of output row p meet, and returns their number.
template <class F>
REGIMEN_ALWAYS_INLINE std::int64_t for_each_row(const Pool2d& s, std::int64_t p, const F& f) {
  const Window::Range rows = s.window.vertical.taps(s.height, p);
  for (std::int64_t a = rows.begin; a < rows.end; ++a) f(s.window.vertical.element(p, a) * s.width);
  return rows.end - rows.begin;
}

}  // namespace pool_detail

/// y[i, p, q] = largest x[i, row(p, a), column(q, b)] over the window's elements inside x, and its position
/// row * width + column in the plane, the first where several are equal; the first NaN where there is one.
///
/// A window without an element inside x gives -infinity and position -1.
template <class T>
void max_pool2d(Cpu, const Pool2d& s, const T* x, T* y, std::int64_t* position) {
  // Without branches, as which element is the largest is anybody's guess: the elements of a tap are collected for a row
  // of windows, and the larger ones selected by vectors, with the numbers of their taps.
  using V = Vector<T>;
  using Tap = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using Taps = Vector<Tap>;
  constexpr std::int64_t L = lanes<T>;
  const Window &v = s.window.vertical, &h = s.window.horizontal;
  const std::int64_t plane = s.height * s.width, height = s.out_height(), width = s.out_width();
  const std::int64_t padded = (width + L - 1) / L * L;
  const pool_detail::Columns columns(s);
  const Scratch<std::int64_t> offset(v.size * h.size);  // of a tap from tap 0, in the plane
  for (std::int64_t a = 0; a < v.size; ++a)
    for (std::int64_t b = 0; b < h.size; ++b) offset.data()[a * h.size + b] = a * v.dilation * s.width + b * h.dilation;
  pool_detail::for_each_plane(s, [&](std::int64_t i) {
    const T* const from = x + i * plane;
    const Scratch<T> buffer(2 * padded);
    const Scratch<Tap> numbers(padded);
    T *const best = buffer.data(), *const value = best + padded;
    Tap* const tap = numbers.data();
    std::fill(value, value + padded, reduction::lowest<T>);
    for (std::int64_t p = 0; p < height; ++p) {
      const Window::Range rows = v.taps(s.height, p);
      for (std::int64_t q = 0; q < padded; q += L) {
        store(best + q, broadcast(reduction::lowest<T>));
        store(tap + q, Taps{} - 1);
      }
      for (std::int64_t b = h.size; b-- > 0 && rows.begin < rows.end;)  // an element of -infinity may be the first
        for (std::int64_t q = columns.inside.data()[b].begin; q < columns.inside.data()[b].end; ++q)
          tap[q] = static_cast<Tap>(rows.begin * h.size + b);
      for (std::int64_t a = rows.begin; a < rows.end; ++a)
        for (std::int64_t b = 0; b < h.size; ++b) {
          const Window::Range inside = columns.inside.data()[b];
          const T* element = from + v.element(p, a) * s.width + h.element(inside.begin, b);
          std::fill(value, value + inside.begin, reduction::lowest<T>);
          for (std::int64_t q = inside.begin; q < inside.end; ++q, element += h.stride) value[q] = *element;
          std::fill(value + inside.end, value + width, reduction::lowest<T>);
          const Taps number = Taps{} + static_cast<Tap>(a * h.size + b);
          for (std::int64_t q = 0; q < padded; q += L) {
            const V next = load<V>(value + q), old = load<V>(best + q);
            const auto is_better = (next > old) | ((next != next) & (old == old));
            store<V>(best + q, is_better ? next : old);
            store<Taps>(tap + q, is_better ? number : load<Taps>(tap + q));
          }
        }
      const std::int64_t out = (i * height + p) * width, row = v.element(p, 0) * s.width;
      for (std::int64_t q = 0; q < width; ++q) {
        y[out + q] = best[q];
        position[out + q] = tap[q] < 0 ? -1 : row + h.element(q, 0) + offset.data()[tap[q]];
      }
    }
  });
}

/// dx of max_pool2d for the gradient g of y: each g is added where its maximum was.
template <class T>
void max_pool2d_backward(Cpu, const Pool2d& s, const std::int64_t* position, const T* g, T* dx) {
  const std::int64_t plane = s.height * s.width, area = s.out_height() * s.out_width();
  pool_detail::for_each_plane(s, [&](std::int64_t i) {
    T* to = dx + i * plane;
    std::fill(to, to + plane, T{0});
    for (std::int64_t at = i * area; at < (i + 1) * area; ++at)
      if (position[at] >= 0) to[position[at]] += g[at];
  });
}

/// y[i, p, q] = sum of the window's elements inside x / number of them, or of all taps where count_padding is set
/// (PyTorch's count_include_pad). A window without an element inside x gives 0.
template <class T>
void avg_pool2d(Cpu, const Pool2d& s, bool count_padding, const T* x, T* y) {
  const std::int64_t plane = s.height * s.width, height = s.out_height(), width = s.out_width();
  const std::int64_t all = s.window.vertical.size * s.window.horizontal.size;
  const pool_detail::Columns columns(s);
  pool_detail::for_each_plane(s, [&](std::int64_t i) {
    const T* from = x + i * plane;
    T* to = y + i * height * width;
    for (std::int64_t p = 0; p < height; ++p, to += width) {
      std::fill(to, to + width, T{0});
      const std::int64_t rows = pool_detail::for_each_row(s, p, [&](std::int64_t row) {
        pool_detail::for_each_meeting(s, columns, row,
                                      [&](std::int64_t q, std::int64_t element) { to[q] += from[element]; });
      });
      for (std::int64_t q = 0; q < width; ++q)
        to[q] /= static_cast<T>(count_padding ? all : std::max<std::int64_t>(1, rows * columns.count.data()[q]));
    }
  });
}

/// dx of avg_pool2d for the gradient g of y: each g, divided by its window's count, is added to the window's elements.
template <class T>
void avg_pool2d_backward(Cpu, const Pool2d& s, bool count_padding, const T* g, T* dx) {
  const std::int64_t plane = s.height * s.width, height = s.out_height(), width = s.out_width();
  const std::int64_t all = s.window.vertical.size * s.window.horizontal.size;
  const pool_detail::Columns columns(s);
  pool_detail::for_each_plane(s, [&](std::int64_t i) {
    T* to = dx + i * plane;
    const T* up = g + i * height * width;
    std::fill(to, to + plane, T{0});
    const Scratch<T> shares(width);
    T* const share = shares.data();
    for (std::int64_t p = 0; p < height; ++p, up += width) {
      const std::int64_t rows = pool_detail::for_each_row(s, p, [](std::int64_t) {});
      for (std::int64_t q = 0; q < width; ++q)
        share[q] =
            up[q] / static_cast<T>(count_padding ? all : std::max<std::int64_t>(1, rows * columns.count.data()[q]));
      pool_detail::for_each_row(s, p, [&](std::int64_t row) {
        pool_detail::for_each_meeting(s, columns, row,
                                      [&](std::int64_t q, std::int64_t element) { to[element] += share[q]; });
      });
    }
  });
}

}  // namespace regimen::kernel
