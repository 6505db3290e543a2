// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"
#include "regimen/cpu/window.hpp"

namespace regimen::kernel {

/// The sizes of a depthwise convolution, in which each filter sees one channel: x[batch, channels, height, width],
/// w[channels, multiplier, window] and y[batch, channels, multiplier, out_height, out_width].
struct Depthwise2d {
  std::int64_t batch = 1, channels = 1, height = 1, width = 1, multiplier = 1;
  Window2d window = {};

  std::int64_t out_height() const { return window.vertical.positions(height); }
  std::int64_t out_width() const { return window.horizontal.positions(width); }
  std::int64_t area() const { return out_height() * out_width(); }
  std::int64_t taps() const { return window.vertical.size * window.horizontal.size; }
};

namespace depthwise_detail {

template <class T>
std::int64_t whole_vectors(std::int64_t n) {
  return (n + lanes<T> - 1) / lanes<T> * lanes<T>;
}

/// All ones in the first `count` lanes, 0 in the others; `mask & bits` or `mask ? a : b` select.
template <class T>
auto first_lanes(std::int64_t count) {
  using Lane = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  Lane number[lanes<T>];
  for (int i = 0; i < lanes<T>; ++i) number[i] = static_cast<Lane>(i);
  return load<Vector<Lane>>(number) < Vector<Lane>{} + static_cast<Lane>(count);
}

/// A plane of x with the padding of its rows. Column j of a padded row is element j / stride of part j % stride, so
/// that what a tap meets along an output row lies one after the other, at any stride: from column[b] on.
template <class T>
struct Plane {
  const Window window;
  const std::int64_t height, width, length;  // length of a part
  const Scratch<T> values;
  const Scratch<std::int64_t> columns;

  explicit Plane(const Depthwise2d& s)
      : window(s.window.horizontal),
        height(s.height),
        width(s.width),
        length(whole_vectors<T>(s.out_width()) + window.dilation * (window.size - 1) / window.stride),
        values(height * row_size()),
        columns(window.size) {
    for (std::int64_t b = 0; b < window.size; ++b) {
      const std::int64_t j = b * window.dilation;
      columns.data()[b] = j % window.stride * length + j / window.stride;
    }
    clear();
  }

  std::int64_t row_size() const { return length * window.stride; }
  T* row(std::int64_t i) const { return values.data() + i * row_size(); }
  void clear() const { std::fill(values.data(), values.data() + height * row_size(), T{0}); }

  /// Calls f(first element in the plane, first element here, count) for the parts of a row; elements of the plane are
  /// `stride` apart.
  template <class F>
  void for_each_part(std::int64_t i, const F& f) const {
    for (std::int64_t part = 0; part < window.stride; ++part) {
      const std::int64_t before = window.padding - part;  // padding that is in this part
      const std::int64_t first = before > 0 ? (before + window.stride - 1) / window.stride : 0;
      const std::int64_t column = first * window.stride - before;
      const std::int64_t inside = column < width ? (width - column + window.stride - 1) / window.stride : 0;
      const std::int64_t count = std::min(inside, length - first);
      if (count > 0) f(i * width + column, row(i) + part * length + first, count);
    }
  }

  void read(const T* plane) const {
    for (std::int64_t i = 0; i < height; ++i)
      for_each_part(i, [&](std::int64_t at, T* to, std::int64_t count) {
        const T* from = plane + at;
        if (window.stride == 1)
          std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T));
        else
          for (std::int64_t k = 0; k < count; ++k) to[k] = from[k * window.stride];
      });
  }
  /// Elements of the plane that no tap meets become 0.
  void write(T* plane) const {
    std::fill(plane, plane + height * width, T{0});
    for (std::int64_t i = 0; i < height; ++i)
      for_each_part(i, [&](std::int64_t at, const T* from, std::int64_t count) {
        T* to = plane + at;
        if (window.stride == 1)
          std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T));
        else
          for (std::int64_t k = 0; k < count; ++k) to[k * window.stride] = from[k];
      });
  }
};

/// The rows of an output plane, filled up with zeros to whole vectors.
template <class T>
struct OutputRows {
  const std::int64_t height, width, row_size;
  const Scratch<T> values;

  explicit OutputRows(const Depthwise2d& s)
      : height(s.out_height()), width(s.out_width()), row_size(whole_vectors<T>(width)), values(height * row_size) {
    std::fill(values.data(), values.data() + height * row_size, T{0});
  }
  void read(const T* plane) const {
    for (std::int64_t p = 0; p < height; ++p)
      std::memcpy(values.data() + p * row_size, plane + p * width, static_cast<std::size_t>(width) * sizeof(T));
  }
  const T* row(std::int64_t p) const { return values.data() + p * row_size; }
};

