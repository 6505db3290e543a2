// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/reductions.hpp"
#include "regimen/cuda/block.cuh"
#include "regimen/cuda/elementwise.cuh"
#include "regimen/cuda/scratch.cuh"

namespace regimen::kernel {

namespace cuda_detail {

inline constexpr std::int64_t part_terms = 1 << 14;  // of a long row, that a block takes
inline constexpr std::int64_t part_rows = 1 << 10;   // of a long column, that a thread row of a block takes
inline constexpr int column_lanes = 8;               // threads that share a column

/// The reduction of terms that are made already.
template <class R>
struct Joined : R {
  REGIMEN_HD explicit Joined(const R& r) : R(r) {}
  template <class T>
  REGIMEN_HD T term(T x) const {
    return x;
  }
};
template <class R>
struct JoinedOf {
  using type = Joined<R>;
};
template <class R>
struct JoinedOf<Joined<R>> {
  using type = Joined<R>;
};

/// out [outer, parts]: a block reduces a part of a row of in [outer, count].
template <bool packed, class T, class R, class... In>
__global__ void reduce_rows(R r, std::int64_t count, std::int64_t length, T* out, const In*... in) {
  constexpr int wide = packed ? Pack<T>::count : 1;
  const std::int64_t row = blockIdx.x, part = blockIdx.y;
  const std::int64_t begin = part * length, end = begin + length < count ? begin + length : count;
  T sum = r.identity();
  for (std::int64_t i = begin + threadIdx.x * wide; i < end; i += blockDim.x * wide) {
    if constexpr (packed) {
      const auto add = [&](const auto&... pack) {
        REGIMEN_UNROLL
        for (int k = 0; k < wide; ++k) sum = r.join(sum, r.term(pack.value[k]...));
      };
      add(load_pack(in + row * count + i)...);
    } else {
      sum = r.join(sum, r.term(in[row * count + i]...));
    }
  }
  sum = block_reduce(r, sum);
  if (threadIdx.x == 0) out[row * gridDim.y + part] = sum;
}

/// out [outer, parts, inner]: 32 columns and 8 threads a column reduce a part of in [outer, count, inner].
template <class T, class R, class... In>
__global__ void reduce_columns(R r, std::int64_t count, std::int64_t inner, std::int64_t length, T* out,
                               const In*... in) {
  REGIMEN_SHARED(T, lane, [column_lanes][warp]);
  const std::int64_t column = std::int64_t{blockIdx.x} * warp + threadIdx.x, part = blockIdx.y, o = blockIdx.z;
  const std::int64_t begin = part * length, end = begin + length < count ? begin + length : count;
  T sum = r.identity();
  if (column < inner)
    for (std::int64_t i = begin + threadIdx.y; i < end; i += column_lanes)
      sum = r.join(sum, r.term(in[(o * count + i) * inner + column]...));
  lane[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || column >= inner) return;
  for (int y = 1; y < column_lanes; ++y) sum = r.join(sum, lane[y][threadIdx.x]);
  out[(o * gridDim.y + part) * inner + column] = sum;
}

}  // namespace cuda_detail

/// out[outer, inner] = reduction of in[outer, count, inner] along the middle axis, which is the identity where count is
/// 0. The tree of joins depends on the sizes alone. out overlaps no input.
template <class T, class R, class... In>
void reduce(Cuda, const R& r, std::int64_t outer, std::int64_t count, std::int64_t inner, T* out, const In*... in) {
  using namespace cuda_detail;
  if (outer <= 0 || inner <= 0) return;
  const bool by_rows = inner == 1;
  const std::int64_t length = by_rows ? part_terms : part_rows;
  const std::int64_t parts = count > length ? (count + length - 1) / length : 1;
  const DeviceScratch<T> partial(parts > 1 ? outer * parts * inner : 0);
  T* const to = parts > 1 ? partial.data() : out;
  const cudaStream_t stream = cuda::Context::current().stream();
  // The grid's y and z reach 65535: longer reductions and larger batches go in several launches.
  constexpr std::int64_t most = 65535;
  if (parts > most)
    regimen::detail::fail("reduce", {count, " terms"}, {"the GPU reduces at most ", most * length, " at once"});
  if (by_rows) {
    constexpr bool may_pack = ((sizeof(In) == sizeof(T)) && ...);
    const unsigned block = block_of(count < length ? count : length);
    const cuda::LaunchSize size{.grid = {static_cast<unsigned>(outer), static_cast<unsigned>(parts)}, .block = block};
    if (may_pack && count % Pack<T>::count == 0 && packs(in...))
      cuda::launch("reduce", reduce_rows<may_pack, T, R, In...>, size, stream, r, count, length, to, in...);
    else
      cuda::launch("reduce", reduce_rows<false, T, R, In...>, size, stream, r, count, length, to, in...);
  } else {
    for (std::int64_t first = 0; first < outer; first += most) {
      const std::int64_t some = outer - first < most ? outer - first : most;
      cuda::launch("reduce", reduce_columns<T, R, In...>,
                   {.grid = {cuda::block_count(inner, warp), static_cast<unsigned>(parts), static_cast<unsigned>(some)},
                    .block = {warp, column_lanes}},
                   stream, r, count, inner, length, to + first * parts * inner, (in + first * count * inner)...);
    }
  }
  if (parts > 1) reduce(Cuda{}, typename JoinedOf<R>::type(r), outer, parts, inner, out, static_cast<const T*>(to));
}

/// As on the CPU: sums, sums of squares and of products, largest and smallest along the middle axis of
/// [outer, count, inner].
template <class T>
void sum(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cuda{}, reduction::Sum<T>{}, outer, count, inner, out, in);
}
template <class T>
void sum_squares(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cuda{}, reduction::SumSquares<T>{}, outer, count, inner, out, in);
}
template <class T>
void dot(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* a, const T* b, T* out) {
  reduce(Cuda{}, reduction::Dot<T>{}, outer, count, inner, out, a, b);
}
template <class T>
void max(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cuda{}, reduction::Max<T>{}, outer, count, inner, out, in);
}
template <class T>
void min(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, T* out) {
  reduce(Cuda{}, reduction::Min<T>{}, outer, count, inner, out, in);
}

