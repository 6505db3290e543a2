// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// Kernels that try out the harness.

#include <cooperative_groups.h>
#include <cuda_pipeline.h>

#include <regimen/cuda/platform.cuh>

namespace trial {

inline constexpr unsigned everyone = 0xffffffffu;

/// y[i] = i, with a grid of any shape.
template <int = 0>
__global__ void number(unsigned* y) {
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned i = block * blockDim.x * blockDim.y * blockDim.z + thread;
  y[i] = i;
}

template <class T>
__global__ void add(T* y, T v, std::size_t n) {
  for (std::size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = y[i] + v;
}

/// One warp; each row of y has a collective's result in each lane.
template <int = 0>
__global__ void collectives(int* y) {  // y [14, 32]
  const int lane = static_cast<int>(threadIdx.x), v = 100 + lane;
  int row = 0;
  const auto put = [&](int value) { y[row++ * 32 + lane] = value; };
  put(__shfl_sync(everyone, v, 5));
  put(__shfl_sync(everyone, v, lane + 1));
  put(__shfl_sync(everyone, v, 1, 8));
  put(__shfl_up_sync(everyone, v, 3));
  put(__shfl_down_sync(everyone, v, 3, 16));
  put(__shfl_xor_sync(everyone, v, 6));
  put(static_cast<int>(__ballot_sync(everyone, lane % 3 == 0)));
  put(__any_sync(everyone, lane == 31) + 2 * __any_sync(everyone, lane == 32));
  put(__all_sync(everyone, lane < 32) + 2 * __all_sync(everyone, lane < 31));
  put(static_cast<int>(__match_any_sync(everyone, lane / 8)));
  put(__reduce_add_sync(everyone, lane));
  put(__reduce_max_sync(everyone, -lane) * 100 + __reduce_min_sync(everyone, lane));
  if (lane < 16)  // two halves of the warp on their own ways
    put(__shfl_xor_sync(0x0000ffffu, v, 1));
  else
    put(__shfl_xor_sync(0xffff0000u, v, 2));
  __syncwarp();
  put(static_cast<int>(__reduce_xor_sync(everyone, 1u << lane) == everyone));
}

template <int = 0>
__global__ void barriers(int* y) {  // y [3], a block of 50
  const int t = static_cast<int>(threadIdx.x);
  const int count = __syncthreads_count(t % 5 == 0);
  const int all = __syncthreads_and(t < 50) + 2 * __syncthreads_and(t < 49);
  const int any = __syncthreads_or(t == 49) + 2 * __syncthreads_or(t == 50);
  if (t >= 40) return;  // those who have left count as arrived
  __syncthreads();
  if (t == 0) y[0] = count, y[1] = all, y[2] = any;
}

template <class T>
__global__ void atomics(T* y) {  // y [7]
  const T t = static_cast<T>(threadIdx.x + blockIdx.x * blockDim.x);
  atomicAdd(&y[0], t);
  atomicMax(&y[1], t);
  atomicMin(&y[2], t);
  atomicOr(&y[3], T{1} << (t % 16));
  atomicXor(&y[4], t);
  T seen = y[5];
  for (T expected = seen + 1; seen != expected;) {
    expected = seen;
    seen = atomicCAS(&y[5], expected, expected + 2);
  }
  atomicExch(&y[6], T{3});
}

/// y[block] = sum of the block's 256 elements, in a fixed tree.
template <int = 0>
__global__ void block_sums(const float* x, float* y, std::size_t n) {
  REGIMEN_SHARED(float, part, [8]);
  const std::size_t i = static_cast<std::size_t>(blockIdx.x) * 256 + threadIdx.x;
  float v = i < n ? x[i] : 0.f;
  for (int offset = 16; offset > 0; offset /= 2) v += __shfl_down_sync(everyone, v, static_cast<unsigned>(offset));
  if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = v;
  __syncthreads();
  if (threadIdx.x != 0) return;
  float sum = 0;
  for (int w = 0; w < 8; ++w) sum += part[w];
  y[blockIdx.x] = sum;
}

/// Dynamic shared memory of n floats, reversed, through cp.async.
template <int = 0>
__global__ void reverse(const float* x, float* y, int n) {
  REGIMEN_DYNAMIC_SHARED(float, s);
  const int threads = static_cast<int>(blockDim.x), t = static_cast<int>(threadIdx.x);
  for (int i = t; i < n; i += threads) __pipeline_memcpy_async(&s[i], &x[i], sizeof(float));
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  for (int i = t; i < n; i += threads) y[i] = s[n - 1 - i];
}

/// Every block adds up what all blocks have written.
template <int = 0>
__global__ void grid_total(unsigned* part, unsigned* y) {
  if (threadIdx.x == 0) part[blockIdx.x] = blockIdx.x + 1;
  cooperative_groups::this_grid().sync();
  unsigned sum = 0;
  for (unsigned b = 0; b < gridDim.x; ++b) sum += part[b];
  if (threadIdx.x == 0) y[blockIdx.x] = sum;
}

/// One warp: c [16, 8] = a [16, 16] b^T [8, 16], all in rows.
template <int = 0>
__global__ void tile_product(const __nv_bfloat16* a, const __nv_bfloat16* b, float* c) {
  const unsigned g = threadIdx.x / 4, q = threadIdx.x % 4 * 2;
  const auto pair = [](const __nv_bfloat16* p) { return *reinterpret_cast<const std::uint32_t*>(p); };
  const regimen::cuda::MmaOperands operands{
      {pair(a + g * 16 + q), pair(a + (g + 8) * 16 + q), pair(a + g * 16 + q + 8), pair(a + (g + 8) * 16 + q + 8)},
      {pair(b + g * 16 + q), pair(b + g * 16 + q + 8)}};
  float tile[4] = {};
  regimen::cuda::mma_m16n8k16(tile, operands);
  for (unsigned e = 0; e < 4; ++e) c[(g + e / 2 * 8) * 8 + q + e % 2] = tile[e];
}

/// One warp; lanes meet in groups of `size`, and read what a lane `distance` away wrote.
template <int size, int distance>
__global__ void part_of_a_warp(int* y) {
  REGIMEN_SHARED(int, s, [32]);
  const int lane = static_cast<int>(threadIdx.x), group = lane / size * size;
  s[lane] = lane;
  __syncwarp(static_cast<unsigned>(((1ull << size) - 1) << group));
  y[lane] = s[(lane + distance) % 32];
}

/// One warp; lanes meet in pairs, and the pairs' first lanes in fours: what one lane of four wrote, all may read.
template <int = 0>
__global__ void pairs(int* y) {
  REGIMEN_SHARED(int, s, [32]);
  const unsigned lane = threadIdx.x, pair = 3u << lane / 2 * 2, four = lane / 4 * 4;
  s[lane] = static_cast<int>(lane);
  __syncwarp(pair);
  if (lane % 2 == 0) __syncwarp(5u << four);
  __syncwarp(pair);
  y[lane] = s[four] + s[four + 1] + s[four + 2] + s[four + 3];
}

/// A race between the threads of a block, and one between blocks.
template <int = 0>
__global__ void race(float* y) {
  y[0] = static_cast<float>(threadIdx.x);
}

template <int = 0>
__global__ void past_the_end(float* y, int n) {
  y[n] = 1;
}

template <int = 0>
__global__ void wait_for_nobody(float* y) {
  if (threadIdx.x == 3) return;
  y[threadIdx.x] = __shfl_xor_sync(everyone, 1.f, 1);
}

}  // namespace trial