/// y[p, ...] of one filter. Taps is the number of taps of a row, or 0 where it is not known before.
template <int Taps, class T>
void filter_plane(const Depthwise2d& s, const Plane<T>& x, const T* w, T bias, T* y) {
  using V = Vector<T>;
  const Window& v = s.window.vertical;
  const std::int64_t taps = Taps > 0 ? Taps : s.window.horizontal.size, width = s.out_width(), height = s.out_height();
  const std::int64_t* const columns = x.columns.data();
  for (std::int64_t p = 0; p < height; ++p, y += width) {
    const Window::Range rows = v.taps(s.height, p);
    for (std::int64_t q = 0; q < width; q += lanes<T>) {
      V sum = broadcast(bias);
      for (std::int64_t a = rows.begin; a < rows.end; ++a) {
        const T *const from = x.row(v.element(p, a)) + q, *const weights = w + a * taps;
        for (std::int64_t b = 0; b < taps; ++b) sum += weights[b] * load<V>(from + columns[b]);
      }
      if (q + lanes<T> <= width)
        store<V>(y + q, sum);
      else
        store_part<T>(y + q, sum, width - q);
    }
  }
}

template <class T>
std::int64_t plane_grain(const Depthwise2d& s) {
  const std::int64_t work = s.multiplier * s.area() * s.taps() + s.height * s.width + 1;
  return std::max<std::int64_t>(1, elementwise_grain / work);
}

/// sums[k] += the products of g's rows with what taps [k, k + Taps) of row a of the window meet.
template <int Taps, class T>
void add_products(const Depthwise2d& s, const Plane<T>& x, const OutputRows<T>& g, std::int64_t a, std::int64_t first,
                  T* sums) {
  using V = Vector<T>;
  const Window& v = s.window.vertical;
  const Window::Range inside = v.inside(s.height, a, g.height);
  const std::int64_t whole = g.width / lanes<T> * lanes<T>;
  const auto rest = first_lanes<T>(g.width - whole);
  V sum[Taps];
  std::int64_t column[Taps];
  for (int k = 0; k < Taps; ++k) {
    sum[k] = load<V>(sums + k * lanes<T>);
    column[k] = x.columns.data()[first + k];
  }
  for (std::int64_t p = inside.begin; p < inside.end; ++p) {
    const T *const from = x.row(v.element(p, a)), *const up = g.row(p);
    for (std::int64_t q = 0; q < whole; q += lanes<T>) {
      const V gradient = load<V>(up + q);
      for (int k = 0; k < Taps; ++k) sum[k] += gradient * load<V>(from + column[k] + q);
    }
    if (whole == g.width) continue;
    const V gradient = load<V>(up + whole);
    for (int k = 0; k < Taps; ++k) {
      const V value = load<V>(from + column[k] + whole);
      sum[k] += gradient * (rest ? value : V{});
    }
  }
  for (int k = 0; k < Taps; ++k) store(sums + k * lanes<T>, sum[k]);
}

}  // namespace depthwise_detail

/// y[i, c, m, p, q] = bias[c, m] + sum_{a, b} w[c, m, a, b] x[i, c, row(p, a), column(q, b)]
///
/// where elements outside x are 0. bias may be null. By vectors along the rows of y, with the sums in registers.
template <class T>
void depthwise_conv2d(Cpu, const Depthwise2d& s, const T* x, const T* w, const T* bias, T* y) {
  const std::int64_t plane = s.height * s.width, area = s.area(), taps = s.taps();
  if (area == 0) return;
  parallel_for(s.batch * s.channels, depthwise_detail::plane_grain<T>(s), [&](std::int64_t begin, std::int64_t end) {
    const depthwise_detail::Plane<T> values(s);
    for (std::int64_t task = begin; task < end; ++task) {
      values.read(x + task * plane);
      for (std::int64_t m = 0; m < s.multiplier; ++m) {
        const std::int64_t filter = task % s.channels * s.multiplier + m;
        const T *const weights = w + filter * taps, shift = bias != nullptr ? bias[filter] : T{0};
        T* const to = y + (task * s.multiplier + m) * area;
        if (s.window.horizontal.size == 3)
          depthwise_detail::filter_plane<3>(s, values, weights, shift, to);
        else
          depthwise_detail::filter_plane<0>(s, values, weights, shift, to);
      }
    }
  });
}

