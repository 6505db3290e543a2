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
#include "regimen/cpu/reduce.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"

namespace regimen::kernel {

namespace reduction {

/// Sum of (x - center)^2.
template <class T>
struct SquaredDeviation : Sum<T> {
  T center;
  REGIMEN_HD explicit SquaredDeviation(T at) : center(at) {}
  REGIMEN_HD T filler() const { return center; }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V term(V x) const {
    return (x - center) * (x - center);
  }
};

/// Sum of g (x - center), or of g w (x - center).
template <class T>
struct Covariance : Sum<T> {
  T center;
  REGIMEN_HD explicit Covariance(T at) : center(at) {}
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V term(V g, V x) const {
    return g * (x - center);
  }
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V term(V g, V x, V w) const {
    return g * w * (x - center);
  }
};

}  // namespace reduction

namespace norm_detail {

inline std::int64_t row_grain(std::int64_t n) { return std::max<std::int64_t>(1, elementwise_grain / 4 / (n + 1)); }

/// out[j] = sum_i term(i, j) for i < rows, j < columns; term(kind, i, j) gives a value of kind's type, for j and, where
/// it is a vector, for the columns after it. Blocks of rows are summed apart and then pairwise, in an order that
/// depends on the sizes alone.
template <class T, class F>
void column_sums(std::int64_t rows, std::int64_t columns, const F& term, T* out) {
  constexpr std::int64_t block = 256, strip = 256;
  const std::int64_t blocks = std::max<std::int64_t>(1, (rows + block - 1) / block);
  const std::int64_t strips = (columns + strip - 1) / strip;
  const Scratch<T> partial(blocks > 1 ? blocks * columns : 0);
  T* const sums = blocks > 1 ? partial.data() : out;
  parallel_for(
      blocks * strips,
      std::max<std::int64_t>(1, elementwise_grain / 2 / (std::min(rows, block) * std::min(columns, strip) + 1)),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t task = begin; task < end; ++task) {
          const std::int64_t from = task % strips * strip, first = task / strips * block;
          const std::int64_t width = std::min(strip, columns - from), last = std::min(rows, first + block);
          T* const to = sums + task / strips * columns + from;
          std::fill(to, to + width, T{0});
          std::int64_t i = first;
          const auto one = [&](auto kind, std::int64_t j) {
            using U = decltype(kind);
            store<U>(to + j, load<U>(to + j) + term(kind, i, from + j));
          };
          const auto four = [&](auto kind, std::int64_t j) {
            using U = decltype(kind);
            const U low = term(kind, i, from + j) + term(kind, i + 1, from + j);
            const U high = term(kind, i + 2, from + j) + term(kind, i + 3, from + j);
            store<U>(to + j, load<U>(to + j) + (low + high));
          };
          for (; i + 4 <= last; i += 4) reduce_detail::along<T>(width, four);
          for (; i < last; ++i) reduce_detail::along<T>(width, one);
        }
      });
  if (blocks == 1) return;
  for (std::int64_t gap = 1; gap < blocks; gap *= 2)
    for (std::int64_t b = 0; b + gap < blocks; b += 2 * gap)
      for (std::int64_t j = 0; j < columns; ++j) sums[b * columns + j] += sums[(b + gap) * columns + j];
  std::copy(sums, sums + columns, out);
}

/// out[k] = sum over i and inner of a term of [n, c, inner], where row(i, k) is the sum over inner of channel k.
template <class T, class F>
void channel_sums(std::int64_t n, std::int64_t c, std::int64_t inner, const F& row, T* out) {
  const Scratch<T> partial(n * c);
  parallel_for(n * c, row_grain(inner), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin; at < end; ++at) partial.data()[at] = row(at, at % c);
  });
  sum(Cpu{}, 1, n, c, static_cast<const T*>(partial.data()), out);
}

/// out[j] = plain(g[j] gamma[j], x[j]); a null gamma is 1.
template <class T, class F>
void map_gradient(std::int64_t n, const F& plain, const T* g, const T* x, const T* gamma, T* out) {
  if (gamma == nullptr)
    map_range(n, plain, out, g, x);
  else
    map_range(
        n, [=](auto u, auto v, auto w) { return plain(u * w, v); }, out, g, x, gamma);
}

}  // namespace norm_detail

