// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/softmax.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

/// What cross_entropy does beyond -log p.
template <class T>
struct CrossEntropyOptions {
  T smoothing = 0;                   ///< e: the part of the target that is spread over all classes, in [0, 1]
  const T* class_weights = nullptr;  ///< w: n factors of the classes' terms, or none
};

namespace reduction {

/// Sum of top - x.
template <class T>
struct Gap : Sum<T> {
  T top;
  REGIMEN_HD explicit Gap(T from) : top(from) {}
  REGIMEN_HD T filler() const { return top; }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V term(V x) const {
    return top - x;
  }
};

/// Sum of -w log p = w ((shift - x) + rest); a weight of 0 gives 0 even where log p is infinite.
template <class T>
struct WeightedSurprise : Sum<T> {
  softmax_detail::LogSum<T> top;
  REGIMEN_HD explicit WeightedSurprise(softmax_detail::LogSum<T> from) : top(from) {}
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V term(V x, V w) const {
    return w == V{} ? V{} : w * ((top.shift - x) + top.rest);
  }
};

}  // namespace reduction

/// Cross-entropy of labels y[m] in [0, n) under softmax of logits x[m, n], softmax and loss in one pass:
///
///   lse[i]  = log sum_j exp x[i, j]
///   loss[i] = (1 - e) w[y_i] (lse[i] - x[i, y_i]) + e / n sum_j w[j] (lse[i] - x[i, j])
///
/// with w = 1 where there are no class weights: PyTorch's per-element loss, label smoothing and weights included. (Its
/// mean with weights divides by sum_i w[y_i].) The backward pass needs lse alone, whose rounding is a relative error of
/// eps |lse| in its probabilities; the losses do not have that error. A logit of -infinity is a class that
/// cannot occur: no loss unless it is the label's (infinity) or smoothed (infinity, or 0 where its weight is 0). The
/// caller checks the labels.
template <class T>
void cross_entropy(Cpu, std::int64_t m, std::int64_t n, const T* x, const std::int64_t* labels,
                   const CrossEntropyOptions<T>& options, T* lse, T* loss) {
  const T e = options.smoothing, *w = options.class_weights;
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* row = x + i * n;
      const std::int64_t y = labels[i];
      const auto top = softmax_detail::log_sum(n, row);
      T value = ((top.shift - row[y]) + top.rest) * (w != nullptr ? w[y] : T{1});
      if (e != 0) {
        const auto classes = static_cast<T>(n);
        const T all = w != nullptr ? reduce_row<T>(reduction::WeightedSurprise<T>(top), n, row, w)
                                   : reduce_row<T>(reduction::Gap<T>(top.shift), n, row) + classes * top.rest;
        value = (1 - e) * value + e / classes * all;
      }
      lse[i] = top.value();
      loss[i] = value;
    }
  });
}

/// The gradient of cross_entropy's losses times g[m], with p[i, j] = exp(x[i, j] - lse[i]):
///
///   dx[i, j] = g[i] ( ((1 - e) w[y_i] + e / n sum_k w[k]) p[i, j] - (1 - e) w[y_i] [j = y_i] - e / n w[j] )
///
/// dx may be x.
template <class T>
void cross_entropy_backward(Cpu, std::int64_t m, std::int64_t n, const T* x, const std::int64_t* labels,
                            const CrossEntropyOptions<T>& options, const T* lse, const T* g, T* dx) {
  const T e = options.smoothing, each = n > 0 ? e / static_cast<T>(n) : T{0}, *w = options.class_weights;
  const T all = each * (w != nullptr ? reduce_row<T>(reduction::Sum<T>{}, n, w) : static_cast<T>(n));
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* from = x + i * n;
      T* to = dx + i * n;
      const std::int64_t y = labels[i];
      const T hard = (1 - e) * (w != nullptr ? w[y] : T{1}), top = lse[i];
      const T scale = g[i] * (hard + all), spread = g[i] * each;
      if (w != nullptr && e != 0)
        map_range(
            n, [=](auto v, auto weight) { return scale * math::exp(v - top) - spread * weight; }, to, from, w);
      else
        map_range(
            n, [=](auto v) { return scale * math::exp(v - top) - spread; }, to, from);
      to[y] -= g[i] * hard;
    }
  });
}

/// Cross-entropy of distributions t[m, n] under softmax of logits x[m, n]:
///
///   lse[i] = log sum_j exp x[i, j]          loss[i] = sum_j t[i, j] (lse[i] - x[i, j])
///
/// A target of 0 gives 0 even where the logit is -infinity. Rows of t need not sum to 1.
template <class T>
void cross_entropy_soft(Cpu, std::int64_t m, std::int64_t n, const T* x, const T* t, T* lse, T* loss) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto top = softmax_detail::log_sum(n, x + i * n);
      lse[i] = top.value();
      loss[i] = reduce_row<T>(reduction::WeightedSurprise<T>(top), n, x + i * n, t + i * n);
    }
  });
}

/// The gradient of cross_entropy_soft's losses times g[m], with p[i, j] = exp(x[i, j] - lse[i]):
///
///   dx[i, j] = g[i] (p[i, j] sum_k t[i, k] - t[i, j])
///
/// dx may be x or t.
template <class T>
void cross_entropy_soft_backward(Cpu, std::int64_t m, std::int64_t n, const T* x, const T* t, const T* lse, const T* g,
                                 T* dx) {
  parallel_for(m, softmax_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T total = reduce_row<T>(reduction::Sum<T>{}, n, t + i * n), top = lse[i], scale = g[i];
      map_range(
          n, [=](auto v, auto target) { return scale * (total * math::exp(v - top) - target); }, dx + i * n, x + i * n,
          t + i * n);
    }
  });
}

}  // namespace regimen::kernel
