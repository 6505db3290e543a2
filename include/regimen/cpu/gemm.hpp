// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "regimen/core/activation.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/activation.hpp"
#include "regimen/cpu/gemm_tile.hpp"
#include "regimen/cpu/gemm_vector.hpp"
#include "regimen/cpu/scratch.hpp"

namespace regimen::kernel {

/// What gemm does to the product before it is stored.
template <class T>
struct GemmOptions {
  T alpha = 1;              ///< factor of the product
  bool accumulate = false;  ///< adds what C held before
  const T* bias = nullptr;  ///< n values, added to each row of C
  Activation activation = Activation::none;
};

namespace gemm_detail {

// Blocks of the packed product: a panel of B (depth x tile_columns) stays in the first-level cache, a block of A
// (block_rows x depth) in the second, a block of B (depth x block_columns) in the third.
inline constexpr std::int64_t depth = 384;
template <class T>
inline constexpr std::int64_t depth_of = depth * 4 / static_cast<std::int64_t>(sizeof(T));
inline constexpr std::int64_t block_rows = 96 / tile_rows * tile_rows;
inline constexpr std::int64_t block_columns = 1024;
inline constexpr std::int64_t small_panel = 2048;     // elements of a panel on the stack
inline constexpr std::int64_t thread_work = 1 << 18;  // multiply-adds worth a thread

/// A stored matrix, transposed when it is read where `transposed` is set.
template <class T>
struct Operand {
  const T* data;
  std::int64_t stride;
  bool transposed;

