// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

namespace reduction {

/// Sum of exp(x - shift).
template <class T>
struct SumExp : Sum<T> {
  T shift;
  REGIMEN_HD explicit SumExp(T by) : shift(by) {}
  REGIMEN_HD static constexpr T filler() { return lowest<T>; }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V term(V x) const {
    return math::exp(x - shift);
  }
};

}  // namespace reduction

namespace softmax_detail {

/// Rows of n elements worth a thread: an exponential costs several plain operations.
inline std::int64_t row_grain(std::int64_t n) { return std::max<std::int64_t>(1, elementwise_grain / 4 / (n + 1)); }

/// log sum_j exp x_j in two parts, for the digits of what is subtracted from a large one: the largest element, or 0
/// where that is infinite, and the rest.
template <class T>
struct LogSum {
  T shift, rest;
  T value() const { return shift + rest; }
};
template <class T>
LogSum<T> log_sum(std::int64_t n, const T* x) {
  const T peak = reduce_row<T>(reduction::Max<T>{}, n, x);
  const T shift = std::isinf(peak) ? T{0} : peak;
  return {shift, std::log(reduce_row<T>(reduction::SumExp<T>(shift), n, x))};
}

}  // namespace softmax_detail

/// out[i, j] = exp x[i, j] / sum_k exp x[i, k] for x[m, n], shifted by the row's largest element, so that no finite
/// row overflows.
///
/// As in PyTorch an element of -infinity has probability 0, and a row is NaN if all its elements are -infinity or if
/// one is infinity or NaN. out may be x.
template <class T>
void softmax(Cpu, std::int64_t m, std::int64_t n, const T* x, T* out) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* from = x + i * n;
      T* to = out + i * n;
      const T peak = reduce_row<T>(reduction::Max<T>{}, n, from);
      map_range(
          n, [=](auto v) { return math::exp(v - peak); }, to, from);
      const T scale = T{1} / reduce_row<T>(reduction::Sum<T>{}, n, to);
      map_range(
          n, [=](auto v) { return v * scale; }, to, static_cast<const T*>(to));
    }
  });
}

/// out[i, j] = x[i, j] - log sum_k exp x[i, k] for x[m, n]. Infinities and NaN as in softmax. out may be x.
template <class T>
void log_softmax(Cpu, std::int64_t m, std::int64_t n, const T* x, T* out) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* from = x + i * n;
      const T peak = reduce_row<T>(reduction::Max<T>{}, n, from);
      const T rest = std::log(reduce_row<T>(reduction::SumExp<T>(peak), n, from));
      map_range(
          n, [=](auto v) { return (v - peak) - rest; }, out + i * n, from);
    }
  });
}

/// out[i] = log sum_k exp x[i, k] for x[m, n]: -infinity for a row of nothing but -infinity (or of no elements),
/// infinity where an element is.
template <class T>
void logsumexp(Cpu, std::int64_t m, std::int64_t n, const T* x, T* out) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = softmax_detail::log_sum(n, x + i * n).value();
  });
}

/// dx = y (g - sum_k g y) by rows of [m, n], for y = softmax(x) and the gradient g of y. dx may be g or y.
template <class T>
void softmax_backward(Cpu, std::int64_t m, std::int64_t n, const T* y, const T* g, T* dx) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T mean = reduce_row<T>(reduction::Dot<T>{}, n, y + i * n, g + i * n);
      map_range(
          n, [=](auto p, auto v) { return p * (v - mean); }, dx + i * n, y + i * n, g + i * n);
    }
  });
}

/// dx = g - exp(y) sum_k g by rows of [m, n], for y = log_softmax(x) and the gradient g of y. dx may be g or y.
template <class T>
void log_softmax_backward(Cpu, std::int64_t m, std::int64_t n, const T* y, const T* g, T* dx) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T total = reduce_row<T>(reduction::Sum<T>{}, n, g + i * n);
      map_range(
          n, [=](auto l, auto v) { return v - math::exp(l) * total; }, dx + i * n, y + i * n, g + i * n);
    }
  });
}

}  // namespace regimen::kernel
