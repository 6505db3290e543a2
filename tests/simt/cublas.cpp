// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// cuBLAS's products, by loops. Sums run over k in order, in float (double for doubles), so results are the same bits
// each time; not those of a GPU.
#include "cublas_v2.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "engine.hpp"

struct cublasContext {
  cudaStream_t stream = nullptr;
  cublasMath_t math = CUBLAS_DEFAULT_MATH;
  cublasPointerMode_t pointers = CUBLAS_POINTER_MODE_HOST;
};

namespace {

std::set<cublasHandle_t>& handles() {
  static std::set<cublasHandle_t> instance;
  return instance;
}

struct Matrix {
  cublasOperation_t transpose = CUBLAS_OP_N;
  const void* data = nullptr;
  cudaDataType type = CUDA_R_32F;
  int ld = 0;
  long long stride = 0;
};

struct Product {
  Matrix a, b, c;
  int m = 0, n = 0, k = 0, count = 1;
  double alpha = 1, beta = 0;
};

std::size_t bytes_of(cudaDataType type) { return type == CUDA_R_64F ? 8 : type == CUDA_R_32F ? 4 : 2; }

/// Calls f with a null pointer of the type.
template <class F>
void with_type(cudaDataType type, F f) {
  switch (type) {
    case CUDA_R_32F:
      return f(static_cast<float*>(nullptr));
    case CUDA_R_64F:
      return f(static_cast<double*>(nullptr));
    case CUDA_R_16F:
      return f(static_cast<__half*>(nullptr));
    case CUDA_R_16BF:
      return f(static_cast<__nv_bfloat16*>(nullptr));
  }
}

/// op(X), rows by columns, in columns without gaps.
template <class Real>
void load(const Matrix& x, int batch, int rows, int columns, std::vector<Real>& out) {
  out.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  with_type(x.type, [&]<class T>(T*) {
    const T* p = static_cast<const T*>(x.data) + batch * x.stride;
    const std::ptrdiff_t ld = x.ld;
    auto q = out.begin();
    for (std::ptrdiff_t j = 0; j < columns; ++j)
      for (std::ptrdiff_t i = 0; i < rows; ++i)
        *q++ = static_cast<Real>(x.transpose == CUBLAS_OP_N ? p[j * ld + i] : p[i * ld + j]);
  });
}

/// Stores alpha times the column of sums, plus beta C, into column j. C is not read where beta is 0.
template <class Real>
void store(const Product& g, int batch, int j, const Real* sums) {
  const Real alpha = static_cast<Real>(g.alpha), beta = static_cast<Real>(g.beta);
  with_type(g.c.type, [&]<class T>(T*) {
    T* c = static_cast<T*>(const_cast<void*>(g.c.data)) + batch * g.c.stride + static_cast<std::ptrdiff_t>(j) * g.c.ld;
    for (int i = 0; i < g.m; ++i) {
      Real value = alpha * sums[i];
      if (g.beta != 0) value += beta * static_cast<Real>(c[i]);
      if constexpr (std::is_same_v<T, Real>)
        c[i] = value;
      else
        c[i] = static_cast<T>(static_cast<float>(value));
    }
  });
}

template <class Real>
void multiply(const Product& g) {
  std::vector<Real> a, b, sums;
  const auto m = static_cast<std::size_t>(g.m), k = static_cast<std::size_t>(g.k);
  for (int batch = 0; batch < g.count; ++batch) {
    load(g.a, batch, g.m, g.k, a);
    load(g.b, batch, g.k, g.n, b);
    for (int j = 0; j < g.n; ++j) {
      sums.assign(m, 0);
      Real* s = sums.data();
      for (std::size_t p = 0; p < k; ++p) {
        const Real factor = b[static_cast<std::size_t>(j) * k + p];
        const Real* column = a.data() + p * m;
        for (std::size_t i = 0; i < m; ++i) s[i] += column[i] * factor;
      }
      store(g, batch, j, s);
    }
  }
}

/// The elements from the first to the last that a matrix, all its batches included, has.
std::size_t extent(const Matrix& x, int rows, int columns, int count) {
  const int r = x.transpose == CUBLAS_OP_N ? rows : columns, c = x.transpose == CUBLAS_OP_N ? columns : rows;
  if (r == 0 || c == 0 || count == 0) return 0;
  return static_cast<std::size_t>((count - 1) * x.stride + (c - 1LL) * x.ld + r);
}
bool in_memory(const Matrix& x, int rows, int columns, int count) {
  const std::size_t elements = extent(x, rows, columns, count);
  const char* p = static_cast<const char*>(x.data);
  if (elements == 0) return true;
  const auto block = simt::detail::device_block(p);
  return p >= block.low && p + elements * bytes_of(x.type) <= block.high &&
         reinterpret_cast<std::uintptr_t>(p) % bytes_of(x.type) == 0;
}

cublasStatus_t gemm(cublasHandle_t handle, const Product& g, const void* alpha, const void* beta) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  const auto rows = [](const Matrix& x, int r, int c) { return x.transpose == CUBLAS_OP_N ? r : c; };
  if (g.m < 0 || g.n < 0 || g.k < 0 || g.count < 0 || g.a.ld < std::max(1, rows(g.a, g.m, g.k)) ||
      g.b.ld < std::max(1, rows(g.b, g.k, g.n)) || g.c.ld < std::max(1, g.m) || alpha == nullptr || beta == nullptr)
    return CUBLAS_STATUS_INVALID_VALUE;
  const bool wide = g.a.type == CUDA_R_64F;
  if (g.a.type != g.b.type || (g.c.type != g.a.type && (wide || g.c.type != CUDA_R_32F)))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  if (handle->pointers != CUBLAS_POINTER_MODE_HOST) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (g.m == 0 || g.n == 0 || g.count == 0) return CUBLAS_STATUS_SUCCESS;
  // A GPU would only fault, or not even that.
  if (!in_memory(g.a, g.m, g.k, g.count) || !in_memory(g.b, g.k, g.n, g.count) || !in_memory(g.c, g.m, g.n, g.count))
    throw simt::Error("cublas gemm: a matrix is not aligned, or not within one block of device memory");
  auto product = std::make_shared<Product>(g);
  product->alpha = wide ? *static_cast<const double*>(alpha) : static_cast<double>(*static_cast<const float*>(alpha));
  product->beta = wide ? *static_cast<const double*>(beta) : static_cast<double>(*static_cast<const float*>(beta));
  const auto error = simt::run_on_stream(
      [product, wide] { wide ? multiply<double>(*product) : multiply<float>(*product); }, handle->stream);
  return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

template <class T>
constexpr cudaDataType type_of = std::is_same_v<T, double> ? CUDA_R_64F : CUDA_R_32F;

template <class T>
cublasStatus_t gemm(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                    const T* alpha, const T* a, int lda, long long sa, const T* b, int ldb, long long sb, const T* beta,
                    T* c, int ldc, long long sc, int count) {
  const Product g{{ta, a, type_of<T>, lda, sa},
                  {tb, b, type_of<T>, ldb, sb},
                  {CUBLAS_OP_N, c, type_of<T>, ldc, sc},
                  m,
                  n,
                  k,
                  count};
  return gemm(handle, g, alpha, beta);
}

}  // namespace