  std::int64_t row() const { return transposed ? 1 : stride; }
  std::int64_t column() const { return transposed ? stride : 1; }
  Operand from(std::int64_t i, std::int64_t j) const { return {data + i * row() + j * column(), stride, transposed}; }
};

template <class T>
struct Problem {
  std::int64_t m, n, k;
  Operand<T> a, b;
  T* c;
  std::int64_t c_row;
  GemmOptions<T> options;
  bool pack_a, pack_b;
};

template <class T>
void activate_rows(const Problem<T>& g) {
  if (g.options.activation == Activation::none) return;
  if (g.c_row == g.n) return activate(g.options.activation, g.c, g.m * g.n);
  for (std::int64_t i = 0; i < g.m; ++i) activate(g.options.activation, g.c + i * g.c_row, g.n);
}

/// Panels of `width` columns of op(A)^T or op(B), rows [0, k), one after the other; the last is padded with zeros.
template <class T, int W>
void pack(const T* from, std::int64_t stride, bool along_rows, std::int64_t k, std::int64_t columns, T* to) {
  for (std::int64_t j = 0; j < columns; j += W, to += W * k) {
    const std::int64_t width = std::min<std::int64_t>(W, columns - j);
    if (along_rows)
      pack_rows<T, W>(from + j, stride, k, width, to);
    else
      pack_columns<T, W>(from + j * stride, stride, k, width, to);
  }
}

/// The product of a small problem on one thread: A in place, B in place or a panel at a time on the stack.
template <class T>
void small(const Problem<T>& g) {
  constexpr std::int64_t W = tile_columns<T>;
  const GemmOptions<T>& o = g.options;
  T panel[small_panel], bias[W] = {};
  Strip<T> strip{g.k, g.a.row(), g.a.column(), nullptr, 0, g.c_row, 0, bias, o.alpha, o.accumulate};
  for (std::int64_t j = 0; j < g.n; j += W) {
    strip.width = std::min(W, g.n - j);
    const bool is_thin = strip.width == W && (g.k == 1 || g.k == 2);
    if (is_thin || (strip.width == W && !g.b.transposed)) {
      strip.b = g.b.data + j * g.b.column();
      strip.b_row = g.b.row();
    } else {
      pack<T, W>(g.b.data + j * g.b.column(), g.b.stride, !g.b.transposed, g.k, strip.width, panel);
      strip.b = panel;
      strip.b_row = W;
    }
    if (o.bias != nullptr) {
      strip.bias = o.bias + j;
      if (strip.width < W) {
        std::memcpy(bias, strip.bias, static_cast<std::size_t>(strip.width) * sizeof(T));
        strip.bias = bias;
      }
    }
    T* c = g.c + j;
    if (is_thin && g.k == 1)
      thin<T, 1>(strip, g.b.column(), g.a.data, c, g.m);
    else if (is_thin)
      thin<T, 2>(strip, g.b.column(), g.a.data, c, g.m);
    else if (strip.width > W / 2)
      strip_rows<T, tile_rows, 2>(strip, g.a.data, tile_rows * strip.a_row, c, g.m);
    else
      strip_rows<T, tile_rows, 1>(strip, g.a.data, tile_rows * strip.a_row, c, g.m);
  }
  activate_rows(g);
}

/// The product by register tiles, on one thread. Operands are packed where the problem says so; a panel of B that is
/// narrower than a tile always is.
template <class T>
void tiled(const Problem<T>& g) {
  constexpr std::int64_t W = tile_columns<T>, R = tile_rows, half = W / 2;
  const std::int64_t parts = std::max<std::int64_t>(1, (g.k + depth_of<T> - 1) / depth_of<T>);
  const std::int64_t step = (g.k + parts - 1) / parts;
  const std::int64_t wide = std::min(g.n, block_columns), tall = std::min(g.m, block_rows);
  const Scratch<T> b_panels(g.pack_b ? (wide + W - 1) / W * W * step : g.n % W != 0 ? W * step : 0);
  const Scratch<T> a_panels(g.pack_a ? (tall + R - 1) / R * R * step : 0);
  const GemmOptions<T>& o = g.options;
  alignas(64) T zeros[W] = {}, last_bias[W];
  for (std::int64_t jc = 0; jc < g.n; jc += block_columns) {
    const std::int64_t nc = std::min(block_columns, g.n - jc), whole = g.pack_b ? 0 : nc / W * W;
    for (std::int64_t part = 0; part < parts; ++part) {
      const std::int64_t pc = part * step, kc = std::min(step, g.k - pc);
      const Operand<T> b = g.b.from(pc, jc);
      const bool last = part + 1 == parts;
      if (whole < nc) {
        const Operand<T> rest = b.from(0, whole);
        pack<T, W>(rest.data, rest.stride, !rest.transposed, kc, nc - whole, b_panels.data());
      }
      for (std::int64_t ic = 0; ic < g.m; ic += g.pack_a ? block_rows : g.m) {
        const std::int64_t mc = g.pack_a ? std::min(block_rows, g.m - ic) : g.m;
        const Operand<T> a = g.a.from(ic, pc);
        if (g.pack_a) pack<T, tile_rows>(a.data, a.stride, a.transposed, kc, mc, a_panels.data());
        Strip<T> strip{kc, a.row(), a.column(), nullptr, W, g.c_row, 0, zeros, o.alpha, o.accumulate || part != 0};
        for (std::int64_t j = 0; j < nc; j += W) {
          strip.width = std::min(W, nc - j);
          strip.b = j < whole ? b.data + j : b_panels.data() + (j - whole) * kc;
          strip.b_row = j < whole ? b.stride : W;
          if (last && o.bias != nullptr) {
            strip.bias = o.bias + jc + j;
            if (strip.width < W) {
              for (std::int64_t q = 0; q < W; ++q) last_bias[q] = q < strip.width ? strip.bias[q] : T{0};
              strip.bias = last_bias;
            }
          }
          T* c = g.c + ic * g.c_row + jc + j;
          const T* left = a.data;
          std::int64_t rows = mc;
          if (g.pack_a) {
            strip.a_row = 1;
            strip.a_column = R;
            left = a_panels.data();
            if (g.pack_b && strip.width > half) {
              tiles<T, tile_rows, 2, true>(strip, left, R * kc, c, mc / R);
              left += mc / R * R * kc;
              c += mc / R * R * g.c_row;
              rows = mc % R;
              if (rows == 0) continue;
            }
          }
          if (strip.width > half)
            strip_rows<T, tile_rows, 2>(strip, left, g.pack_a ? R * kc : R * strip.a_row, c, rows);
          else
            strip_rows<T, tile_rows, 1>(strip, left, g.pack_a ? R * kc : R * strip.a_row, c, rows);
        }
        if (last && o.activation != Activation::none) {
          T* c = g.c + ic * g.c_row + jc;
          if (g.c_row == nc) {
            activate(o.activation, c, mc * nc);
          } else {
            for (std::int64_t i = 0; i < mc; ++i) activate(o.activation, c + i * g.c_row, nc);
          }
        }
      }
    }
  }
}

/// Rows [i, i + m) and columns [j, j + n) of C.
template <class T>
Problem<T> part_of(const Problem<T>& g, std::int64_t i, std::int64_t m, std::int64_t j, std::int64_t n) {
  Problem<T> part = g;
  part.m = m;
  part.n = n;
  part.a = g.a.from(i, 0);
  part.b = g.b.from(0, j);
  part.c += i * g.c_row + j;
  if (part.options.bias != nullptr) part.options.bias += j;
  return part;
}

/// Calls run(part) on parts of C that cover it, one a thread: whole tiles of rows or, where C is wider than tall,
/// columns.
template <class T, class Run>
void split(const Problem<T>& g, Run&& run) {
  const bool by_rows = g.m >= g.n;
  const std::int64_t unit = by_rows ? 2 * tile_rows : tile_columns<T>, size = by_rows ? g.m : g.n;
  const std::int64_t work = unit * std::max<std::int64_t>(1, g.k * (by_rows ? g.n : g.m));
  const std::int64_t units = (size + unit - 1) / unit;
  if (units * work < 2 * thread_work) return run(g);
  parallel_for(units, (thread_work + work - 1) / work, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * unit, count = std::min(end * unit, size) - first;
    run(by_rows ? part_of(g, first, count, 0, g.n) : part_of(g, 0, g.m, first, count));
  });
}

/// Both operands contiguous along k: one dot product an element of C. m or n is small.
template <class T>
void by_dots(const Problem<T>& g) {
  const GemmOptions<T>& o = g.options;
  const T zero = 0, *bias = o.bias != nullptr ? o.bias : &zero;
  const std::int64_t bias_step = o.bias != nullptr ? 1 : 0;
  if (g.n <= g.m)
    for (std::int64_t j = 0; j < g.n; ++j)
      dots(g.m, g.k, g.a.data, g.a.stride, g.b.data + j * g.b.stride, g.c + j, g.c_row, bias + j * bias_step,
           std::int64_t{0}, o.alpha, o.accumulate);
  else
    for (std::int64_t i = 0; i < g.m; ++i)
      dots(g.n, g.k, g.b.data, g.b.stride, g.a.data + i * g.a.stride, g.c + i * g.c_row, std::int64_t{1}, bias,
           bias_step, o.alpha, o.accumulate);
  activate_rows(g);
}

/// By tiles, or for a single row and a B of some size by sums of B's rows.
template <class T>
void by_tiles(Problem<T>& g) {
  constexpr std::int64_t W = tile_columns<T>, cache = 24 * 1024 / static_cast<std::int64_t>(sizeof(T));
  if (g.k * W <= small_panel && g.m * g.k <= cache && g.n * g.k <= cache) {
    if (g.m * g.n * g.k < 2 * thread_work) return small(g);
    return split(g, [](const Problem<T>& part) { small(part); });
  }
  if (g.m == 1 && !g.b.transposed)
    return split(g, [](const Problem<T>& part) {
      const GemmOptions<T>& o = part.options;
      row_sum(part.n, part.k, part.a.data, part.a.column(), part.b.data, part.b.stride, part.c, o.bias, o.alpha,
              o.accumulate);
      activate_rows(part);
    });
  // Packing pays where a panel is read often enough and would not stay in the first-level cache unpacked.
  g.pack_b = g.b.transposed || (g.m > 4 * tile_rows && g.k * g.n > cache);
  g.pack_a = g.n > 2 * W && g.m > 2 * tile_rows && g.k * g.m > cache;
  split(g, [](const Problem<T>& part) { tiled(part); });
}

/// C^T = op(B)^T op(A)^T into scratch memory, then C from it: for a narrow C whose A is contiguous along C's columns.
template <class T>
void by_transpose(const Problem<T>& g) {
  const GemmOptions<T>& o = g.options;
  const std::int64_t m = g.m, c_row = g.c_row;
  const Scratch<T> product(m * g.n);
  Problem<T> other{g.n,
                   m,
                   g.k,
                   {g.b.data, g.b.stride, !g.b.transposed},
                   {g.a.data, g.a.stride, false},
                   product.data(),
                   m,
                   {.alpha = o.alpha},
                   false,
                   false};
  by_tiles(other);
  for (std::int64_t j = 0; j < g.n; ++j) {
    const T* from = product.data() + j * m;
    T* to = g.c + j;
    if (o.accumulate || o.bias != nullptr) {
      const T bias = o.bias != nullptr ? o.bias[j] : T{0};
      for (std::int64_t i = 0; i < m; ++i, to += c_row, keep_scalar())
        *to = (o.accumulate ? *to : T{0}) + (from[i] + bias);
    } else {
      std::int64_t i = 0;
      for (; i + 4 <= m; i += 4, to += 4 * c_row, keep_scalar())
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) to[q * c_row] = from[i + q];
      for (; i < m; ++i, to += c_row, keep_scalar()) *to = from[i];
    }
  }
  activate_rows(g);
}

