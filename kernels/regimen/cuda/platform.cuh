// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// What kernels need of the compiler: shared memory, launches, and the instructions that CUDA C++ has no words for.
///
/// nvcc compiles kernels for a GPU. A plain compiler with REGIMEN_SIMT defined compiles the same text for the CPU, for
/// the tests (tests/simt). This is the only header of the kernels in which the two differ.
///
///   template <int = 0>
///   __global__ void reverse(const float* x, float* y) {          // x, y [64], one block of 64
///     REGIMEN_SHARED(float, tile, [64]);
///     tile[threadIdx.x] = x[threadIdx.x];
///     __syncthreads();
///     y[threadIdx.x] = tile[63 - threadIdx.x];
///   }
///   launch("reverse", reverse<>, {.grid = 1, .block = 64}, stream, x, y);
///
/// Every kernel is a template, for a plain one in a header would be defined twice in a program of two units.

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "regimen/core/error.hpp"

#if defined(REGIMEN_SIMT)

/// A variable in the block's shared memory: REGIMEN_SHARED(float, tile, [32][33]), REGIMEN_SHARED(bool, last).
#define REGIMEN_SHARED(T, name, ...) \
  static const char name##_key_ = 0; \
  auto& name = ::simt::shared<T __VA_ARGS__>(&name##_key_)
/// The shared memory that the launch asked for, aligned to 128: REGIMEN_DYNAMIC_SHARED(float, scratch).
#define REGIMEN_DYNAMIC_SHARED(T, name) T* const name = static_cast<T*>(::simt::detail::dynamic_shared())
/// Unrolls the loop that follows.
#define REGIMEN_UNROLL

#elif defined(__CUDACC__)

#define REGIMEN_SHARED(T, name, ...) __shared__ T name __VA_ARGS__
#define REGIMEN_DYNAMIC_SHARED(T, name)                                     \
  extern __shared__ __align__(128) unsigned char regimen_dynamic_shared_[]; \
  T* const name = reinterpret_cast<T*>(regimen_dynamic_shared_)
#define REGIMEN_UNROLL _Pragma("unroll")

#else
#error "kernels need nvcc"
#endif

/// Throws Error with the call's text and place where a function of the CUDA runtime fails.
#define REGIMEN_CUDA_CHECK(...) ::regimen::cuda::detail::check((__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

namespace regimen::cuda {

/// The shape of a launch.
struct LaunchSize {
  dim3 grid = 1;
  dim3 block = 256;
  std::size_t shared_bytes = 0;  ///< of dynamic shared memory
  bool cooperative = false;      ///< all blocks run at the same time, and may wait for each other
};

/// Blocks of `per_block` items that cover `items`, at most `limit`.
inline unsigned block_count(std::int64_t items, std::int64_t per_block, std::int64_t limit = 0x7fffffff) {
  const std::int64_t blocks = (items + per_block - 1) / per_block;
  return static_cast<unsigned>(blocks < limit ? blocks : limit);
}

namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void fail(regimen::detail::Piece what, cudaError_t error) {
  regimen::detail::fail(what, {cudaGetErrorString(error), " (", cudaGetErrorName(error), ")"});
}
inline void check(cudaError_t error, const char* call, const char* file, int line) {
  if (error == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());  // it is reported here, and not once more by the next launch
  regimen::detail::fail(call, {cudaGetErrorString(error), " (", cudaGetErrorName(error), ") at ", file, ":", line});
}

inline void check_size(const char* name, const LaunchSize& size) {
  const dim3 grid = size.grid, block = size.block;
  const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
  if (threads == 0 || threads > 1024 || block.z > 64)
    regimen::detail::fail(name, {"a block of ", block.x, " x ", block.y, " x ", block.z, " threads"},
                          "a block has 1 to 1024 threads, and at most 64 in its last dimension");
  if (grid.x > 0x7fffffff || grid.y > 65535 || grid.z > 65535)
    regimen::detail::fail(name, {"a grid of ", grid.x, " x ", grid.y, " x ", grid.z, " blocks"},
                          "a grid has at most 2147483647 x 65535 x 65535 blocks");
}

}  // namespace detail

/// Runs a kernel on a stream. An empty grid runs nothing. Throws Error, with the kernel's name, where the launch is
/// refused; what goes wrong in the kernel itself shows in a later call that waits for the stream.
template <class... P>
void launch(const char* name, void (*kernel)(P...), LaunchSize size, cudaStream_t stream,
            std::type_identity_t<P>... arguments) {
  if (size.grid.x == 0 || size.grid.y == 0 || size.grid.z == 0) return;
  detail::check_size(name, size);
  const void* function = reinterpret_cast<const void*>(kernel);
  cudaError_t error = cudaSuccess;
  if (size.shared_bytes > 48 * 1024) {
    error = cudaFuncSetAttribute(function, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                 static_cast<int>(size.shared_bytes));
  }
  if (error == cudaSuccess) {
#if defined(REGIMEN_SIMT)
    error =
        ::simt::launch(name, kernel, size.grid, size.block, size.shared_bytes, size.cooperative, stream, arguments...);
#else
    void* pointers[] = {static_cast<void*>(&arguments)..., nullptr};
    error = size.cooperative
                ? cudaLaunchCooperativeKernel(function, size.grid, size.block, pointers, size.shared_bytes, stream)
                : cudaLaunchKernel(function, size.grid, size.block, pointers, size.shared_bytes, stream);
#endif
  }
  if (error == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());
  detail::fail(name, error);
}

/// Registers of one lane for the product of tiles below, as the hardware spreads them.
struct MmaOperands {
  std::uint32_t a[4], b[2];  ///< two bf16 each, the lower first
};

/// c += A B for A [16, 16], B [16, 8] in bf16 and c [16, 8] in float, spread over the warp's lanes
/// (mma.m16n8k16.row.col). Lane l holds, with g = l / 4 and q = 2 (l % 4):
///   a: A[g, q], A[g + 8, q], A[g, q + 8], A[g + 8, q + 8], each with its right neighbour
///   b: B[q, g], B[q + 8, g], each with its lower neighbour
///   c: C[g, q], C[g, q + 1], C[g + 8, q], C[g + 8, q + 1]
#if defined(REGIMEN_SIMT)
inline void mma_m16n8k16(float (&c)[4], const MmaOperands& o, SIMT_HERE) { ::simt::mma_m16n8k16(c, o.a, o.b, here); }
#else
__device__ inline void mma_m16n8k16(float (&c)[4], const MmaOperands& o) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(o.a[0]), "r"(o.a[1]), "r"(o.a[2]), "r"(o.a[3]), "r"(o.b[0]), "r"(o.b[1]));
}
#endif

}  // namespace regimen::cuda