/// Layer normalisation of the rows of x[m, n]:
///
///   mean[i] = sum_j x[i, j] / n          rstd[i] = 1 / sqrt(sum_j (x[i, j] - mean[i])^2 / n + epsilon)
///   y[i, j] = (x[i, j] - mean[i]) rstd[i] gamma[j] + beta[j]
///
/// gamma and beta have n elements; a null gamma is 1, a null beta 0. y may be x.
template <class T>
void layer_norm(Cpu, std::int64_t m, std::int64_t n, const T* x, const T* gamma, const T* beta, T epsilon, T* y,
                T* mean, T* rstd) {
  parallel_for(m, norm_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* from = x + i * n;
      T* to = y + i * n;
      const auto size = static_cast<T>(n);
      const T center = reduce_row<T>(reduction::Sum<T>{}, n, from) / size;
      const T variance = reduce_row<T>(reduction::SquaredDeviation<T>(center), n, from) / size;
      const T scale = T{1} / std::sqrt(variance + epsilon);
      mean[i] = center;
      rstd[i] = scale;
      const auto plain = [=](auto v) { return (v - center) * scale; };
      if (gamma == nullptr && beta == nullptr) {
        map_range(n, plain, to, from);
      } else if (beta == nullptr) {
        map_range(
            n, [=](auto v, auto w) { return plain(v) * w; }, to, from, gamma);
      } else if (gamma == nullptr) {
        map_range(
            n, [=](auto v, auto b) { return plain(v) + b; }, to, from, beta);
      } else {
        map_range(
            n, [=](auto v, auto w, auto b) { return plain(v) * w + b; }, to, from, gamma, beta);
      }
    }
  });
}

/// The gradients of layer_norm for the gradient g of y, with h = (x - mean) rstd and u = g gamma:
///
///   dx = rstd (u - sum_j u / n - h sum_j u h / n)          dgamma = sum_i g h          dbeta = sum_i g
///
/// Each of dx, dgamma and dbeta may be null: it is not wanted then. dx may be g or x only where the others are null.
template <class T>
void layer_norm_backward(Cpu, std::int64_t m, std::int64_t n, const T* x, const T* gamma, const T* mean, const T* rstd,
                         const T* g, T* dx, T* dgamma, T* dbeta) {
  if (dx != nullptr)
    parallel_for(m, norm_detail::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const T *from = x + i * n, *up = g + i * n;
        const T center = mean[i], scale = rstd[i];
        const reduction::Covariance<T> covariance(center);
        const T total = gamma == nullptr ? reduce_row<T>(reduction::Sum<T>{}, n, up)
                                         : reduce_row<T>(reduction::Dot<T>{}, n, up, gamma);
        const T product =
            gamma == nullptr ? reduce_row<T>(covariance, n, up, from) : reduce_row<T>(covariance, n, up, from, gamma);
        const T level = total / static_cast<T>(n), slope = scale * scale * product / static_cast<T>(n);
        const auto plain = [=](auto u, auto v) { return scale * (u - level - (v - center) * slope); };
        norm_detail::map_gradient(n, plain, up, from, gamma, dx + i * n);
      }
    });
  if (dgamma != nullptr)
    norm_detail::column_sums(
        m, n,
        [=](auto kind, std::int64_t i, std::int64_t j) {
          using U = decltype(kind);
          return load<U>(g + i * n + j) * ((load<U>(x + i * n + j) - mean[i]) * rstd[i]);
        },
        dgamma);
  if (dbeta != nullptr) sum(Cpu{}, 1, m, n, g, dbeta);
}

/// Mean and biased variance of each channel of x[n, c, inner] over the other axes:
///
///   mean[k] = sum_{i, p} x[i, k, p] / (n inner)          variance[k] = sum_{i, p} (x[i, k, p] - mean[k])^2 / (n inner)
template <class T>
void batch_norm_statistics(Cpu, std::int64_t n, std::int64_t c, std::int64_t inner, const T* x, T* mean, T* variance) {
  const auto count = static_cast<T>(n * inner);
  if (inner == 1) {
    sum(Cpu{}, 1, n, c, x, mean);
    for (std::int64_t k = 0; k < c; ++k) mean[k] /= count;
    const auto square = [=](auto kind, std::int64_t i, std::int64_t k) {
      using U = decltype(kind);
      const U gap = load<U>(x + i * c + k) - load<U>(mean + k);
      return gap * gap;
    };
    norm_detail::column_sums(n, c, square, variance);
  } else {
    const auto total = [=](std::int64_t at, std::int64_t) {
      return reduce_row<T>(reduction::Sum<T>{}, inner, x + at * inner);
    };
    norm_detail::channel_sums(n, c, inner, total, mean);
    for (std::int64_t k = 0; k < c; ++k) mean[k] /= count;
    const auto squares = [=](std::int64_t at, std::int64_t k) {
      return reduce_row<T>(reduction::SquaredDeviation<T>(mean[k]), inner, x + at * inner);
    };
    norm_detail::channel_sums(n, c, inner, squares, variance);
  }
  for (std::int64_t k = 0; k < c; ++k) variance[k] /= count;
}

