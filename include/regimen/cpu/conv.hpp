// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/depthwise.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"
#include "regimen/cpu/window.hpp"

namespace regimen::kernel {

/// The sizes of a convolution: x[batch, channels, height, width], w[filters, channels / groups, window], and
/// y[batch, filters, out_height, out_width]. groups divides channels and filters.
struct Conv2d {
  std::int64_t batch = 1, channels = 1, height = 1, width = 1, filters = 1, groups = 1;
  Window2d window = {};

  std::int64_t out_height() const { return window.vertical.positions(height); }
  std::int64_t out_width() const { return window.horizontal.positions(width); }
  std::int64_t area() const { return out_height() * out_width(); }
  std::int64_t taps() const { return window.vertical.size * window.horizontal.size; }
  std::int64_t group_channels() const { return channels / groups; }
  std::int64_t group_filters() const { return filters / groups; }
  /// Elements of a filter: the length of the sums.
  std::int64_t depth() const { return group_channels() * taps(); }
};

namespace conv_detail {

/// Whether each filter sees one channel of several, and few filters the same one: loops of its own are then faster than
/// products of matrices, which would be vectors.
inline bool is_depthwise(const Conv2d& s) { return s.groups > 1 && s.channels == s.groups && s.group_filters() <= 8; }

inline Depthwise2d depthwise(const Conv2d& s) {
  return {s.batch, s.channels, s.height, s.width, s.group_filters(), s.window};
}

inline constexpr std::int64_t slab_size = 1 << 18;  // elements of the unfolded input that exist at once
inline constexpr std::int64_t slab_columns = 64;    // but at least so many columns

/// Whether the unfolded input is the input.
inline bool is_plain(const Conv2d& s) {
  const auto plain = [](const Window& w) { return w.size == 1 && w.stride == 1 && w.padding == 0; };
  return plain(s.window.vertical) && plain(s.window.horizontal);
}

/// Rows of the output in a slab, for a product over `depth` rows of the unfolded input.
inline std::int64_t slab_rows(const Conv2d& s, std::int64_t depth) {
  const std::int64_t width = std::max<std::int64_t>(1, s.out_width());
  const std::int64_t columns = std::max(slab_columns, slab_size / std::max<std::int64_t>(1, depth));
  return std::min(std::max<std::int64_t>(1, s.out_height()), (columns + width - 1) / width);
}

/// Calls f(input row or null, output row of the unfolded input, range of its columns that are inside, first input
/// column) for every row of every tap of `channels` planes and output rows [top, top + rows).
///
/// Taps of one column follow each other: where rows are added up, a row that was written a few instructions ago is then
/// read at the same addresses, not between them, and the processor need not wait for the writes.
template <class T, class U, class F>
void for_each_row(const Conv2d& s, std::int64_t channels, std::int64_t top, std::int64_t rows, T* planes, U* unfolded,
                  const F& f) {
  const Window &v = s.window.vertical, &h = s.window.horizontal;
  const std::int64_t width = s.out_width();
  for (std::int64_t b = 0; b < h.size; ++b) {
    const Window::Range inside = h.inside(s.width, b, width);
    const std::int64_t column = h.element(inside.begin, b);
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t a = 0; a < v.size; ++a) {
        T* const plane = planes + c * s.height * s.width;
        U* part = unfolded + ((c * v.size + a) * h.size + b) * rows * width;
        for (std::int64_t i = 0; i < rows; ++i, part += width) {
          const std::int64_t row = v.element(top + i, a);
          f(row < 0 || row >= s.height ? nullptr : plane + row * s.width, part, inside, column);
        }
      }
  }
}

/// to = from, n elements; many rows are too short for a call of memcpy.
template <class T>
void copy_row(std::int64_t n, const T* from, T* to) {
  using Quad = gemm_detail::Quad<T>;
  constexpr std::int64_t quad = 16 / static_cast<std::int64_t>(sizeof(T));
  if (n > 4 * quad) {
    std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
    return;
  }
  std::int64_t j = 0;
  for (; j + quad <= n; j += quad, keep_scalar()) store(to + j, load<Quad>(from + j));
  for (; j < n; ++j, keep_scalar()) to[j] = from[j];
}

/// unfolded[channel, tap, output position] for output rows [top, top + rows).
template <class T>
void unfold(const Conv2d& s, std::int64_t channels, std::int64_t top, std::int64_t rows, const T* planes, T* unfolded) {
  const std::int64_t width = s.out_width(), stride = s.window.horizontal.stride;
  for_each_row(s, channels, top, rows, planes, unfolded,
               [=](const T* from, T* to, Window::Range inside, std::int64_t column) {
                 if (from == nullptr) {
                   std::fill(to, to + width, T{0});
                   return;
                 }
                 for (std::int64_t j = 0; j < inside.begin; ++j, keep_scalar()) to[j] = T{0};
                 for (std::int64_t j = inside.end; j < width; ++j, keep_scalar()) to[j] = T{0};
                 if (inside.begin >= inside.end) return;
                 from += column;
                 if (stride == 1)
                   copy_row(inside.end - inside.begin, from, to + inside.begin);
                 else
                   for (std::int64_t j = inside.begin; j < inside.end; ++j, from += stride, keep_scalar())
                     to[j] = *from;
               });
}

/// to += from, n elements; many rows are shorter than a vector.
template <class T>
void add_row(std::int64_t n, const T* from, T* to) {
  using V = Vector<T>;
  using Quad = gemm_detail::Quad<T>;
  constexpr std::int64_t quad = 16 / static_cast<std::int64_t>(sizeof(T));
  std::int64_t j = 0;
  for (; j + lanes<T> <= n; j += lanes<T>) store<V>(to + j, load<V>(to + j) + load<V>(from + j));
  for (; j + quad <= n; j += quad) store<Quad>(to + j, load<Quad>(to + j) + load<Quad>(from + j));
  for (; j < n; ++j, keep_scalar()) to[j] += from[j];
}

/// planes += what unfold took from each place.
template <class T>
void fold_add(const Conv2d& s, std::int64_t channels, std::int64_t top, std::int64_t rows, const T* unfolded,
              T* planes) {
  const std::int64_t stride = s.window.horizontal.stride;
  for_each_row(s, channels, top, rows, planes, unfolded,
               [=](T* to, const T* from, Window::Range inside, std::int64_t column) {
                 if (to == nullptr || inside.begin >= inside.end) return;
                 to += column;
                 if (stride == 1)
                   add_row(inside.end - inside.begin, from + inside.begin, to);
                 else
                   for (std::int64_t j = inside.begin; j < inside.end; ++j, to += stride, keep_scalar()) *to += from[j];
               });
}

}  // namespace conv_detail

