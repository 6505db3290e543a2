// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// Kernels with a mistake each; with good = true they have none.

#include <cooperative_groups.h>
#include <cuda_pipeline.h>

#include <regimen/cuda/platform.cuh>

namespace bugs {

__device__ inline float warp_sum(float v) {
  for (int offset = 16; offset > 0; offset /= 2) v += __shfl_xor_sync(0xffffffffu, v, offset);
  return v;
}

// Barriers.

/// Reads the right neighbour's element without a barrier.
template <bool good>
__global__ void right_neighbour(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [128]);
  const unsigned t = threadIdx.x;
  s[t] = x[t];
  if constexpr (good) __syncthreads();
  y[t] = s[(t + 1) % 128];
}

/// Reads the left neighbour's element without a barrier, which the forward order hides.
template <bool good>
__global__ void left_neighbour(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [128]);
  const unsigned t = threadIdx.x;
  s[t] = x[t];
  if constexpr (good) __syncthreads();
  y[t] = t > 0 ? s[t - 1] : 0.f;
}

/// No barrier between the use of a tile and the next tile's arrival.
template <bool good>
__global__ void tile_overwritten(const float* x, float* y, int tiles) {
  REGIMEN_SHARED(float, s, [64]);
  const int t = static_cast<int>(threadIdx.x);
  float sum = 0;
  for (int k = 0; k < tiles; ++k) {
    s[t] = x[k * 64 + t];
    __syncthreads();
    for (int j = 0; j < 64; ++j) sum += s[j] * static_cast<float>(j + 1);
    if constexpr (good) __syncthreads();
  }
  y[t] = sum;
}

/// A reduction's scratch is used again at once.
template <bool good>
__global__ void scratch_reused(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [4]);
  const unsigned t = threadIdx.x;
  const auto total = [&](float v) {
    v = warp_sum(v);
    if (t % 32 == 0) s[t / 32] = v;
    __syncthreads();
    return s[0] + s[1] + s[2] + s[3];
  };
  const float a = total(x[t]);
  if constexpr (good) __syncthreads();
  y[t] = a + total(x[t] * x[t]);
}

/// Lanes of a warp exchange without __syncwarp.
template <bool good>
__global__ void no_syncwarp(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [32]);
  const unsigned t = threadIdx.x;
  s[t] = x[t];
  if constexpr (good) __syncwarp();
  y[t] = s[31 - t];
}

/// One step of a tree has no barrier.
template <bool good>
__global__ void tree_step(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [128]);
  const unsigned t = threadIdx.x;
  s[t] = x[t];
  __syncthreads();
  for (unsigned half = 64; half > 0; half /= 2) {
    if (t < half) s[t] += s[t + half];
    if (good || half != 32) __syncthreads();
  }
  if (t == 0) *y = s[0];
}

/// Half of the block meets the other half at another barrier.
template <bool good>
__global__ void divergent_barrier(float* y) {
  const unsigned t = threadIdx.x;
  if constexpr (good) {
    __syncthreads();
  } else if (t < 32) {
    y[t] = 1;
    __syncthreads();
  } else {
    __syncthreads();
  }
  y[t] = static_cast<float>(t);
}

/// A warp's lower half waits at the barrier, the rest in a shuffle.
template <bool good>
__global__ void deadlock(const float* x, float* y) {
  const unsigned t = threadIdx.x;
  float v = x[t];
  if (!good && t < 16) __syncthreads();
  v += __shfl_xor_sync(0xffffffffu, v, 16);
  if (good || t >= 16) __syncthreads();
  y[t] = v;
}

/// Lanes return before a shuffle that names them.
template <bool good>
__global__ void early_return(const float* x, float* y, unsigned n) {
  const unsigned t = threadIdx.x;
  if (!good && t >= n) return;
  const float sum = warp_sum(t < n ? x[t] : 0.f);
  if (t == 0) *y = sum;
}

/// A shuffle by half a warp reads the other half.
template <bool good>
__global__ void outside_mask(const float* x, float* y) {
  const unsigned t = threadIdx.x;
  if (t >= 16) return;
  y[t] = x[t] + __shfl_down_sync(0xffffu, x[t], 8, good ? 16 : 32);
}

/// The grid's barrier.
template <int = 0>
__global__ void grid_barrier(const float* x, float* y) {
  if (threadIdx.x == 0) y[blockIdx.x] = x[blockIdx.x];
  cooperative_groups::this_grid().sync();
  if (threadIdx.x == 0) y[gridDim.x + blockIdx.x] = y[(blockIdx.x + 1) % gridDim.x];
}

// Order between threads and blocks.

/// Threads add to one place without an atomic.
template <bool good>
__global__ void add_in_block(const int* x, int* y) {
  if constexpr (good)
    atomicAdd(y, x[threadIdx.x]);
  else
    *y = *y + x[threadIdx.x];
}

/// Blocks add to one place without an atomic.
template <bool good>
__global__ void add_between_blocks(const int* x, int* y) {
  if (threadIdx.x != 0) return;
  if constexpr (good)
    atomicAdd(y, x[blockIdx.x]);
  else
    *y = *y + x[blockIdx.x];
}