namespace cuda_detail {

/// out [outer, inner]: a block finds the first position of the reduction's value, or of the first NaN, along the middle
/// axis of in [outer, count, inner]. R is Max or Min.
template <class T, class R>
__global__ void first_position(R r, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  const std::int64_t result = blockIdx.x;
  const T* const from = in + result / inner * count * inner + result % inner;
  T best = r.identity();
  for (std::int64_t i = threadIdx.x; i < count; i += blockDim.x) best = r.join(best, from[i * inner]);
  best = block_reduce(r, best);
  std::int64_t first = count;
  for (std::int64_t i = threadIdx.x; i < count && first == count; i += blockDim.x) {
    const T x = from[i * inner];
    if (x == best || (best != best && x != x)) first = i;
  }
  first = block_reduce(Earlier{}, first);
  if (threadIdx.x == 0) out[result] = first;
}

template <class T, class R>
void positions(const R& r, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  const unsigned block = block_of(count);
  cuda::launch("first_position", first_position<T, R>, {.grid = cuda::block_count(outer * inner, 1), .block = block},
               cuda::Context::current().stream(), r, count, inner, in, out);
}

}  // namespace cuda_detail

/// out[outer, inner] = first position of the largest element along the middle axis of in[outer, count, inner],
/// count > 0; the first NaN where there is one.
template <class T>
void argmax(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  cuda_detail::positions(reduction::Max<T>{}, outer, count, inner, in, out);
}
/// argmax's twin for the smallest element.
template <class T>
void argmin(Cuda, std::int64_t outer, std::int64_t count, std::int64_t inner, const T* in, std::int64_t* out) {
  cuda_detail::positions(reduction::Min<T>{}, outer, count, inner, in, out);
}

}  // namespace regimen::kernel