/// y[i, f, p, q] = bias[f] + sum_{c, a, b} w[f, c, a, b] x[i, c of f's group, row(p, a), column(q, b)]
///
/// (cross-correlation, as in every deep-learning library), where elements outside x are 0. bias may be null. The input
/// is unfolded a slab of output rows at a time, of 1 MiB in float or 64 columns, and multiplied.
template <class T>
void conv2d(Cpu, const Conv2d& s, const T* x, const T* w, const T* bias, T* y) {
  if (conv_detail::is_depthwise(s)) return depthwise_conv2d(Cpu{}, conv_detail::depthwise(s), x, w, bias, y);
  const std::int64_t area = s.area(), plane = s.height * s.width, depth = s.depth(), filters = s.group_filters();
  const std::int64_t height = s.out_height(), width = s.out_width(), rows = conv_detail::slab_rows(s, depth);
  const std::int64_t slabs = (height + rows - 1) / rows;
  const bool plain = conv_detail::is_plain(s);
  if (area == 0 || filters == 0) return;
  parallel_for(s.batch * s.groups * slabs, 1, [&](std::int64_t begin, std::int64_t end) {
    const Scratch<T> unfolded(plain ? 0 : depth * rows * width);
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t top = task % slabs * rows, group = task / slabs % s.groups, image = task / slabs / s.groups;
      const std::int64_t count = std::min(rows, height - top), columns = count * width;
      const T* from = x + (image * s.channels + group * s.group_channels()) * plane;
      T* to = y + (image * s.filters + group * filters) * area + top * width;
      if (bias != nullptr)
        for (std::int64_t f = 0; f < filters; ++f)
          std::fill(to + f * area, to + f * area + columns, bias[group * filters + f]);
      if (!plain) conv_detail::unfold(s, s.group_channels(), top, count, from, unfolded.data());
      gemm(Cpu{}, false, false, filters, columns, depth, w + group * filters * depth, depth,
           plain ? from + top * width : unfolded.data(), plain ? plane : columns, to, area,
           {.accumulate = bias != nullptr});
    }
  });
}