/// dx of depthwise_conv2d for the gradient g of y: each g times each tap is added where the tap met x.
template <class T>
void depthwise_conv2d_backward_input(Cpu, const Depthwise2d& s, const T* w, const T* g, T* dx) {
  using V = Vector<T>;
  const Window &v = s.window.vertical, &h = s.window.horizontal;
  const std::int64_t plane = s.height * s.width, area = s.area(), taps = s.taps();
  const auto mirrored = [](const Window& window, std::int64_t outputs, std::int64_t inputs) {
    const Window back{window.size, 1, window.dilation * (window.size - 1) - window.padding, window.dilation};
    return window.stride == 1 && back.padding >= 0 && back.positions(outputs) == inputs;
  };
  if (area == 0) {
    std::fill(dx, dx + s.batch * s.channels * plane, T{0});
    return;
  }
  if (s.multiplier == 1 && mirrored(v, s.out_height(), s.height) && mirrored(h, s.out_width(), s.width)) {
    Depthwise2d back{s.batch, s.channels, s.out_height(), s.out_width(), 1, s.window};
    back.window.vertical.padding = v.dilation * (v.size - 1) - v.padding;
    back.window.horizontal.padding = h.dilation * (h.size - 1) - h.padding;
    const Scratch<T> reversed(s.channels * taps);
    for (std::int64_t c = 0; c < s.channels; ++c)
      std::reverse_copy(w + c * taps, w + (c + 1) * taps, reversed.data() + c * taps);
    return depthwise_conv2d(Cpu{}, back, g, static_cast<const T*>(reversed.data()), static_cast<const T*>(nullptr), dx);
  }
  parallel_for(s.batch * s.channels, depthwise_detail::plane_grain<T>(s), [&](std::int64_t begin, std::int64_t end) {
    const depthwise_detail::Plane<T> sums(s);
    const depthwise_detail::OutputRows<T> rows(s);
    const std::int64_t whole = rows.width / lanes<T> * lanes<T>;
    const auto rest = depthwise_detail::first_lanes<T>(rows.width - whole);
    for (std::int64_t task = begin; task < end; ++task) {
      sums.clear();
      for (std::int64_t m = 0; m < s.multiplier; ++m) {
        rows.read(g + (task * s.multiplier + m) * area);
        const T* const weights = w + (task % s.channels * s.multiplier + m) * taps;
        // Taps of one column follow each other: they add to memory at the same addresses, not between them.
        for (std::int64_t b = 0; b < h.size; ++b)
          for (std::int64_t p = 0; p < rows.height; ++p) {
            const Window::Range inside = v.taps(s.height, p);
            for (std::int64_t a = inside.begin; a < inside.end; ++a) {
              const T weight = weights[a * h.size + b];
              const T* const up = rows.row(p);
              T* const to = sums.row(v.element(p, a)) + sums.columns.data()[b];
              for (std::int64_t q = 0; q < whole; q += lanes<T>)
                store<V>(to + q, load<V>(to + q) + weight * load<V>(up + q));
              if (whole == rows.width) continue;
              const V old = load<V>(to + whole), sum = old + weight * load<V>(up + whole);
              store<V>(to + whole, rest ? sum : old);
            }
          }
      }
      sums.write(dx + task * plane);
    }
  });
}

/// dw of depthwise_conv2d for the gradient g of y: sums over the batch and y's plane, in an order that depends on the
/// sizes alone.
template <class T>
void depthwise_conv2d_backward_weight(Cpu, const Depthwise2d& s, const T* x, const T* g, T* dw) {
  const std::int64_t plane = s.height * s.width, area = s.area(), columns = s.window.horizontal.size, taps = s.taps();
  parallel_for(s.channels, 1, [&](std::int64_t begin, std::int64_t end) {
    const depthwise_detail::Plane<T> values(s);
    const depthwise_detail::OutputRows<T> rows(s);
    const std::int64_t count = s.multiplier * taps;
    const Scratch<T> sums(count * lanes<T>);
    for (std::int64_t c = begin; c < end; ++c) {
      std::fill(sums.data(), sums.data() + count * lanes<T>, T{0});
      for (std::int64_t i = 0; i < s.batch && area > 0; ++i) {
        values.read(x + (i * s.channels + c) * plane);
        for (std::int64_t m = 0; m < s.multiplier; ++m) {
          rows.read(g + ((i * s.channels + c) * s.multiplier + m) * area);
          for (std::int64_t a = 0; a < s.window.vertical.size; ++a) {
            T* const to = sums.data() + (m * taps + a * columns) * lanes<T>;
            std::int64_t b = 0;
            for (; b + 3 <= columns; b += 3)
              depthwise_detail::add_products<3>(s, values, rows, a, b, to + b * lanes<T>);
            for (; b < columns; ++b) depthwise_detail::add_products<1>(s, values, rows, a, b, to + b * lanes<T>);
          }
        }
      }
      for (std::int64_t k = 0; k < count; ++k)
        dw[c * count + k] = lane_sum<T>(load<Vector<T>>(sums.data() + k * lanes<T>));
    }
  });
}

}  // namespace regimen::kernel
