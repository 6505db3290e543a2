// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <limits>
#include <utility>

#include "regimen/cpu/broadcast.hpp"
#include "regimen/cpu/strides.hpp"
#include "regimen/cuda/elementwise.cuh"

namespace regimen::kernel {

namespace cuda_detail {

template <class T, int N>
struct Operands {
  const T* data[N];
};

/// A walk's sizes and strides as Index, which is 32 bits wide where that is enough: division takes a third of the time.
template <int N, class Index>
struct DeviceWalk {
  int rank;
  Index size[max_axes];
  Index stride[N][max_axes];
};

template <class T, class F, int N, class Index, std::size_t... K>
__device__ T apply_at(const F& f, const Operands<T, N>& in, const Index (&offset)[N], std::index_sequence<K...>) {
  return f(in.data[K][offset[K]]...);
}

template <class T, class F, int N, class Index>
__global__ void map_strided(Index n, const __grid_constant__ DeviceWalk<N, Index> walk, F f, T* out,
                            Operands<T, N> in) {  // out [n]
  const Index i = static_cast<Index>(blockIdx.x) * static_cast<Index>(blockDim.x) + static_cast<Index>(threadIdx.x);
  if (i >= n) return;
  Index offset[N] = {}, rest = i;
  for (int axis = walk.rank - 1; axis > 0; --axis) {
    const Index next = rest / walk.size[axis], at = rest - next * walk.size[axis];
    REGIMEN_UNROLL
    for (int k = 0; k < N; ++k) offset[k] += at * walk.stride[k][axis];
    rest = next;
  }
  REGIMEN_UNROLL
  for (int k = 0; k < N; ++k) offset[k] += rest * walk.stride[k][0];
  out[i] = apply_at<T>(f, in, offset, std::make_index_sequence<N>{});
}

/// A walk as the kernels take it.
template <class Index, int N>
DeviceWalk<N, Index> on_device(const Walk<N>& walk) {
  DeviceWalk<N, Index> result = {};
  result.rank = walk.rank;
  for (int axis = 0; axis < walk.rank; ++axis) {
    result.size[axis] = static_cast<Index>(walk.size[axis]);
    for (int k = 0; k < N; ++k) result.stride[k][axis] = static_cast<Index>(walk.stride[k][axis]);
  }
  return result;
}

/// Whether all numbers and offsets of a walk fit 32 bits.
template <int N>
bool is_short(const Walk<N>& walk) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max() - threads;
  std::int64_t reach[N] = {};
  for (int axis = 0; axis < walk.rank; ++axis)
    for (int k = 0; k < N; ++k) {
      const std::int64_t stride = walk.stride[k][axis];
      reach[k] += (walk.size[axis] - 1) * (stride < 0 ? -stride : stride);
    }
  bool fits = walk.count() <= most;
  for (int k = 0; k < N; ++k) fits = fits && reach[k] <= most;
  return fits;
}

template <class Index, class T, class F, int N>
void launch_strided(std::int64_t n, const Walk<N>& walk, const F& f, T* out, const Operands<T, N>& in) {
  const unsigned block = block_of(n);
  cuda::launch("broadcast_map", map_strided<T, F, N, Index>, {.grid = cuda::block_count(n, block), .block = block},
               cuda::Context::current().stream(), static_cast<Index>(n), on_device<Index>(walk), f, out, in);
}

}  // namespace cuda_detail

/// out[i, j, ...] = f(a[i, j, ...], b[i, j, ...], ...) with NumPy's broadcasting: as on the CPU, and f as in map.
template <class T, class F, class... In>
void broadcast_map(Cuda, int rank, const std::int64_t* sizes, const F& f, T* out, const Strided<In>&... in) {
  using namespace cuda_detail;
  constexpr int N = sizeof...(In);
  Walk<N> walk;
  walk.rank = rank;
  int k = 0;
  const auto put = [&](const auto& operand) {
    for (int axis = 0; axis < rank; ++axis) walk.stride[k][axis] = operand.strides[axis];
    ++k;
  };
  (put(in), ...);
  for (int axis = 0; axis < rank; ++axis) walk.size[axis] = sizes[axis];
  const std::int64_t n = walk.count();
  if (n == 0) return;
  walk.collapse();
  bool whole = walk.rank == 1;  // every operand runs along with the result
  for (int i = 0; i < N; ++i) whole = whole && walk.stride[i][0] == 1;
  if (whole) return map(Cuda{}, n, f, out, in.data...);
  const Operands<T, N> operands = {{in.data...}};
  if (is_short(walk))
    launch_strided<std::int32_t>(n, walk, f, out, operands);
  else
    launch_strided<std::int64_t>(n, walk, f, out, operands);
}

}  // namespace regimen::kernel
