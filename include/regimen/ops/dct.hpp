// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/fft.hpp"
#include "regimen/ops/index.hpp"

/// Discrete cosine transforms along an axis of any length n >= 1, by one Fourier transform of that length (Makhoul
/// 1980, A fast cosine transform in one and two dimensions), differentiable to any order.
namespace regimen {
namespace detail {

/// A vector of n elements f(k), which broadcasts along an axis of a tensor of rank `rank`.
template <class T, class Device, class F>
Tensor<T, Device> along_axis(std::int64_t n, int axis, int rank, const F& f) {
  Shape shape{n};
  for (int i = axis + 1; i < rank; ++i) shape.append(1);
  const auto y = Tensor<T, Device>::empty(shape);
  T* values = y.mutable_data();
  for (std::int64_t k = 0; k < n; ++k) values[k] = static_cast<T>(f(k));
  return y;
}

/// exp(-pi i k / 2 n) times the factor of entry k of the cosine transform.
template <class T, class Device>
ComplexTensor<T, Device> dct_weights(std::int64_t n, int axis, int rank, FftNorm norm, bool inverse) {
  const auto count = static_cast<double>(n);
  const auto part = [&](bool imag) {
    return along_axis<T, Device>(n, axis, rank, [&](std::int64_t k) {
      const double angle = std::numbers::pi * static_cast<double>(k) / (2 * count);
      double factor = 2;
      if (norm == FftNorm::ortho) factor = std::sqrt((k == 0 ? 1 : 2) / count);
      if (norm == FftNorm::forward) factor = 1 / count;
      return (imag ? -std::sin(angle) : std::cos(angle)) * (inverse ? 1 / factor : factor);
    });
  };
  return {part(false), part(true)};
}

/// Positions 0, 2, 4, ..., 5, 3, 1 of n, or where each of 0 ... n - 1 is among them.
template <class Device>
Tensor<std::int64_t, Device> dct_order(std::int64_t n, bool inverse) {
  const auto order = Tensor<std::int64_t, Device>::empty({n});
  std::int64_t* values = order.mutable_data();
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t at = 2 * j < n ? 2 * j : 2 * (n - j) - 1;
    values[inverse ? at : j] = inverse ? j : at;
  }
  return order;
}

}  // namespace detail

/// The cosine transform of type II, scaled as SciPy does:
///
///   y_k = s_k sum_j x_j cos(pi k (2 j + 1) / (2 n))
///
/// with s_k = 2 for FftNorm::backward, 1 / n for forward, and sqrt(2 / n), for k = 0 sqrt(1 / n), for ortho, which
/// makes it orthogonal. Throws Error for an axis of size 0.
template <class T, class Device>
Tensor<T, Device> dct(const Tensor<T, Device>& x, const FftOptions& options = {}) {
  const int axis = detail::fft_axis("dct", x.shape(), options.axis);
  const std::int64_t n = x.size(axis);
  const auto v = index_select(x, axis, detail::dct_order<Device>(n, false));
  const auto spectrum = fft(ComplexTensor<T, Device>(v), {.axis = axis});
  const auto w = detail::dct_weights<T, Device>(n, axis, x.rank(), options.norm, false);
  return spectrum.real * w.real - spectrum.imag * w.imag;
}

/// The inverse of dct: the cosine transform of type III,
///
///   x_j = sum_k c_k y_k cos(pi k (2 j + 1) / (2 n)),   c_k = (k = 0 ? 1 : 2) / (n s_k)
///
/// Throws Error for an axis of size 0.
template <class T, class Device>
Tensor<T, Device> idct(const Tensor<T, Device>& y, const FftOptions& options = {}) {
  const int axis = detail::fft_axis("idct", y.shape(), options.axis);
  const std::int64_t n = y.size(axis);
  const auto w = detail::dct_weights<T, Device>(n, axis, y.rank(), options.norm, true);
  // Entry n - k beside entry k: both come from entry k of the Fourier transform, y_k - i y_n-k times exp(pi i k / 2 n).
  // At k = 0 any imaginary part will do: it stays imaginary, and is left out at the end.
  const auto order = Tensor<std::int64_t, Device>::empty({n});
  for (std::int64_t k = 0; k < n; ++k) order.mutable_data()[k] = k == 0 ? 0 : n - k;
  const auto mirrored = index_select(y, axis, order);
  const auto v = ifft(ComplexTensor<T, Device>(y, -mirrored) * conj(w), {.axis = axis});
  return index_select(v.real, axis, detail::dct_order<Device>(n, true));
}

}  // namespace regimen
