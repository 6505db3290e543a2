// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/scratch.hpp"
#include "regimen/cpu/vector.hpp"

/// Discrete Fourier transforms X_k = sum_j x_j exp(-2 pi i j k / n) along the middle axis of arrays [outer, n, inner],
/// with the real and the imaginary parts in two arrays. n >= 1. As many lines as a vector has lanes are transformed
/// together, so that every step works on vectors; which ones is the same at any number of threads.
namespace regimen::kernel {
namespace fft_detail {

/// exp(-2 pi i k / n) for 0 <= k < n, from an angle of at most pi / 4, so that each part has the error of a rounding.
struct Root {
  double re, im;
  Root(std::int64_t k, std::int64_t n) {
    const std::int64_t octant = 8 * k / n, rest = 8 * k - octant * n;
    const double angle = std::numbers::pi / 4 * static_cast<double>(octant % 2 == 0 ? rest : n - rest);
    const double c = std::cos(angle / static_cast<double>(n)), s = std::sin(angle / static_cast<double>(n));
    const bool swaps = octant % 4 == 1 || octant % 4 == 2;
    re = (octant >= 2 && octant <= 5 ? -1 : 1) * (swaps ? s : c);
    im = (octant >= 4 ? 1 : -1) * (swaps ? c : s);
  }
};

/// The real and the imaginary parts of some lines: element k of line b is at k width + b.
template <class T>
struct Lines {
  T *re, *im;
};

/// Calls f(V{}, q) for each vector of elements q < count, and f(T{}, q) for each of the rest.
template <class T, class F>
REGIMEN_ALWAYS_INLINE void by_vectors(std::int64_t count, const F& f) {
  std::int64_t q = 0;
  for (; q + lanes<T> <= count; q += lanes<T>) f(Vector<T>{}, q);
  for (; q < count; ++q) f(T{}, q);
}

/// x[q] <- w x[q] for q < count.
template <class T>
void rotate(std::int64_t count, T w_re, T w_im, T* re, T* im) {
  by_vectors<T>(count, [=](auto v, std::int64_t q) {
    using V = decltype(v);
    const V a = load<V>(re + q), b = load<V>(im + q);
    store(re + q, V(a * w_re - b * w_im));
    store(im + q, V(a * w_im + b * w_re));
  });
}

/// y[j stride + q] = w^j sum_m (-i)^(j m) x[m apart + q] for j, m < 4 and q < stride: w holds w, w^2 and w^3.
template <class T>
void radix4(std::int64_t stride, std::int64_t apart, const T (&w_re)[3], const T (&w_im)[3], const T* re, const T* im,
            T* out_re, T* out_im) {
  by_vectors<T>(stride, [&](auto v, std::int64_t q) {
    using V = decltype(v);
    const V a_re = load<V>(re + q), a_im = load<V>(im + q);
    const V b_re = load<V>(re + q + apart), b_im = load<V>(im + q + apart);
    const V c_re = load<V>(re + q + 2 * apart), c_im = load<V>(im + q + 2 * apart);
    const V d_re = load<V>(re + q + 3 * apart), d_im = load<V>(im + q + 3 * apart);
    const V p_re = a_re + c_re, p_im = a_im + c_im, m_re = a_re - c_re, m_im = a_im - c_im;
    const V s_re = b_re + d_re, s_im = b_im + d_im, t_re = b_re - d_re, t_im = b_im - d_im;
    const auto put = [&](std::int64_t j, V u_re, V u_im) {
      store(out_re + q + j * stride, V(u_re * w_re[j - 1] - u_im * w_im[j - 1]));
      store(out_im + q + j * stride, V(u_re * w_im[j - 1] + u_im * w_re[j - 1]));
    };
    store(out_re + q, V(p_re + s_re));
    store(out_im + q, V(p_im + s_im));
    put(1, m_re + t_im, m_im - t_re);
    put(2, p_re - s_re, p_im - s_im);
    put(3, m_re - t_im, m_im + t_re);
  });
}

/// y[q] = x[q] + x[q + stride], y[q + stride] = x[q] - x[q + stride], for q < stride.
template <class T>
void radix2(std::int64_t stride, const T* x, T* y) {
  by_vectors<T>(stride, [=](auto v, std::int64_t q) {
    using V = decltype(v);
    const V a = load<V>(x + q), b = load<V>(x + q + stride);
    store(y + q, V(a + b));
    store(y + q + stride, V(a - b));
  });
}

/// What the transforms of length n share. A power of two goes by Stockham's passes of radix 4, and one of radix 2,
/// which leave the result in order. Any other length is a convolution with exp(pi i k^2 / n) of a power of two >= 2 n -
/// 1 (Bluestein 1970, A linear filtering approach to the computation of the discrete Fourier transform).
template <class T>
class FftPlan {
 public:
  explicit FftPlan(std::int64_t n)
      : n_(n),
        direct_(std::has_single_bit(static_cast<std::uint64_t>(n))),
        rows_(direct_ ? n : static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(2 * n - 1)))),
        tables_(2 * rows_ + (direct_ ? 0 : 2 * rows_ + 2 * n)) {
    root_ = {tables_.data(), tables_.data() + rows_};
    make_roots();
    if (direct_) return;
    filter_ = {tables_.data() + 2 * rows_, tables_.data() + 3 * rows_};
    chirp_ = {tables_.data() + 4 * rows_, tables_.data() + 4 * rows_ + n};
    const Scratch<T> scratch(4 * rows_);
    T* const work = scratch.data();
    std::fill(work, work + 2 * rows_, T{0});
    for (std::int64_t k = 0, square = 0; k < n; square = (square + 2 * k + 1) % (2 * n), ++k) {
      const Root root(square, 2 * n);
      chirp_.re[k] = static_cast<T>(root.re);
      chirp_.im[k] = static_cast<T>(root.im);
      const std::int64_t mirrored = k == 0 ? 0 : rows_ - k;
      work[k] = work[mirrored] = static_cast<T>(root.re / static_cast<double>(rows_));
      work[rows_ + k] = work[rows_ + mirrored] = static_cast<T>(-root.im / static_cast<double>(rows_));
    }
    const Lines<T> made = passes(1, {work, work + rows_}, {work + 2 * rows_, work + 3 * rows_});
    std::copy(made.re, made.re + rows_, filter_.re);
    std::copy(made.im, made.im + rows_, filter_.im);
  }

