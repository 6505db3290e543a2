// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/config.hpp"
#include "regimen/cuda/platform.cuh"

/// What the threads of a block do together. Trees are fixed: the same bits each time.
namespace regimen::kernel::cuda_detail {

inline constexpr int warp = 32;
inline constexpr unsigned all_lanes_mask = 0xffffffffu;

/// The smaller of two positions.
struct Earlier {
  REGIMEN_HD static std::int64_t join(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
};

/// The values of a warp's lanes joined, in every lane.
template <class R, class T>
__device__ T warp_reduce(const R& r, T value) {
  REGIMEN_UNROLL
  for (int distance = warp / 2; distance > 0; distance /= 2)
    value = r.join(value, __shfl_xor_sync(all_lanes_mask, value, distance));
  return value;
}

/// The values of a block's threads joined, in every thread. The block is one-dimensional, of whole warps, and all its
/// threads take part. A call may follow another.
template <class R, class T>
__device__ T block_reduce(const R& r, T value) {
  REGIMEN_SHARED(T, part, [warp]);
  value = warp_reduce(r, value);
  if (threadIdx.x % warp == 0) part[threadIdx.x / warp] = value;
  __syncthreads();
  value = part[0];
  for (unsigned w = 1; w < blockDim.x / warp; ++w) value = r.join(value, part[w]);
  __syncthreads();
  return value;
}

}  // namespace regimen::kernel::cuda_detail
