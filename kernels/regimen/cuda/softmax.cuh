// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/math.hpp"
#include "regimen/core/reductions.hpp"
#include "regimen/cuda/block.cuh"
#include "regimen/cuda/elementwise.cuh"

namespace regimen::kernel {

namespace cuda_detail {

/// The reduction of a row's n terms by a block, in every thread.
template <class T, class R, class... In>
__device__ T row_reduce(const R& r, std::int64_t n, const In*... in) {
  T value = r.identity();
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) value = r.join(value, r.term(in[j]...));
  return block_reduce(r, value);
}

/// log sum_j exp x_j in two parts, as on the CPU: the largest element, or 0 where that is infinite, and the rest.
template <class T>
struct LogSum {
  T shift, rest;
};
template <class T>
__device__ LogSum<T> row_log_sum(std::int64_t n, const T* x) {
  const T peak = row_reduce<T>(reduction::Max<T>{}, n, x), shift = peak - peak == T{0} ? peak : T{0};
  return {shift, math::log(row_reduce<T>(reduction::SumExp<T>(shift), n, x))};
}

/// Launches kernel(n, arguments...) with a block for each of m rows of n elements.
template <class... P>
void launch_rows(const char* name, void (*kernel)(std::int64_t, P...), std::int64_t m, std::int64_t n,
                 std::type_identity_t<P>... arguments) {
  const unsigned block = block_of(n);
  cuda::launch(name, kernel, {.grid = cuda::block_count(m, 1), .block = block}, cuda::Context::current().stream(), n,
               arguments...);
}

template <class T>
__global__ void softmax_rows(std::int64_t n, const T* x, T* out) {  // x, out [m, n]: a block a row
  const T* const from = x + blockIdx.x * n;
  T* const to = out + blockIdx.x * n;
  const T peak = row_reduce<T>(reduction::Max<T>{}, n, from);
  T total = 0;
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) {
    const T y = math::exp(from[j] - peak);
    to[j] = y;
    total += y;
  }
  const T scale = T{1} / block_reduce(reduction::Sum<T>{}, total);
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) to[j] *= scale;
}

template <class T>
__global__ void log_softmax_rows(std::int64_t n, const T* x, T* out) {  // x, out [m, n]: a block a row
  const T* const from = x + blockIdx.x * n;
  const T peak = row_reduce<T>(reduction::Max<T>{}, n, from);
  const T rest = math::log(row_reduce<T>(reduction::SumExp<T>(peak), n, from));
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) out[blockIdx.x * n + j] = (from[j] - peak) - rest;
}

template <class T>
__global__ void logsumexp_rows(std::int64_t n, const T* x, T* out) {  // x [m, n], out [m]: a block a row
  const LogSum<T> top = row_log_sum(n, x + blockIdx.x * n);
  if (threadIdx.x == 0) out[blockIdx.x] = top.shift + top.rest;
}

template <class T>
__global__ void softmax_backward_rows(std::int64_t n, const T* y, const T* g, T* dx) {  // all [m, n]: a block a row
  const std::int64_t row = blockIdx.x * n;
  const T mean = row_reduce<T>(reduction::Dot<T>{}, n, y + row, g + row);
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) dx[row + j] = y[row + j] * (g[row + j] - mean);
}

template <class T>
__global__ void log_softmax_backward_rows(std::int64_t n, const T* y, const T* g, T* dx) {  // all [m, n]: a block a row
  const std::int64_t row = blockIdx.x * n;
  const T total = row_reduce<T>(reduction::Sum<T>{}, n, g + row);
  for (std::int64_t j = threadIdx.x; j < n; j += blockDim.x) dx[row + j] = g[row + j] - math::exp(y[row + j]) * total;
}

}  // namespace cuda_detail

/// By rows of [m, n], as on the CPU: softmax, log-softmax, logsumexp, and the gradients of the first two.
template <class T>
void softmax(Cuda, std::int64_t m, std::int64_t n, const T* x, T* out) {
  cuda_detail::launch_rows("softmax", cuda_detail::softmax_rows<T>, m, n, x, out);
}
template <class T>
void log_softmax(Cuda, std::int64_t m, std::int64_t n, const T* x, T* out) {
  cuda_detail::launch_rows("log_softmax", cuda_detail::log_softmax_rows<T>, m, n, x, out);
}
template <class T>
void logsumexp(Cuda, std::int64_t m, std::int64_t n, const T* x, T* out) {
  cuda_detail::launch_rows("logsumexp", cuda_detail::logsumexp_rows<T>, m, n, x, out);
}
template <class T>
void softmax_backward(Cuda, std::int64_t m, std::int64_t n, const T* y, const T* g, T* dx) {
  cuda_detail::launch_rows("softmax_backward", cuda_detail::softmax_backward_rows<T>, m, n, y, g, dx);
}
template <class T>
void log_softmax_backward(Cuda, std::int64_t m, std::int64_t n, const T* y, const T* g, T* dx) {
  cuda_detail::launch_rows("log_softmax_backward", cuda_detail::log_softmax_backward_rows<T>, m, n, y, g, dx);
}

}  // namespace regimen::kernel
