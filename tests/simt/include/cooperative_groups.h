// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// The group of the whole grid, for cooperative launches. Blocks and warps have __syncthreads and the collectives.

#include "cuda_runtime.h"

namespace cooperative_groups {

class grid_group {
 public:
  void sync(SIMT_HERE) const { simt::detail::grid_barrier(here); }
  unsigned long long size() const { return 1ull * gridDim.x * gridDim.y * gridDim.z * block_size(); }
  unsigned long long thread_rank() const {
    const auto block = (1ull * blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    return block * block_size() + simt::detail::thread_rank();
  }

 private:
  static unsigned block_size() { return blockDim.x * blockDim.y * blockDim.z; }
};
inline grid_group this_grid() { return {}; }

}  // namespace cooperative_groups