  /// Elements of a line that transform() needs room for.
  std::int64_t rows() const { return rows_; }

  /// The transforms of `width` lines in x; rows from n on need no value. Uses both x and `spare`, of rows() width
  /// elements an array, and returns the one of them that holds the result.
  Lines<T> transform(std::int64_t width, Lines<T> x, Lines<T> spare) const {
    if (direct_) return passes(width, x, spare);
    rotate_rows(n_, width, chirp_, x);
    std::fill(x.re + n_ * width, x.re + rows_ * width, T{0});
    std::fill(x.im + n_ * width, x.im + rows_ * width, T{0});
    const Lines<T> spectrum = passes(width, x, spare);
    rotate_rows(rows_, width, filter_, spectrum);
    const Lines<T> other = spectrum.re == x.re ? spare : x;
    const Lines<T> swapped = passes(width, {spectrum.im, spectrum.re}, {other.im, other.re});  // the inverse
    rotate_rows(n_, width, chirp_, {swapped.im, swapped.re});
    return {swapped.im, swapped.re};
  }

 private:
  void make_roots() {
    T *re = root_.re, *im = root_.im;
    const std::int64_t n = rows_, quarter = n / 4;
    for (std::int64_t k = 0; k < n; ++k) {
      if (n < 8 || 8 * k <= n) {
        const Root root(k, n);
        re[k] = static_cast<T>(root.re);
        im[k] = static_cast<T>(root.im);
      } else if (k <= quarter) {
        re[k] = -im[quarter - k];
        im[k] = -re[quarter - k];
      } else {
        re[k] = im[k - quarter];
        im[k] = -re[k - quarter];
      }
    }
  }