template <class T>
void multiply(Problem<T>& g) {
  constexpr std::int64_t L = lanes<T>;
  // A vector without gaps is contiguous along k in both forms.
  if (g.n == 1 && g.b.stride == 1) g.b = {g.b.data, g.k, true};
  if (g.m == 1 && g.a.stride == 1) g.a = {g.a.data, g.k, false};
  if (g.n >= L && (g.m > 4 || !g.b.transposed)) return by_tiles(g);
  if (g.a.transposed) return g.m >= L ? by_transpose(g) : by_tiles(g);
  if (g.b.transposed) {
    if (g.m * g.n * g.k < 2 * thread_work) return by_dots(g);
    return split(g, [](const Problem<T>& part) { by_dots(part); });
  }
  const Scratch<T> columns(g.n * g.k);
  for (std::int64_t j = 0; j < g.n; ++j)
    for (std::int64_t p = 0; p < g.k; ++p, keep_scalar()) columns.data()[j * g.k + p] = g.b.data[p * g.b.stride + j];
  g.b = {columns.data(), g.k, true};
  split(g, [](const Problem<T>& part) { by_dots(part); });
}

}  // namespace gemm_detail

/// C[m, n] = activation(alpha op(A)[m, k] op(B)[k, n] (+ C if accumulate) + bias), row-major.
///
/// op(A) is A^T, stored [k, m], if transpose_a, and A, stored [m, k], if not; op(B) likewise. lda, ldb, ldc: elements
/// from one stored row to the next. C overlaps neither operand. Sums run along k in an order that depends on the sizes
/// alone, so the bits are the same at any number of threads; k = 0 is a product of zeros.
template <class T>
void gemm(Cpu, bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const T* a,
          std::int64_t lda, const T* b, std::int64_t ldb, T* c, std::int64_t ldc, const GemmOptions<T>& options = {}) {
  if (m <= 0 || n <= 0) return;
  gemm_detail::Problem<T> problem{m, n, k, {a, lda, transpose_a}, {b, ldb, transpose_b}, c, ldc, options, false, false};
  gemm_detail::multiply(problem);
}

/// `count` products of one shape: the i-th of A + i stride_a, B + i stride_b, C + i stride_c. A stride of 0 shares an
/// operand; every product has the same bias.
template <class T>
void gemm_batched(Cpu, bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const T* a,
                  std::int64_t lda, std::int64_t stride_a, const T* b, std::int64_t ldb, std::int64_t stride_b, T* c,
                  std::int64_t ldc, std::int64_t stride_c, std::int64_t count, const GemmOptions<T>& options = {}) {
  const std::int64_t work = std::max<std::int64_t>(1, m * n * std::max<std::int64_t>(1, k));
  parallel_for(count, std::max<std::int64_t>(1, gemm_detail::thread_work / work),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t i = begin; i < end; ++i)
                   gemm(Cpu{}, transpose_a, transpose_b, m, n, k, a + i * stride_a, lda, b + i * stride_b, ldb,
                        c + i * stride_c, ldc, options);
               });
}

}  // namespace regimen::kernel
