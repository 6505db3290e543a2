// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/on_lanes.hpp"
#include "regimen/cpu/strides.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

/// An operand of broadcast_map: data, and for each axis of the result the elements from one index to the next.
template <class T>
struct Strided {
  const T* data;
  const std::int64_t* strides;
};

namespace broadcast_detail {

inline constexpr std::int64_t segment = 1 << 13;  // elements of a long row that are worked on at once
inline constexpr std::int64_t tile = 512;         // elements of short rows that are worked on at once
inline constexpr std::int64_t short_row = 32;

/// out[i] = f(in[i step]...) for i < n, with steps of 0 or 1: an operand of step 0 points to a whole vector of one
/// value.
template <class T>
using Row = void (*)(const void* f, std::int64_t n, T* out, const T** in, const std::int64_t* step);

template <class T, class F, std::size_t... K>
void row(const void* function, std::int64_t n, T* out, const T** in, const std::int64_t* step) {
  using V = Vector<T>;
  const auto& f = on_lanes(*static_cast<const F*>(function));
  std::int64_t i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>) {
    store<V>(out + i, f(load<V>(in[K])...));
    ((in[K] += step[K] * lanes<T>), ...);
  }
  if (i < n) store_part<T>(out + i, f(load_part(in[K], n - i)...), n - i);
}

template <class T, class F, std::size_t... K>
Row<T> row_of(std::index_sequence<K...>) {
  return row<T, F, K...>;
}

/// rows x columns elements of a strided operand, one after the other.
template <class T>
void expand(std::int64_t rows, std::int64_t columns, const T* from, std::int64_t row_stride, std::int64_t stride,
            T* to) {
  for (std::int64_t i = 0; i < rows; ++i, from += row_stride)
    for (std::int64_t j = 0; j < columns; ++j) *to++ = from[j * stride];
}

/// broadcast_map for any function of N operands: compiled once for all, which matters more than a call for each row.
template <class T, int N>
void map_rows(int rank, const std::int64_t* sizes, Row<T> row, const void* f, T* out, const Strided<T> (&operand)[N]) {
  Walk<N> walk;
  walk.rank = rank;
  for (int axis = 0; axis < rank; ++axis) {
    walk.size[axis] = sizes[axis];
    for (int k = 0; k < N; ++k) walk.stride[k][axis] = operand[k].strides[axis];
  }
  const std::int64_t total = walk.count();
  if (total == 0) return;
  walk.collapse();
  const int last = walk.rank - 1;
  const std::int64_t n = walk.size[last];

  if (last == 0 || n >= short_row) {
    // A unit is a segment of a row. Operands that neither repeat nor run along it are copied first.
    const std::int64_t segments = (n + segment - 1) / segment, length = std::min(n, segment);
    parallel_for(total / n * segments, std::max<std::int64_t>(1, elementwise_grain / length),
                 [&](std::int64_t begin, std::int64_t end) {
                   alignas(64) T copy[N][tile];
                   Odometer<N> row_of(walk, last, begin / segments);
                   for (std::int64_t unit = begin; unit < end; ++unit) {
                     const std::int64_t part = unit % segments * segment;
                     const std::int64_t stop = std::min(n, part + segment);
                     for (std::int64_t j = part; j < stop;) {
                       const T* from[N];
                       std::int64_t step[N], count = stop - j;
                       for (int k = 0; k < N; ++k)
                         if (walk.stride[k][last] != 0 && walk.stride[k][last] != 1) count = std::min(count, tile);
                       for (int k = 0; k < N; ++k) {
                         const std::int64_t stride = walk.stride[k][last];
                         from[k] = operand[k].data + row_of.offset[k] + j * stride;
                         step[k] = stride != 0;
                         if (stride == 1) continue;
                         if (stride == 0)
                           store(copy[k], broadcast(*from[k]));
                         else
                           expand(1, count, from[k], 0, stride, copy[k]);
                         from[k] = copy[k];
                       }
                       row(f, count, out + unit / segments * n + j, from, step);
                       j += count;
                     }
                     if (stop == n) row_of.next();
                   }
                 });
    return;
  }

  // Short rows: several at once, as one run. An operand that is not one run itself is copied, and only once over the
  // axis where it repeats.
  const std::int64_t rows = walk.size[last - 1], group = std::min(rows, tile / n), groups = (rows + group - 1) / group;
  parallel_for(total / n / rows * groups, std::max<std::int64_t>(1, elementwise_grain / (group * n)),
               [&](std::int64_t begin, std::int64_t end) {
                 alignas(64) T copy[N][tile];
                 Odometer<N> plane(walk, last - 1, begin / groups);
                 for (std::int64_t unit = begin; unit < end; ++unit) {
                   const std::int64_t first = unit % groups * group, count = std::min(group, rows - first);
                   const T* from[N];
                   std::int64_t step[N];
                   for (int k = 0; k < N; ++k) {
                     const std::int64_t down = walk.stride[k][last - 1], along = walk.stride[k][last];
                     from[k] = operand[k].data + plane.offset[k] + first * down;
                     step[k] = 1;
                     if (along == 1 && down == n) continue;
                     if (down != 0 || first == 0 || unit == begin) expand(count, n, from[k], down, along, copy[k]);
                     from[k] = copy[k];
                   }
                   row(f, count * n, out + (unit / groups * rows + first) * n, from, step);
                   if (first + count == rows) plane.next();
                 }
               });
}

}  // namespace broadcast_detail

/// out[i, j, ...] = f(a[i, j, ...], b[i, j, ...], ...) with NumPy's broadcasting: `out` is contiguous with the given
/// sizes, and an operand's stride is 0 along an axis on which it repeats.
///
/// f takes and returns Vector<T>, as in map; lanes beyond the end hold any value. rank is at most 8. out may be an
/// operand that is contiguous itself; otherwise it overlaps none.
template <class T, class F, class... In>
void broadcast_map(Cpu, int rank, const std::int64_t* sizes, const F& f, T* out, const Strided<In>&... in) {
  using namespace broadcast_detail;
  map_rows<T, sizeof...(In)>(rank, sizes, row_of<T, F>(std::make_index_sequence<sizeof...(In)>{}), &f, out, {in...});
}

}  // namespace regimen::kernel
