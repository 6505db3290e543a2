// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/cpu/strides.hpp"
#include "regimen/cuda/block.cuh"
#include "regimen/cuda/broadcast.cuh"
#include "regimen/cuda/elementwise.cuh"

namespace regimen::kernel {

namespace cuda_detail {

inline constexpr int tile_rows = 8;  // threads of a tile's column

/// An element a thread, in the order of the sizes.
template <bool add, class T, class Index>
__global__ void copy_strided(Index n, const __grid_constant__ DeviceWalk<2, Index> walk, const T* in,
                             T* out) {  // walk: in, out
  const Index i = static_cast<Index>(blockIdx.x) * static_cast<Index>(blockDim.x) + static_cast<Index>(threadIdx.x);
  if (i >= n) return;
  Index from = 0, to = 0, rest = i;
  for (int axis = walk.rank - 1; axis >= 0; --axis) {
    const Index next = axis == 0 ? Index{0} : rest / walk.size[axis], at = rest - next * walk.size[axis];
    from += at * walk.stride[0][axis];
    to += at * walk.stride[1][axis];
    rest = next;
  }
  if constexpr (add)
    out[to] += in[from];
  else
    out[to] = in[from];
}

/// The last two axes are transposed: `in` runs along the one before the last, `out` along the last. A block moves a
/// square of 32 through shared memory, so that both sides are whole lines; a padding column keeps its banks apart.
template <class T>
__global__ void copy_transposed(const __grid_constant__ DeviceWalk<2, std::int64_t> walk, const T* in, T* out) {
  REGIMEN_SHARED(T, tile, [warp][warp + 1]);
  const int last = walk.rank - 1;
  const std::int64_t rows = walk.size[last - 1], columns = walk.size[last];
  const std::int64_t across = (columns + warp - 1) / warp, down = (rows + warp - 1) / warp;
  std::int64_t rest = blockIdx.x, from = 0, to = 0;
  const std::int64_t j0 = rest % across * warp, i0 = rest / across % down * warp;
  rest /= across * down;
  for (int axis = last - 2; axis >= 0; --axis) {
    const std::int64_t at = rest % walk.size[axis];
    rest /= walk.size[axis];
    from += at * walk.stride[0][axis];
    to += at * walk.stride[1][axis];
  }
  for (int y = static_cast<int>(threadIdx.y); y < warp; y += tile_rows) {
    const std::int64_t i = i0 + threadIdx.x, j = j0 + y;
    if (i < rows && j < columns) tile[y][threadIdx.x] = in[from + i + j * walk.stride[0][last]];
  }
  __syncthreads();
  for (int y = static_cast<int>(threadIdx.y); y < warp; y += tile_rows) {
    const std::int64_t i = i0 + y, j = j0 + threadIdx.x;
    if (i < rows && j < columns) out[to + i * walk.stride[1][last - 1] + j] = tile[threadIdx.x][y];
  }
}

template <bool add, class T>
void strided(int rank, const std::int64_t* sizes, const T* in, const std::int64_t* in_strides, T* out,
             const std::int64_t* out_strides) {
  Walk<2> walk = copy_walk(rank, sizes, in_strides, out_strides);
  const std::int64_t n = walk.count();
  if (n == 0) return;
  walk.collapse();
  const cudaStream_t stream = cuda::Context::current().stream();
  const int last = walk.rank - 1;
  if (!add && walk.stride[1][last] == 1 && walk.stride[0][last] != 1)
    for (int axis = 0; axis < last; ++axis)
      if (walk.stride[0][axis] == 1) {
        walk.exchange(axis, last - 1);
        const std::int64_t tiles = (walk.size[last] + warp - 1) / warp * ((walk.size[last - 1] + warp - 1) / warp);
        return cuda::launch("copy_transposed", copy_transposed<T>,
                            {.grid = cuda::block_count(n / walk.size[last] / walk.size[last - 1] * tiles, 1),
                             .block = {warp, tile_rows}},
                            stream, on_device<std::int64_t>(walk), in, out);
      }
  const unsigned block = block_of(n);
  const cuda::LaunchSize size{.grid = cuda::block_count(n, block), .block = block};
  if (is_short(walk))
    cuda::launch("copy_strided", copy_strided<add, T, std::int32_t>, size, stream, static_cast<std::int32_t>(n),
                 on_device<std::int32_t>(walk), in, out);
  else
    cuda::launch("copy_strided", copy_strided<add, T, std::int64_t>, size, stream, n, on_device<std::int64_t>(walk), in,
                 out);
}

}  // namespace cuda_detail

/// As on the CPU: out[i . out_strides] = in[i . in_strides] for every index i, += in strided_add, and whole arrays with
/// their axes in another order.
template <class T>
void strided_copy(Cuda, int rank, const std::int64_t* sizes, const T* in, const std::int64_t* in_strides, T* out,
                  const std::int64_t* out_strides) {
  cuda_detail::strided<false>(rank, sizes, in, in_strides, out, out_strides);
}
template <class T>
void strided_add(Cuda, int rank, const std::int64_t* sizes, const T* in, const std::int64_t* in_strides, T* out,
                 const std::int64_t* out_strides) {
  cuda_detail::strided<true>(rank, sizes, in, in_strides, out, out_strides);
}
template <class T>
void permute(Cuda, int rank, const std::int64_t* sizes, const int* axes, const T* in, T* out) {
  const Walk<2> walk = permuted_walk(rank, sizes, axes);
  strided_copy(Cuda{}, rank, walk.size, in, walk.stride[0], out, walk.stride[1]);
}

}  // namespace regimen::kernel