  static void rotate_rows(std::int64_t rows, std::int64_t width, Lines<T> w, Lines<T> x) {
    for (std::int64_t k = 0; k < rows; ++k) rotate(width, w.re[k], w.im[k], x.re + k * width, x.im + k * width);
  }

  Lines<T> passes(std::int64_t width, Lines<T> x, Lines<T> y) const {
    std::int64_t length = rows_, stride = width, step = 1;  // rows_ width = length stride, step = rows_ / length
    while (length > 2) {
      length /= 4;
      for (std::int64_t p = 0; p < length; ++p) {
        const T w_re[] = {root_.re[p * step], root_.re[2 * p * step], root_.re[3 * p * step]};
        const T w_im[] = {root_.im[p * step], root_.im[2 * p * step], root_.im[3 * p * step]};
        radix4(stride, length * stride, w_re, w_im, x.re + p * stride, x.im + p * stride, y.re + 4 * p * stride,
               y.im + 4 * p * stride);
      }
      stride *= 4;
      step *= 4;
      std::swap(x, y);
    }
    if (length == 2) {
      radix2(stride, x.re, y.re);
      radix2(stride, x.im, y.im);
      std::swap(x, y);
    }
    return x;
  }

  std::int64_t n_;
  bool direct_;
  std::int64_t rows_;
  Scratch<T> tables_;
  Lines<T> root_{}, filter_{}, chirp_{};  // exp(-2 pi i k / rows), the convolution's filter, exp(-pi i k^2 / n)
};

/// Calls f(at, k, b) for entries k < entries of `width` lines from line `first` on: `at` is the place in an array
/// [outer, rows, inner].
template <class T, class F>
void each_entry(std::int64_t first, std::int64_t width, std::int64_t rows, std::int64_t inner, const F& f) {
  if (inner == 1) {  // in tiles, so that neither side jumps from cache line to cache line
    constexpr std::int64_t tile = lanes<T>;
    for (std::int64_t top = 0; top < rows; top += tile)
      for (std::int64_t b = 0; b < width; ++b)
        for (std::int64_t k = top; k < std::min(rows, top + tile); ++k) f((first + b) * rows + k, k, b);
    return;
  }
  std::int64_t begin[lanes<T>];
  for (std::int64_t b = 0; b < width; ++b) begin[b] = (first + b) / inner * rows * inner + (first + b) % inner;
  for (std::int64_t k = 0; k < rows; ++k)
    for (std::int64_t b = 0; b < width; ++b) f(begin[b] + k * inner, k, b);
}

inline constexpr std::int64_t largest_strip = 4096;  // entries of lines that fit the cache, a vector of them at a time

/// load(first, width, lines), a transform, and store(first, width, lines) for all lines, a strip at a time.
template <class T, class Load, class Store>
void by_strips(std::int64_t lines_count, std::int64_t n, const Load& load_lines, const Store& store_lines) {
  if (lines_count == 0) return;
  const FftPlan<T> plan(n);
  const std::int64_t rows = plan.rows(), wide = rows <= largest_strip ? lanes<T> : 1,
                     most = std::min(lines_count, wide);
  const std::int64_t strips = (lines_count + most - 1) / most, size = rows * most;
  parallel_for(strips, std::max<std::int64_t>(1, elementwise_grain / (4 * size)),
               [&](std::int64_t begin, std::int64_t end) {
                 const Scratch<T> scratch(4 * size);
                 T* const work = scratch.data();
                 for (std::int64_t strip = begin; strip < end; ++strip) {
                   const std::int64_t first = strip * most, width = std::min(most, lines_count - first);
                   const Lines<T> x{work, work + size}, spare{work + 2 * size, work + 3 * size};
                   load_lines(first, width, x);
                   store_lines(first, width, plan.transform(width, x, spare));
                 }
               });
}

}  // namespace fft_detail

