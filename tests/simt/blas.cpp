// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The stand-in for cuBLAS, against loops.
#include <cublas_v2.h>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "regimen/cuda/platform.cuh"

namespace {

struct Handle {
  cublasHandle_t handle = nullptr;
  Handle() { REQUIRE(cublasCreate(&handle) == CUBLAS_STATUS_SUCCESS); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { cublasDestroy(handle); }
  operator cublasHandle_t() const { return handle; }
};

template <class T>
struct Block {
  T* p = nullptr;
  std::vector<T> host;
  explicit Block(std::size_t n, unsigned salt, bool nan = false) : host(n) {
    for (std::size_t i = 0; i < n; ++i) {
      const float value = nan ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i * salt % 19) - 9;
      host[i] = static_cast<T>(value);
    }
    REGIMEN_CUDA_CHECK(cudaMalloc(&p, n * sizeof(T)));
    REGIMEN_CUDA_CHECK(cudaMemcpy(p, host.data(), n * sizeof(T), cudaMemcpyHostToDevice));
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { cudaFree(p); }
  std::vector<T> get() const {
    std::vector<T> v(host.size());
    REGIMEN_CUDA_CHECK(cudaMemcpy(v.data(), p, v.size() * sizeof(T), cudaMemcpyDeviceToHost));
    return v;
  }
};

constexpr cublasOperation_t both[] = {CUBLAS_OP_N, CUBLAS_OP_T};
constexpr int m = 5, n = 7, k = 6, count = 3, gap = 2;  // rows that the matrices are longer than they need be

/// What element (i, j) of product `batch` is to be. Small integers: exact in every type.
template <class A, class C>
double expected(const Block<A>& a, const Block<A>& b, const Block<C>& c, cublasOperation_t ta, cublasOperation_t tb,
                int batch, int i, int j, double alpha, double beta, long long sa, long long sb, long long sc) {
  const int lda = (ta == CUBLAS_OP_N ? m : k) + gap, ldb = (tb == CUBLAS_OP_N ? k : n) + gap;
  double sum = 0;
  for (int p = 0; p < k; ++p) {
    const auto x = static_cast<std::size_t>(batch * sa + (ta == CUBLAS_OP_N ? p * lda + i : i * lda + p));
    const auto y = static_cast<std::size_t>(batch * sb + (tb == CUBLAS_OP_N ? j * ldb + p : p * ldb + j));
    sum += static_cast<double>(a.host[x]) * static_cast<double>(b.host[y]);
  }
  const auto z = static_cast<std::size_t>(batch * sc + j * (m + gap) + i);
  return alpha * sum + (beta != 0 ? beta * static_cast<double>(c.host[z]) : 0);
}

template <class A, class C, class F>
void try_all(F run) {
  for (const auto ta : both)
    for (const auto tb : both)
      for (const double beta : {0.0, 2.0}) {
        const int lda = (ta == CUBLAS_OP_N ? m : k) + gap, ldb = (tb == CUBLAS_OP_N ? k : n) + gap, ldc = m + gap;
        const long long sa = lda * (ta == CUBLAS_OP_N ? k : m) + 1, sb = ldb * (tb == CUBLAS_OP_N ? n : k) + 1;
        const long long sc = ldc * n + 1;
        const Block<A> a(static_cast<std::size_t>(sa * count), 5), b(static_cast<std::size_t>(sb * count), 7);
        const Block<C> c(static_cast<std::size_t>(sc * count), 3, beta == 0);
        const Handle handle;
        const int batches = run(handle, ta, tb, a, lda, sa, b, ldb, sb, beta, c, ldc, sc);
        const auto result = c.get();
        for (int batch = 0; batch < batches; ++batch)
          for (int j = 0; j < n; ++j)
            for (int i = 0; i < m; ++i) {
              const double e = expected(a, b, c, ta, tb, batch, i, j, 0.5, beta, sa, sb, sc);
              const auto got = result[static_cast<std::size_t>(batch * sc + j * ldc + i)];
              REQUIRE(static_cast<float>(got) == static_cast<float>(static_cast<C>(static_cast<float>(e))));
            }
        if (beta == 0) CHECK(std::isnan(static_cast<float>(result[m])));  // the gap between columns
      }
}

template <class T>
constexpr cudaDataType type = std::is_same_v<T, float>    ? CUDA_R_32F
                              : std::is_same_v<T, double> ? CUDA_R_64F
                              : std::is_same_v<T, __half> ? CUDA_R_16F
                                                          : CUDA_R_16BF;

template <class A, class C>
void try_ex() {
  const auto compute = std::is_same_v<A, double> ? CUBLAS_COMPUTE_64F : CUBLAS_COMPUTE_32F;
  using Scale = std::conditional_t<std::is_same_v<A, double>, double, float>;
  const Scale alpha = 0.5;
  try_all<A, C>([&](auto& handle, auto ta, auto tb, auto& a, int lda, long long, auto& b, int ldb, long long,
                    double beta_, auto& c, int ldc, long long) {
    const Scale beta = static_cast<Scale>(beta_);
    CHECK(cublasGemmEx(handle, ta, tb, m, n, k, &alpha, a.p, type<A>, lda, b.p, type<A>, ldb, &beta, c.p, type<C>, ldc,
                       compute, CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS);
    return 1;
  });
  try_all<A, C>([&](auto& handle, auto ta, auto tb, auto& a, int lda, long long sa, auto& b, int ldb, long long sb,
                    double beta_, auto& c, int ldc, long long sc) {
    const Scale beta = static_cast<Scale>(beta_);
    CHECK(cublasGemmStridedBatchedEx(handle, ta, tb, m, n, k, &alpha, a.p, type<A>, lda, sa, b.p, type<A>, ldb, sb,
                                     &beta, c.p, type<C>, ldc, sc, count, compute,
                                     CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS);
    return count;
  });
}

}  // namespace

TEST_CASE("products in float and double agree with loops, transposed or not") {
  try_all<float, float>([](auto& handle, auto ta, auto tb, auto& a, int lda, long long, auto& b, int ldb, long long,
                           double beta_, auto& c, int ldc, long long) {
    const float alpha = 0.5f, beta = static_cast<float>(beta_);
    CHECK(cublasSgemm(handle, ta, tb, m, n, k, &alpha, a.p, lda, b.p, ldb, &beta, c.p, ldc) == CUBLAS_STATUS_SUCCESS);
    return 1;
  });
  try_all<double, double>([](auto& handle, auto ta, auto tb, auto& a, int lda, long long, auto& b, int ldb, long long,
                             double beta, auto& c, int ldc, long long) {
    const double alpha = 0.5;
    CHECK(cublasDgemm(handle, ta, tb, m, n, k, &alpha, a.p, lda, b.p, ldb, &beta, c.p, ldc) == CUBLAS_STATUS_SUCCESS);
    return 1;
  });
  try_all<float, float>([](auto& handle, auto ta, auto tb, auto& a, int lda, long long sa, auto& b, int ldb,
                           long long sb, double beta_, auto& c, int ldc, long long sc) {
    const float alpha = 0.5f, beta = static_cast<float>(beta_);
    CHECK(cublasSgemmStridedBatched(handle, ta, tb, m, n, k, &alpha, a.p, lda, sa, b.p, ldb, sb, &beta, c.p, ldc, sc,
                                    count) == CUBLAS_STATUS_SUCCESS);
    return count;
  });
  try_all<double, double>([](auto& handle, auto ta, auto tb, auto& a, int lda, long long sa, auto& b, int ldb,
                             long long sb, double beta, auto& c, int ldc, long long sc) {
    const double alpha = 0.5;
    CHECK(cublasDgemmStridedBatched(handle, ta, tb, m, n, k, &alpha, a.p, lda, sa, b.p, ldb, sb, &beta, c.p, ldc, sc,
                                    count) == CUBLAS_STATUS_SUCCESS);
    return count;
  });
}

TEST_CASE("products in mixed precision agree with loops") {
  try_ex<float, float>();
  try_ex<double, double>();
  try_ex<__half, __half>();
  try_ex<__half, float>();
  try_ex<__nv_bfloat16, __nv_bfloat16>();
  try_ex<__nv_bfloat16, float>();
}

TEST_CASE("wrong arguments are refused") {
  const Handle handle;
  const Block<float> a(64, 1), b(64, 1), c(64, 1);
  const float one = 1;
  const auto run = [&](int rows, int lda, int ldb, int ldc) {
    return cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, rows, 4, 4, &one, a.p, lda, b.p, ldb, &one, c.p, ldc);
  };
  CHECK(run(4, 4, 4, 4) == CUBLAS_STATUS_SUCCESS);
  CHECK(run(0, 1, 4, 1) == CUBLAS_STATUS_SUCCESS);
  CHECK(run(-1, 4, 4, 4) == CUBLAS_STATUS_INVALID_VALUE);
  CHECK(run(4, 3, 4, 4) == CUBLAS_STATUS_INVALID_VALUE);
  CHECK(run(4, 4, 3, 4) == CUBLAS_STATUS_INVALID_VALUE);
  CHECK(run(4, 4, 4, 3) == CUBLAS_STATUS_INVALID_VALUE);
  CHECK_THROWS_AS(run(17, 17, 4, 17), simt::Error);  // does not fit
  CHECK(cublasGemmEx(handle, CUBLAS_OP_N, CUBLAS_OP_N, 4, 4, 4, &one, a.p, CUDA_R_32F, 4, b.p, CUDA_R_16F, 4, &one, c.p,
                     CUDA_R_32F, 4, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_NOT_SUPPORTED);
  CHECK(cublasSgemm(nullptr, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, a.p, 1, b.p, 1, &one, c.p, 1) ==
        CUBLAS_STATUS_NOT_INITIALIZED);
  CHECK(cublasSetWorkspace(handle, a.p, 256) == CUBLAS_STATUS_SUCCESS);
  CHECK(cublasSetWorkspace(handle, a.p + 1, 256) == CUBLAS_STATUS_INVALID_VALUE);
  cublasMath_t mode = CUBLAS_DEFAULT_MATH;
  CHECK(cublasSetMathMode(handle, CUBLAS_TF32_TENSOR_OP_MATH) == CUBLAS_STATUS_SUCCESS);
  CHECK(cublasGetMathMode(handle, &mode) == CUBLAS_STATUS_SUCCESS);
  CHECK(mode == CUBLAS_TF32_TENSOR_OP_MATH);
}

TEST_CASE("products run on the handle's stream") {
  const simt::Config old = simt::config();
  simt::config().lazy = true;
  simt::config().stream_seed = 0;
  {
    cudaStream_t stream = nullptr, found = nullptr;
    REGIMEN_CUDA_CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    const Handle handle;
    const Block<float> a(1, 1), c(1, 1);
    const float one = 1, zero = 0;
    CHECK(cublasSetStream(handle, stream) == CUBLAS_STATUS_SUCCESS);
    CHECK(cublasGetStream(handle, &found) == CUBLAS_STATUS_SUCCESS);
    CHECK(found == stream);
    CHECK(cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, a.p, 1, a.p, 1, &zero, c.p, 1) ==
          CUBLAS_STATUS_SUCCESS);
    CHECK(c.get()[0] == -9);
    REGIMEN_CUDA_CHECK(cudaStreamSynchronize(stream));
    CHECK(c.get()[0] == 81);
    REGIMEN_CUDA_CHECK(cudaStreamDestroy(stream));
  }
  simt::config() = old;
}