/// dx[batch, channels, height, width] of conv2d for the gradient g of y.
template <class T>
void conv2d_backward_input(Cpu, const Conv2d& s, const T* w, const T* g, T* dx) {
  if (conv_detail::is_depthwise(s)) return depthwise_conv2d_backward_input(Cpu{}, conv_detail::depthwise(s), w, g, dx);
  const std::int64_t area = s.area(), plane = s.height * s.width, depth = s.depth(), filters = s.group_filters();
  const std::int64_t height = s.out_height(), width = s.out_width(), rows = conv_detail::slab_rows(s, depth);
  const bool plain = conv_detail::is_plain(s);
  parallel_for(s.batch * s.groups, 1, [&](std::int64_t begin, std::int64_t end) {
    const Scratch<T> unfolded(plain ? 0 : depth * rows * width);
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t group = task % s.groups, image = task / s.groups;
      const T *weight = w + group * filters * depth, *from = g + (image * s.filters + group * filters) * area;
      T* to = dx + (image * s.channels + group * s.group_channels()) * plane;
      if (plain) {
        gemm(Cpu{}, true, false, depth, area, filters, weight, depth, from, area, to, plane);
        continue;
      }
      std::fill(to, to + s.group_channels() * plane, T{0});
      for (std::int64_t top = 0; top < height; top += rows) {
        const std::int64_t count = std::min(rows, height - top), columns = count * width;
        gemm(Cpu{}, true, false, depth, columns, filters, weight, depth, from + top * width, area, unfolded.data(),
             columns);
        conv_detail::fold_add(s, s.group_channels(), top, count, unfolded.data(), to);
      }
    }
  });
}

/// dw[filters, channels / groups, window] of conv2d for the gradient g of y.
///
/// Work is cut by the filters' channels and, where those are few, into at most 8 parts of the batch that are summed in
/// order: cuts that depend on the sizes alone.
template <class T>
void conv2d_backward_weight(Cpu, const Conv2d& s, const T* x, const T* g, T* dw) {
  if (conv_detail::is_depthwise(s)) return depthwise_conv2d_backward_weight(Cpu{}, conv_detail::depthwise(s), x, g, dw);
  const std::int64_t area = s.area(), plane = s.height * s.width, depth = s.depth(), filters = s.group_filters();
  const std::int64_t height = s.out_height(), width = s.out_width(), taps = std::max<std::int64_t>(1, s.taps());
  const std::int64_t block = std::min(s.group_channels(), std::max<std::int64_t>(1, 128 / taps));
  const std::int64_t blocks = block == 0 ? 0 : (s.group_channels() + block - 1) / block;
  const std::int64_t parts = blocks * s.groups >= 8 ? 1 : std::min<std::int64_t>(std::max<std::int64_t>(1, s.batch), 8);
  const std::int64_t rows = conv_detail::slab_rows(s, block * taps), size = s.filters * depth;
  const bool plain = conv_detail::is_plain(s);
  const Scratch<T> partial(parts > 1 ? parts * size : 0);
  if (area == 0 || s.batch == 0) {
    std::fill(dw, dw + size, T{0});
    return;
  }
  parallel_for(parts * s.groups * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    const Scratch<T> unfolded(plain ? 0 : block * taps * rows * width);
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t first = task % blocks * block, group = task / blocks % s.groups,
                         part = task / blocks / s.groups;
      const std::int64_t channels = std::min(block, s.group_channels() - first);
      T* to = (parts > 1 ? partial.data() + part * size : dw) + group * filters * depth + first * taps;
      const std::int64_t start = s.batch * part / parts, stop = s.batch * (part + 1) / parts;
      for (std::int64_t image = start; image < stop; ++image) {
        const T* from = x + (image * s.channels + group * s.group_channels() + first) * plane;
        const T* up = g + (image * s.filters + group * filters) * area;
        for (std::int64_t top = 0; top < height; top += rows) {
          const std::int64_t count = std::min(rows, height - top), columns = count * width;
          if (!plain) conv_detail::unfold(s, channels, top, count, from, unfolded.data());
          gemm(Cpu{}, false, true, filters, channels * taps, columns, up + top * width, area,
               plain ? from + top * width : unfolded.data(), plain ? plane : columns, to, depth,
               {.accumulate = image > start || top > 0});
        }
      }
    }
  });
  if (parts > 1) sum(Cpu{}, 1, parts, size, static_cast<const T*>(partial.data()), dw);
}

/// dbias[filters] of conv2d for the gradient g of y: its sum over the other axes.
template <class T>
void conv2d_backward_bias(Cpu, const Conv2d& s, const T* g, T* dbias) {
  const Scratch<T> sums(s.batch * s.filters);
  sum(Cpu{}, s.batch * s.filters, s.area(), 1, g, sums.data());
  sum(Cpu{}, 1, s.batch, s.filters, static_cast<const T*>(sums.data()), dbias);
}

}  // namespace regimen::kernel