/// out = scale times the transform of re + i im, all [outer, n, inner]. The inverse, with exp(+2 pi i j k / n):
/// exchange re and im in the input and in the output. The output may be the input.
template <class T>
void fft(Cpu, std::int64_t outer, std::int64_t n, std::int64_t inner, T scale, const T* re, const T* im, T* out_re,
         T* out_im) {
  using fft_detail::each_entry;
  using fft_detail::Lines;
  fft_detail::by_strips<T>(
      outer * inner, n,
      [=](std::int64_t first, std::int64_t width, Lines<T> x) {
        each_entry<T>(first, width, n, inner, [=](std::int64_t at, std::int64_t k, std::int64_t b) {
          x.re[k * width + b] = re[at];
          x.im[k * width + b] = im[at];
        });
      },
      [=](std::int64_t first, std::int64_t width, Lines<T> y) {
        each_entry<T>(first, width, n, inner, [=](std::int64_t at, std::int64_t k, std::int64_t b) {
          out_re[at] = scale * y.re[k * width + b];
          out_im[at] = scale * y.im[k * width + b];
        });
      });
}

/// Entries 0 to n / 2 of the transform of real in[outer, n, inner], out[outer, n / 2 + 1, inner], times `edge` for
/// entry 0 and, for even n, n / 2, which are real, and times `middle` for the others.
template <class T>
void rfft(Cpu, std::int64_t outer, std::int64_t n, std::int64_t inner, T edge, T middle, const T* in, T* out_re,
          T* out_im) {
  using fft_detail::each_entry;
  using fft_detail::Lines;
  fft_detail::by_strips<T>(
      outer * inner, n,
      [=](std::int64_t first, std::int64_t width, Lines<T> x) {
        each_entry<T>(first, width, n, inner,
                      [=](std::int64_t at, std::int64_t k, std::int64_t b) { x.re[k * width + b] = in[at]; });
        std::fill(x.im, x.im + n * width, T{0});
      },
      [=](std::int64_t first, std::int64_t width, Lines<T> y) {
        each_entry<T>(first, width, n / 2 + 1, inner, [=](std::int64_t at, std::int64_t k, std::int64_t b) {
          const bool is_edge = k == 0 || 2 * k == n;
          out_re[at] = (is_edge ? edge : middle) * y.re[k * width + b];
          out_im[at] = (is_edge ? T{0} : middle) * y.im[k * width + b];
        });
      });
}

/// The inverse, with exp(+2 pi i j k / n) and without 1 / n, of the n entries of which 0 to n / 2 are given,
/// [outer, n / 2 + 1, inner], times `edge` and `middle` as in rfft, and the others are the conjugates of those:
/// real, out[outer, n, inner]. The imaginary parts of the edges count as 0.
template <class T>
void irfft(Cpu, std::int64_t outer, std::int64_t n, std::int64_t inner, T edge, T middle, const T* re, const T* im,
           T* out) {
  using fft_detail::each_entry;
  using fft_detail::Lines;
  fft_detail::by_strips<T>(
      outer * inner, n,
      [=](std::int64_t first, std::int64_t width, Lines<T> x) {  // with the parts exchanged
        each_entry<T>(first, width, n / 2 + 1, inner, [=](std::int64_t at, std::int64_t k, std::int64_t b) {
          if (k == 0 || 2 * k == n) {
            x.im[k * width + b] = edge * re[at];
            x.re[k * width + b] = T{0};
          } else {
            x.im[k * width + b] = x.im[(n - k) * width + b] = middle * re[at];
            x.re[k * width + b] = middle * im[at];
            x.re[(n - k) * width + b] = -x.re[k * width + b];
          }
        });
      },
      [=](std::int64_t first, std::int64_t width, Lines<T> y) {
        each_entry<T>(first, width, n, inner,
                      [=](std::int64_t at, std::int64_t k, std::int64_t b) { out[at] = y.im[k * width + b]; });
      });
}

}  // namespace regimen::kernel