/// Batch normalisation of x[n, c, inner] by given statistics of the c channels, a batch's or running ones:
///
///   y = (x - mean) gamma / sqrt(variance + epsilon) + beta
///
/// gamma and beta have c elements; a null gamma is 1, a null beta 0. y may be x.
template <class T>
void batch_norm(Cpu, std::int64_t n, std::int64_t c, std::int64_t inner, const T* x, const T* gamma, const T* beta,
                const T* mean, const T* variance, T epsilon, T* y) {
  const Scratch<T> factors(2 * c);
  T *const scale = factors.data(), *const shift = scale + c;
  for (std::int64_t k = 0; k < c; ++k) {
    scale[k] = (gamma != nullptr ? gamma[k] : T{1}) / std::sqrt(variance[k] + epsilon);
    shift[k] = beta != nullptr ? beta[k] : T{0};
  }
  const std::int64_t rows = inner == 1 ? n : n * c, length = inner == 1 ? c : inner;
  parallel_for(rows, std::max<std::int64_t>(1, elementwise_grain / (length + 1)),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t at = begin; at < end; ++at) {
                   const T* from = x + at * length;
                   T* to = y + at * length;
                   const auto f = [](auto v, auto m, auto s, auto b) { return (v - m) * s + b; };
                   if (inner == 1) {
                     map_range(c, f, to, from, mean, static_cast<const T*>(scale), static_cast<const T*>(shift));
                   } else {
                     const T m = mean[at % c], s = scale[at % c], b = shift[at % c];
                     map_range(
                         inner, [=](auto v) { return f(v, m, s, b); }, to, from);
                   }
                 }
               });
}

/// The gradients of batch_norm for the gradient g of y, with h = (x - mean) / sqrt(variance + epsilon):
///
///   dgamma = sum_{i, p} g h          dbeta = sum_{i, p} g
///   dx = gamma / sqrt(variance + epsilon) (g - dbeta / (n inner) - h dgamma / (n inner))
///
/// where the statistics are those of x (of_batch); the last two terms are missing where they are constants. A null
/// gamma is 1. dgamma and dbeta are always written; dx may be null, and may be g or x.
template <class T>
void batch_norm_backward(Cpu, std::int64_t n, std::int64_t c, std::int64_t inner, const T* x, const T* gamma,
                         const T* mean, const T* variance, T epsilon, bool of_batch, const T* g, T* dx, T* dgamma,
                         T* dbeta) {
  if (inner == 1) {
    const auto product = [=](auto kind, std::int64_t i, std::int64_t k) {
      using U = decltype(kind);
      return load<U>(g + i * c + k) * (load<U>(x + i * c + k) - load<U>(mean + k));
    };
    norm_detail::column_sums(n, c, product, dgamma);
    sum(Cpu{}, 1, n, c, g, dbeta);
  } else {
    const auto product = [=](std::int64_t at, std::int64_t k) {
      return reduce_row<T>(reduction::Covariance<T>(mean[k]), inner, g + at * inner, x + at * inner);
    };
    const auto total = [=](std::int64_t at, std::int64_t) {
      return reduce_row<T>(reduction::Sum<T>{}, inner, g + at * inner);
    };
    norm_detail::channel_sums(n, c, inner, product, dgamma);
    norm_detail::channel_sums(n, c, inner, total, dbeta);
  }
  const Scratch<T> factors(3 * c);
  T *const scale = factors.data(), *const level = scale + c, *const slope = level + c;
  const T share = of_batch ? T{1} / static_cast<T>(n * inner) : T{0};
  for (std::int64_t k = 0; k < c; ++k) {
    const T rstd = T{1} / std::sqrt(variance[k] + epsilon);
    dgamma[k] *= rstd;
    scale[k] = (gamma != nullptr ? gamma[k] : T{1}) * rstd;
    level[k] = share * dbeta[k];
    slope[k] = share * dgamma[k] * rstd;
  }
  if (dx == nullptr) return;
  const std::int64_t rows = inner == 1 ? n : n * c, length = inner == 1 ? c : inner;
  parallel_for(
      rows, std::max<std::int64_t>(1, elementwise_grain / (length + 1)), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t at = begin; at < end; ++at) {
          const T *up = g + at * length, *from = x + at * length;
          T* to = dx + at * length;
          const auto f = [](auto u, auto v, auto m, auto s, auto a, auto b) { return s * (u - a - (v - m) * b); };
          if (inner == 1) {
            const T *s = scale, *a = level, *b = slope;
            map_range(c, f, to, up, from, mean, s, a, b);
          } else {
            const T m = mean[at % c], s = scale[at % c], a = level[at % c], b = slope[at % c];
            map_range(
                inner, [=](auto u, auto v) { return f(u, v, m, s, a, b); }, to, up, from);
          }
        }
      });
}

}  // namespace regimen::kernel
