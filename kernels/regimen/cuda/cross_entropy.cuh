// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/cpu/cross_entropy.hpp"
#include "regimen/cuda/softmax.cuh"

namespace regimen::kernel {

namespace cuda_detail {

/// -w log p of one class; a weight of 0 gives 0 even where log p is infinite.
template <class T>
__device__ T surprise(const LogSum<T>& top, T x, T w) {
  return w == T{0} ? T{0} : w * ((top.shift - x) + top.rest);
}

template <class T>
__global__ void cross_entropy_rows(std::int64_t n, const T* x, const std::int64_t* labels, T smoothing,
                                   const T* weights, T* lse,
                                   T* loss) {  // x [m, n], weights [n] or null, others [m]: a block a row
  const T* const row = x + blockIdx.x * n;
  const std::int64_t y = labels[blockIdx.x];
  const LogSum<T> top = row_log_sum(n, row);
  T value = ((top.shift - row[y]) + top.rest) * (weights != nullptr ? weights[y] : T{1});
  if (smoothing != T{0}) {
    T all = 0;
    for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x)
      all += weights != nullptr ? surprise(top, row[j], weights[j]) : (top.shift - row[j]) + top.rest;
    all = block_reduce(reduction::Sum<T>{}, all);
    value = (T{1} - smoothing) * value + smoothing / static_cast<T>(n) * all;
  }
  if (threadIdx.x != 0) return;
  lse[blockIdx.x] = top.shift + top.rest;
  loss[blockIdx.x] = value;
}

template <class T>
__global__ void cross_entropy_backward_rows(std::int64_t n, const T* x, const std::int64_t* labels, T smoothing,
                                            const T* weights, const T* lse, const T* g,
                                            T* dx) {  // x, dx [m, n], weights [n] or null, others [m]: a block a row
  const T each = smoothing / static_cast<T>(n);
  T all = static_cast<T>(n);
  if (weights != nullptr && smoothing != T{0}) all = row_reduce<T>(reduction::Sum<T>{}, n, weights);
  const std::int64_t y = labels[blockIdx.x], row = blockIdx.x * n;
  const T hard = (T{1} - smoothing) * (weights != nullptr ? weights[y] : T{1}), top = lse[blockIdx.x];
  const T scale = g[blockIdx.x] * (hard + each * all), spread = g[blockIdx.x] * each;
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) {
    T d = scale * math::exp(x[row + j] - top) - (weights != nullptr ? spread * weights[j] : spread);
    if (j == y) d -= g[blockIdx.x] * hard;
    dx[row + j] = d;
  }
}

template <class T>
__global__ void cross_entropy_soft_rows(std::int64_t n, const T* x, const T* t, T* lse,
                                        T* loss) {  // x, t [m, n], others [m]: a block a row
  const std::int64_t row = blockIdx.x * n;
  const LogSum<T> top = row_log_sum(n, x + row);
  T value = 0;
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) value += surprise(top, x[row + j], t[row + j]);
  value = block_reduce(reduction::Sum<T>{}, value);
  if (threadIdx.x != 0) return;
  lse[blockIdx.x] = top.shift + top.rest;
  loss[blockIdx.x] = value;
}

template <class T>
__global__ void cross_entropy_soft_backward_rows(std::int64_t n, const T* x, const T* t, const T* lse, const T* g,
                                                 T* dx) {  // x, t, dx [m, n], others [m]: a block a row
  const std::int64_t row = blockIdx.x * n;
  const T total = row_reduce<T>(reduction::Sum<T>{}, n, t + row), top = lse[blockIdx.x], scale = g[blockIdx.x];
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x)
    dx[row + j] = scale * (total * math::exp(x[row + j] - top) - t[row + j]);
}

}  // namespace cuda_detail

/// As on the CPU: losses of labels or of distributions t under softmax of x [m, n], with lse for the backward pass, and
/// their gradients.
template <class T>
void cross_entropy(Cuda, std::int64_t m, std::int64_t n, const T* x, const std::int64_t* labels,
                   const CrossEntropyOptions<T>& options, T* lse, T* loss) {
  cuda_detail::launch_rows("cross_entropy", cuda_detail::cross_entropy_rows<T>, m, n, x, labels, options.smoothing,
                           options.class_weights, lse, loss);
}
template <class T>
void cross_entropy_backward(Cuda, std::int64_t m, std::int64_t n, const T* x, const std::int64_t* labels,
                            const CrossEntropyOptions<T>& options, const T* lse, const T* g, T* dx) {
  cuda_detail::launch_rows("cross_entropy_backward", cuda_detail::cross_entropy_backward_rows<T>, m, n, x, labels,
                           options.smoothing, options.class_weights, lse, g, dx);
}
template <class T>
void cross_entropy_soft(Cuda, std::int64_t m, std::int64_t n, const T* x, const T* t, T* lse, T* loss) {
  cuda_detail::launch_rows("cross_entropy_soft", cuda_detail::cross_entropy_soft_rows<T>, m, n, x, t, lse, loss);
}
template <class T>
void cross_entropy_soft_backward(Cuda, std::int64_t m, std::int64_t n, const T* x, const T* t, const T* lse, const T* g,
                                 T* dx) {
  cuda_detail::launch_rows("cross_entropy_soft_backward", cuda_detail::cross_entropy_soft_backward_rows<T>, m, n, x, t,
                           lse, g, dx);
}

}  // namespace regimen::kernel
