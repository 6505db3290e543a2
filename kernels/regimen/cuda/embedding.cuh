// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/cuda/block.cuh"
#include "regimen/cuda/elementwise.cuh"
#include "regimen/cuda/scratch.cuh"

namespace regimen::kernel {

namespace cuda_detail {

/// found [1]: the first i < n with indices[i] outside [0, limit), or n. One block, as this is a check.
template <int = 0>
__global__ void out_of_range(std::int64_t n, const std::int64_t* indices, std::int64_t limit, std::int64_t* found) {
  std::int64_t first = n;
  for (std::int64_t i = threadIdx.x; i < n && first == n; i += blockDim.x)
    if (indices[i] < 0 || indices[i] >= limit) first = i;
  first = block_reduce(Earlier{}, first);
  if (threadIdx.x == 0) *found = first;
}

/// out [outer, count, inner], in [outer, axis, inner], indices [count]: an element a thread.
template <class T>
__global__ void select_rows(std::int64_t n, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                            const std::int64_t* indices, T* out) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const std::int64_t row = i / inner, o = row / count;
  out[i] = in[(o * axis + indices[row - o * count]) * inner + i - row * inner];
}

/// out [outer, axis, inner], in [outer, count, inner], indices [count], or [outer, count, inner] where `each` element
/// has its own. A thread adds to one column of out, in order of count: no two add to one element.
template <bool each, class T>
__global__ void add_rows(std::int64_t columns, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                         const std::int64_t* indices, T* out) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= columns) return;
  const std::int64_t o = i / inner, j = i - o * inner;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t at = (o * count + k) * inner + j;
    out[(o * axis + indices[each ? at : k]) * inner + j] += in[at];
  }
}

/// out, indices [outer, count, inner], in [outer, axis, inner]: an element a thread.
template <class T>
__global__ void gather_elements(std::int64_t n, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                                const std::int64_t* indices, T* out) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const std::int64_t o = i / (count * inner);
  out[i] = in[(o * axis + indices[i]) * inner + i % inner];
}

}  // namespace cuda_detail

/// The first i < n with indices[i] outside [0, limit), or -1. Waits for the GPU.
inline std::int64_t find_out_of_range(Cuda, std::int64_t n, const std::int64_t* indices, std::int64_t limit) {
  if (n == 0) return -1;
  const DeviceScratch<std::int64_t> found(1);
  const cuda::Context& context = cuda::Context::current();
  cuda::launch("out_of_range", cuda_detail::out_of_range<>, {.grid = 1, .block = 1024}, context.stream(), n, indices,
               limit, found.data());
  std::int64_t first = n;
  REGIMEN_CUDA_CHECK(cudaMemcpyAsync(&first, found.data(), sizeof(first), cudaMemcpyDeviceToHost, context.stream()));
  context.synchronize();
  return first == n ? -1 : first;
}

/// As on the CPU: index_select and gather copy what the indices name, index_add and scatter_add add to it, in order.
template <class T>
void index_select(Cuda, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                  const std::int64_t* indices, T* out) {
  cuda_detail::launch_items("index_select", cuda_detail::select_rows<T>, outer * count * inner, axis, inner, count, in,
                            indices, out);
}
template <class T>
void index_add(Cuda, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
               const std::int64_t* indices, T* out) {
  cuda_detail::launch_items("index_add", cuda_detail::add_rows<false, T>, outer * inner, axis, inner, count, in,
                            indices, out);
}
template <class T>
void gather(Cuda, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
            const std::int64_t* indices, T* out) {
  cuda_detail::launch_items("gather", cuda_detail::gather_elements<T>, outer * count * inner, axis, inner, count, in,
                            indices, out);
}
template <class T>
void scatter_add(Cuda, std::int64_t outer, std::int64_t axis, std::int64_t inner, std::int64_t count, const T* in,
                 const std::int64_t* indices, T* out) {
  cuda_detail::launch_items("scatter_add", cuda_detail::add_rows<true, T>, outer * inner, axis, inner, count, in,
                            indices, out);
}

}  // namespace regimen::kernel
