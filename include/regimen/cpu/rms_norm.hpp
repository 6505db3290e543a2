// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/norm.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

/// Root-mean-square normalisation of the rows of x[m, n]:
///
///   rstd[i] = 1 / sqrt(sum_j x[i, j]^2 / n + epsilon)          y[i, j] = x[i, j] rstd[i] gamma[j]
///
/// gamma has n elements; a null gamma is 1. y may be x.
template <class T>
void rms_norm(Cpu, std::int64_t m, std::int64_t n, const T* x, const T* gamma, T epsilon, T* y, T* rstd) {
  parallel_for(m, norm_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* from = x + i * n;
      const T square = reduce_row<T>(reduction::SumSquares<T>{}, n, from) / static_cast<T>(n);
      const T scale = T{1} / std::sqrt(square + epsilon);
      rstd[i] = scale;
      if (gamma == nullptr)
        map_range(
            n, [=](auto v) { return v * scale; }, y + i * n, from);
      else
        map_range(
            n, [=](auto v, auto w) { return v * scale * w; }, y + i * n, from, gamma);
    }
  });
}

/// The gradients of rms_norm for the gradient g of y, with h = x rstd and u = g gamma:
///
///   dx = rstd (u - h sum_j u h / n)          dgamma = sum_i g h
///
/// dx and dgamma may be null: it is not wanted then. dx may be g or x only where dgamma is null.
template <class T>
void rms_norm_backward(Cpu, std::int64_t m, std::int64_t n, const T* x, const T* gamma, const T* rstd, const T* g,
                       T* dx, T* dgamma) {
  if (dx != nullptr)
    parallel_for(m, norm_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const T *from = x + i * n, *up = g + i * n;
        const T scale = rstd[i];
        const reduction::Covariance<T> product(T{0});
        const T total =
            gamma == nullptr ? reduce_row<T>(product, n, up, from) : reduce_row<T>(product, n, up, from, gamma);
        const T slope = scale * scale * total / static_cast<T>(n);
        const auto plain = [=](auto u, auto v) { return scale * (u - v * slope); };
        norm_detail::map_gradient(n, plain, up, from, gamma, dx + i * n);
      }
    });
  if (dgamma != nullptr)
    norm_detail::column_sums(
        m, n,
        [=](auto kind, std::int64_t i, std::int64_t j) {
          using U = decltype(kind);
          return load<U>(g + i * n + j) * (load<U>(x + i * n + j) * rstd[i]);
        },
        dgamma);
}

}  // namespace regimen::kernel
