// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include "regimen/core/activation.hpp"
#include "regimen/core/math.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/cuda/elementwise.cuh"

namespace regimen::cuda {

/// Whether products of floats may round their factors to TF32's 10 bits of fraction, which tensor cores take. Off
/// unless asked for; it holds for the calling thread's Context.
inline void allow_tf32(bool allowed) {
  REGIMEN_CUBLAS_CHECK(
      cublasSetMathMode(Context::current().cublas(), allowed ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_DEFAULT_MATH));
}

}  // namespace regimen::cuda

namespace regimen::kernel {

namespace cuda_detail {

/// c[i, j] = activation(c[i, j] + bias[j]) for c [m, n] with rows ldc apart: an element a thread.
template <class T>
__global__ void bias_activation(std::int64_t m, std::int64_t n, std::int64_t ldc, const T* bias, Activation activation,
                                T* c) {
  const std::int64_t at = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (at >= m * n) return;
  const std::int64_t i = at / n, j = at - i * n;
  T z = c[i * ldc + j];
  if (bias != nullptr) z += bias[j];
  switch (activation) {
    case Activation::none:
      break;
    case Activation::relu:
      z = z < T{0} ? T{0} : z;
      break;
    case Activation::tanh:
      z = math::tanh(z);
      break;
    case Activation::sigmoid:
      z = math::sigmoid(z);
      break;
  }
  c[i * ldc + j] = z;
}

inline int blas_size(std::int64_t size) {
  if (size > std::numeric_limits<int>::max())
    regimen::detail::fail("gemm", {"a size of ", size}, "cuBLAS takes sizes below 2^31: split the product");
  return static_cast<int>(size);
}

/// cuBLAS has columns one after the other: a row-major C = op(A) op(B) is its C^T = op(B)^T op(A)^T.
template <class T>
void blas_gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const T* a,
               std::int64_t lda, std::int64_t stride_a, const T* b, std::int64_t ldb, std::int64_t stride_b, T* c,
               std::int64_t ldc, std::int64_t stride_c, std::int64_t count, T alpha, T beta) {
  const cublasHandle_t handle = cuda::Context::current().cublas();
  const cublasOperation_t of_a = transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N,
                          of_b = transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N;
  const int rows = blas_size(m), columns = blas_size(n), depth = blas_size(k), a_row = blas_size(lda),
            b_row = blas_size(ldb), c_row = blas_size(ldc), batch = blas_size(count);
  if constexpr (std::is_same_v<T, float>) {
    REGIMEN_CUBLAS_CHECK(cublasSgemmStridedBatched(handle, of_b, of_a, columns, rows, depth, &alpha, b, b_row, stride_b,
                                                   a, a_row, stride_a, &beta, c, c_row, stride_c, batch));
  } else {
    static_assert(std::is_same_v<T, double>, "gemm: T is float or double");
    REGIMEN_CUBLAS_CHECK(cublasDgemmStridedBatched(handle, of_b, of_a, columns, rows, depth, &alpha, b, b_row, stride_b,
                                                   a, a_row, stride_a, &beta, c, c_row, stride_c, batch));
  }
}

}  // namespace cuda_detail

/// `count` products as gemm's, of matrices `stride_a`, `stride_b` and `stride_c` elements apart.
template <class T>
void gemm_batched(Cuda, bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const T* a,
                  std::int64_t lda, std::int64_t stride_a, const T* b, std::int64_t ldb, std::int64_t stride_b, T* c,
                  std::int64_t ldc, std::int64_t stride_c, std::int64_t count, const GemmOptions<T>& options = {}) {
  using namespace cuda_detail;
  if (m <= 0 || n <= 0 || count <= 0) return;
  if (k > 0) {
    blas_gemm(transpose_a, transpose_b, m, n, k, a, lda, stride_a, b, ldb, stride_b, c, ldc, stride_c, count,
              options.alpha, options.accumulate ? T{1} : T{0});
  } else if (!options.accumulate) {
    for (std::int64_t q = 0; q < count; ++q)
      for (std::int64_t i = 0; i < (ldc == n ? 1 : m); ++i)
        fill(Cuda{}, ldc == n ? m * n : n, T{0}, c + q * stride_c + i * ldc);
  }
  if (options.bias == nullptr && options.activation == Activation::none) return;
  const unsigned block = block_of(m * n);
  for (std::int64_t q = 0; q < count; ++q)
    cuda::launch("bias_activation", bias_activation<T>, {.grid = cuda::block_count(m * n, block), .block = block},
                 cuda::Context::current().stream(), m, n, ldc, options.bias, options.activation, c + q * stride_c);
}

/// C[m, n] = activation(alpha op(A) op(B) + (C where it accumulates) + bias): row-major, as on the CPU. The product is
/// cuBLAS's.
template <class T>
void gemm(Cuda, bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const T* a,
          std::int64_t lda, const T* b, std::int64_t ldb, T* c, std::int64_t ldc, const GemmOptions<T>& options = {}) {
  gemm_batched(Cuda{}, transpose_a, transpose_b, m, n, k, a, lda, std::int64_t{0}, b, ldb, std::int64_t{0}, c, ldc,
               std::int64_t{0}, std::int64_t{1}, options);
}

}  // namespace regimen::kernel