/// A block uses its predecessor's result.
template <bool good>
__global__ void block_order(int* y) {
  if (threadIdx.x != 0) return;
  const int b = static_cast<int>(blockIdx.x);
  y[b] = good || b == 0 ? b : y[b - 1] + 1;
}

/// The last block to come adds the partial sums, without fences.
template <bool good>
__global__ void last_block(const float* x, float* part, unsigned* count, float* y) {
  REGIMEN_SHARED(bool, last);
  REGIMEN_SHARED(float, s, [4]);
  const unsigned t = threadIdx.x;
  const float v = warp_sum(x[blockIdx.x * 128 + t]);
  if (t % 32 == 0) s[t / 32] = v;
  __syncthreads();
  if (t == 0) {
    part[blockIdx.x] = s[0] + s[1] + s[2] + s[3];
    if constexpr (good) __threadfence();
    last = atomicAdd(count, 1u) == gridDim.x - 1;
  }
  __syncthreads();
  if (!last) return;
  if constexpr (good) __threadfence();
  float sum = 0;
  for (unsigned b = 0; b < gridDim.x; ++b) sum += part[b];
  if (t == 0) *y = sum;
}

/// A sum of floats whose order is left to chance.
template <bool good>
__global__ void float_atomics(const float* x, float* y) {
  if constexpr (!good) {
    atomicAdd(y, x[blockIdx.x * blockDim.x + threadIdx.x]);
  } else if (blockIdx.x == 0 && threadIdx.x == 0) {
    float sum = 0;
    for (unsigned i = 0; i < gridDim.x * blockDim.x; ++i) sum += x[i];
    *y = sum;
  }
}

// Memory.

/// One element of shared memory is never written.
template <bool good>
__global__ void unwritten(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [64]);
  const unsigned t = threadIdx.x;
  if (good || t < 63) s[t] = x[t];
  __syncthreads();
  float sum = 0;
  for (int j = 0; j < 64; ++j) sum += s[j];
  y[t] = sum;
}

/// Counters that nobody set to zero.
template <bool good>
__global__ void unwritten_counters(const int* x, int* y) {
  REGIMEN_SHARED(int, h, [8]);
  const unsigned t = threadIdx.x;
  if (good && t < 8) h[t] = 0;
  __syncthreads();
  atomicAdd(&h[x[t] & 7], 1);
  __syncthreads();
  if (t < 8) y[t] = h[t];
}

/// An asynchronous copy is not waited for.
template <bool good>
__global__ void async_copy(const float* x, float* y) {
  REGIMEN_SHARED(float4, s, [32]);
  const unsigned t = threadIdx.x;
  __pipeline_memcpy_async(&s[t], x + 4 * t, 16);
  __pipeline_commit();
  if constexpr (good) __pipeline_wait_prior(0);
  __syncthreads();
  y[t] = s[31 - t].x + s[31 - t].w;
}

/// More shared memory than a block may have without asking.
template <bool good>
__global__ void too_much_shared(float* y) {
  REGIMEN_SHARED(float, s, [good ? 1024 : 30000]);
  s[threadIdx.x] = 1;
  __syncthreads();
  y[threadIdx.x] = s[threadIdx.x];
}

/// A float4 that is not aligned.
template <bool good>
__global__ void misaligned(const float* x, float* y) {
  const unsigned t = threadIdx.x;
  const float4 v = *reinterpret_cast<const float4*>(x + 4 * t + (good ? 0 : 1));
  y[t] = v.x + v.y + v.z + v.w;
}

/// Past the end of a shared array, through a pointer.
template <bool good>
__global__ void shared_end(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [32]);
  const unsigned t = threadIdx.x;
  float* p = &s[0];
  p[t + (good ? 0 : 1)] = x[t];
  __syncthreads();
  y[t] = p[t + (good ? 0 : 1)];
}

/// Past the end of a shared array, by its index.
template <bool good>
__global__ void shared_index(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [32]);
  const unsigned t = threadIdx.x;
  s[t + (good ? 0 : 1)] = x[t];
  __syncthreads();
  y[t] = s[t + (good ? 0 : 1)];
}

/// Past the end of a row, into the next.
template <bool good>
__global__ void inner_index(const float* x, float* y) {
  REGIMEN_SHARED(float, s, [8][8]);
  const unsigned t = threadIdx.x, row = t / 8, column = t % 8;
  s[row][column] = x[t];
  __syncthreads();
  y[t] = s[row][column + (!good && row < 7 ? 1 : 0)];
}

/// Past the end of dynamic shared memory, where the launch asks for too little.
template <int = 0>
__global__ void dynamic_end(const float* x, float* y) {
  REGIMEN_DYNAMIC_SHARED(float, s);
  const unsigned t = threadIdx.x;
  s[t] = x[t];
  __syncthreads();
  y[t] = s[t];
}

/// Past the end of device memory.
template <bool good>
__global__ void device_end(const float* x, float* y, unsigned n) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (good && i >= n) return;
  y[i] = x[i];
}

/// An index that overflows.
template <bool good>
__global__ void overflow(const float* x, float* y, int columns) {
  const int row = static_cast<int>(blockIdx.x) + 60000;
  if constexpr (good)
    y[0] = x[static_cast<long long>(row) * columns & 63];
  else
    y[0] = x[row * columns & 63];
}

}  // namespace bugs