cublasStatus_t cublasCreate(cublasHandle_t* handle) {
  *handle = nullptr;
  if (simt::config().devices == 0) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new cublasContext;
  handles().insert(*handle);
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasDestroy(cublasHandle_t handle) {
  if (handles().erase(handle) == 0) return CUBLAS_STATUS_NOT_INITIALIZED;
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasSetStream(cublasHandle_t handle, cudaStream_t stream) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->stream = stream;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasGetStream(cublasHandle_t handle, cudaStream_t* stream) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  *stream = handle->stream;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasSetWorkspace(cublasHandle_t handle, void* workspace, std::size_t) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  return reinterpret_cast<std::uintptr_t>(workspace) % 256 == 0 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}
cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->math = mode;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasGetMathMode(cublasHandle_t handle, cublasMath_t* mode) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  *mode = handle->math;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasSetPointerMode(cublasHandle_t handle, cublasPointerMode_t mode) {
  if (!handles().contains(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  handle->pointers = mode;
  return CUBLAS_STATUS_SUCCESS;
}
cublasStatus_t cublasSetAtomicsMode(cublasHandle_t handle, cublasAtomicsMode_t) {
  return handles().contains(handle) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_INITIALIZED;
}
const char* cublasGetStatusName(cublasStatus_t status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS:
      return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED:
      return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED:
      return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE:
      return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_ARCH_MISMATCH:
      return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CUBLAS_STATUS_MAPPING_ERROR:
      return "CUBLAS_STATUS_MAPPING_ERROR";
    case CUBLAS_STATUS_EXECUTION_FAILED:
      return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_INTERNAL_ERROR:
      return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CUBLAS_STATUS_NOT_SUPPORTED:
      return "CUBLAS_STATUS_NOT_SUPPORTED";
  }
  return "unknown";
}
const char* cublasGetStatusString(cublasStatus_t status) { return cublasGetStatusName(status); }

cublasStatus_t cublasSgemm(cublasHandle_t handle, cublasOperation_t transpose_a, cublasOperation_t transpose_b, int m,
                           int n, int k, const float* alpha, const float* a, int lda, const float* b, int ldb,
                           const float* beta, float* c, int ldc) {
  return gemm(handle, transpose_a, transpose_b, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}
cublasStatus_t cublasDgemm(cublasHandle_t handle, cublasOperation_t transpose_a, cublasOperation_t transpose_b, int m,
                           int n, int k, const double* alpha, const double* a, int lda, const double* b, int ldb,
                           const double* beta, double* c, int ldc) {
  return gemm(handle, transpose_a, transpose_b, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}
cublasStatus_t cublasSgemmStridedBatched(cublasHandle_t handle, cublasOperation_t transpose_a,
                                         cublasOperation_t transpose_b, int m, int n, int k, const float* alpha,
                                         const float* a, int lda, long long stride_a, const float* b, int ldb,
                                         long long stride_b, const float* beta, float* c, int ldc, long long stride_c,
                                         int count) {
  return gemm(handle, transpose_a, transpose_b, m, n, k, alpha, a, lda, stride_a, b, ldb, stride_b, beta, c, ldc,
              stride_c, count);
}
cublasStatus_t cublasDgemmStridedBatched(cublasHandle_t handle, cublasOperation_t transpose_a,
                                         cublasOperation_t transpose_b, int m, int n, int k, const double* alpha,
                                         const double* a, int lda, long long stride_a, const double* b, int ldb,
                                         long long stride_b, const double* beta, double* c, int ldc, long long stride_c,
                                         int count) {
  return gemm(handle, transpose_a, transpose_b, m, n, k, alpha, a, lda, stride_a, b, ldb, stride_b, beta, c, ldc,
              stride_c, count);
}
cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, cublasOperation_t transpose_a,
                                          cublasOperation_t transpose_b, int m, int n, int k, const void* alpha,
                                          const void* a, cudaDataType type_a, int lda, long long stride_a,
                                          const void* b, cudaDataType type_b, int ldb, long long stride_b,
                                          const void* beta, void* c, cudaDataType type_c, int ldc, long long stride_c,
                                          int count, cublasComputeType_t compute, cublasGemmAlgo_t) {
  const bool wide = compute == CUBLAS_COMPUTE_64F || compute == CUBLAS_COMPUTE_64F_PEDANTIC;
  if (wide != (type_a == CUDA_R_64F)) return CUBLAS_STATUS_NOT_SUPPORTED;
  const Product g{{transpose_a, a, type_a, lda, stride_a},
                  {transpose_b, b, type_b, ldb, stride_b},
                  {CUBLAS_OP_N, c, type_c, ldc, stride_c},
                  m,
                  n,
                  k,
                  count};
  return gemm(handle, g, alpha, beta);
}
cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t transpose_a, cublasOperation_t transpose_b, int m,
                            int n, int k, const void* alpha, const void* a, cudaDataType type_a, int lda, const void* b,
                            cudaDataType type_b, int ldb, const void* beta, void* c, cudaDataType type_c, int ldc,
                            cublasComputeType_t compute, cublasGemmAlgo_t algorithm) {
  return cublasGemmStridedBatchedEx(handle, transpose_a, transpose_b, m, n, k, alpha, a, type_a, lda, 0, b, type_b, ldb,
                                    0, beta, c, type_c, ldc, 0, 1, compute, algorithm);
}
