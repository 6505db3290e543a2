// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/fft.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/slice.hpp"

/// Discrete Fourier transforms along an axis of any length n >= 1, in O(n log n), differentiable to any order:
///
///   fft   X_k = s sum_j x_j exp(-2 pi i j k / n)
///   ifft  x_j = s' sum_k X_k exp(+2 pi i j k / n),   s s' = 1 / n
///
/// Powers of two are the quickest; for others, count the time of a power of two between 2 n and 4 n, twice. All throw
/// Error for an axis of size 0.
namespace regimen {

/// Which transform has the factor: the inverse one (s = 1), each one (s = 1 / sqrt(n)), or the other one (s = 1 / n).
enum class FftNorm { backward, ortho, forward };

struct FftOptions {
  int axis = -1;
  FftNorm norm = FftNorm::backward;
};

namespace detail {

/// s, or s' of the inverse.
template <class T>
T fft_scale(FftNorm norm, std::int64_t n, bool inverse) {
  if (norm == FftNorm::ortho) return static_cast<T>(1 / std::sqrt(static_cast<double>(n)));
  return (norm == FftNorm::forward) != inverse ? static_cast<T>(1 / static_cast<double>(n)) : T{1};
}

/// The axis, normalised. Throws Error where its size is 0.
inline int fft_axis(const char* operation, const Shape& shape, int axis) {
  const int along = shape.normalize(axis, operation);
  if (shape[along] < 1)
    fail(operation, {"axis ", axis, " of shape ", shape, " has no elements"}, "a transform has at least one");
  return along;
}

/// Of an operation's two outputs, which lie in one tensor [2, ...].
template <class T, class Device>
ComplexTensor<T, Device> unpacked(const Tensor<T, Device>& parts) {
  return {select(parts, 0, 0), select(parts, 0, 1)};
}

inline Shape packed_shape(const Shape& shape) {
  Shape result{2};
  for (int axis = 0; axis < shape.rank(); ++axis) result.append(shape[axis]);
  return result;
}

/// scale times the transform with exp(-2 pi i j k / n), or with exp(+2 pi i j k / n) where `inverse`: each is the
/// other's adjoint.
template <class T, class Device>
ComplexTensor<T, Device> fourier(const ComplexTensor<T, Device>& z, int axis, bool inverse, T scale) {
  const AxisSplit s(z.shape(), axis);
  const auto y = Tensor<T, Device>::empty(packed_shape(z.shape()));
  T *const real = y.mutable_data(), *const imag = real + z.size();
  if (inverse)
    kernel::fft(Device{}, s.outer, s.axis, s.inner, scale, z.imag.data(), z.real.data(), imag, real);
  else
    kernel::fft(Device{}, s.outer, s.axis, s.inner, scale, z.real.data(), z.imag.data(), real, imag);
  if (!is_recorded(z.real, z.imag)) return unpacked(y);
  return unpacked(record(
      "fft", y,
      [axis, inverse, scale](const auto& backward) {
        const auto dz = fourier(unpacked(backward.gradient()), axis, !inverse, scale);
        if (backward.needs(0)) backward.add(0, dz.real);
        if (backward.needs(1)) backward.add(1, dz.imag);
      },
      z.real, z.imag));
}

template <class T, class Device>
Tensor<T, Device> real_inverse(const ComplexTensor<T, Device>& z, int axis, std::int64_t n, T edge, T middle);

/// Entries 0 to n / 2 of the transform, times `edge` for entries 0 and n / 2 of an even n and `middle` for the others.
/// Its adjoint is the inverse that takes half of `middle`, which that adds twice.
template <class T, class Device>
ComplexTensor<T, Device> real_forward(const Tensor<T, Device>& x, int axis, T edge, T middle) {
  const AxisSplit s(x.shape(), axis);
  const Shape half = x.shape().with(axis, s.axis / 2 + 1);
  const auto y = Tensor<T, Device>::empty(packed_shape(half));
  T* const real = y.mutable_data();
  kernel::rfft(Device{}, s.outer, s.axis, s.inner, edge, middle, x.data(), real, real + half.size());
  if (!is_recorded(x)) return unpacked(y);
  return unpacked(record(
      "rfft", y,
      [axis, edge, middle, n = s.axis](const auto& backward) {
        backward.add(0, real_inverse(unpacked(backward.gradient()), axis, n, edge, middle / 2));
      },
      x));
}

/// The real inverse of half a spectrum, with the same factors.
template <class T, class Device>
Tensor<T, Device> real_inverse(const ComplexTensor<T, Device>& z, int axis, std::int64_t n, T edge, T middle) {
  const auto y = Tensor<T, Device>::empty(z.shape().with(axis, n));
  const AxisSplit s(y.shape(), axis);
  kernel::irfft(Device{}, s.outer, n, s.inner, edge, middle, z.real.data(), z.imag.data(), y.mutable_data());
  if (!is_recorded(z.real, z.imag)) return y;
  return record(
      "irfft", y,
      [axis, edge, middle](const auto& backward) {
        const auto dz = real_forward(backward.gradient(), axis, edge, middle * 2);
        if (backward.needs(0)) backward.add(0, dz.real);
        if (backward.needs(1)) backward.add(1, dz.imag);
      },
      z.real, z.imag);
}

}  // namespace detail

/// The transform along an axis.
///
///   const auto spectrum = fft(ComplexTensor(x), {.axis = 1, .norm = FftNorm::ortho});
template <class T, class Device>
ComplexTensor<T, Device> fft(const ComplexTensor<T, Device>& z, const FftOptions& options = {}) {
  const int axis = detail::fft_axis("fft", z.shape(), options.axis);
  return detail::fourier(z, axis, false, detail::fft_scale<T>(options.norm, z.size(axis), false));
}

/// The inverse of fft.
template <class T, class Device>
ComplexTensor<T, Device> ifft(const ComplexTensor<T, Device>& z, const FftOptions& options = {}) {
  const int axis = detail::fft_axis("ifft", z.shape(), options.axis);
  return detail::fourier(z, axis, true, detail::fft_scale<T>(options.norm, z.size(axis), true));
}

/// Entries 0 to n / 2 of a real tensor's transform; the others are conjugates of them, X_n-k = conj X_k.
template <class T, class Device>
ComplexTensor<T, Device> rfft(const Tensor<T, Device>& x, const FftOptions& options = {}) {
  const int axis = detail::fft_axis("rfft", x.shape(), options.axis);
  const T scale = detail::fft_scale<T>(options.norm, x.size(axis), false);
  return detail::real_forward(x, axis, scale, scale);
}

/// The inverse of rfft: real, with n entries, of the n / 2 + 1 given. The imaginary parts of entry 0 and, for even n,
/// of entry n / 2 count as 0. Throws Error for another number of entries: n = 2 m - 2 and 2 m - 1 have the same m;
/// slice() and pad() change a spectrum's length.
template <class T, class Device>
Tensor<T, Device> irfft(const ComplexTensor<T, Device>& z, std::int64_t n, const FftOptions& options = {}) {
  const int axis = z.shape().normalize(options.axis, "irfft");
  if (n < 1 || z.size(axis) != n / 2 + 1)
    detail::fail("irfft", {"n is ", n, " for axis ", options.axis, " of shape ", z.shape()},
                 "n is at least 1, and the axis has n / 2 + 1 entries");
  const T scale = detail::fft_scale<T>(options.norm, n, true);
  return detail::real_inverse(z, axis, n, scale, scale);
}

/// The transform along the last two axes.
template <class T, class Device>
ComplexTensor<T, Device> fft2(const ComplexTensor<T, Device>& z, FftNorm norm = FftNorm::backward) {
  return fft(fft(z, {.axis = -1, .norm = norm}), {.axis = -2, .norm = norm});
}

/// The inverse of fft2.
template <class T, class Device>
ComplexTensor<T, Device> ifft2(const ComplexTensor<T, Device>& z, FftNorm norm = FftNorm::backward) {
  return ifft(ifft(z, {.axis = -1, .norm = norm}), {.axis = -2, .norm = norm});
}

}  // namespace regimen
