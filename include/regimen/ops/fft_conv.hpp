// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/fft.hpp"
#include "regimen/ops/slice.hpp"

/// Convolutions along the last axis by Fourier transforms, in O(n log n) for filters of any length; the leading axes
/// broadcast. Errors of rounding are relative to the largest element, not to each one.
namespace regimen {
namespace detail {

inline void check_fft_conv(const char* operation, const Shape& x, const Shape& filter) {
  if (x.rank() == 0 || filter.rank() == 0 || x[-1] < 1 || filter[-1] < 1)
    fail(operation, {"x is ", x, " and the filter ", filter}, "each has at least one element along its last axis");
}

}  // namespace detail

/// The causal convolution of x[..., n] with filter[..., taps]:
///
///   y_t = sum_{s <= t} filter_s x_t-s,   y [..., n]
///
/// with x = 0 before its first entry, as state-space models use it with taps = n (Gu et al. 2022, Efficiently modeling
/// long sequences with structured state spaces). Throws Error where an axis is empty or the leading axes do not
/// broadcast.
template <class T, class Device>
Tensor<T, Device> fft_conv(const Tensor<T, Device>& x, const Tensor<T, Device>& filter) {
  detail::check_fft_conv("fft_conv", x.shape(), filter.shape());
  const std::int64_t n = x.size(-1), taps = std::min(n, filter.size(-1));
  const auto length = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(n + taps - 1)));
  const auto spectrum =
      rfft(pad(x, -1, {0, length - n})) * rfft(pad(slice(filter, -1, 0, taps), -1, {0, length - taps}));
  return slice(irfft(spectrum, length), -1, 0, n);
}

/// y_t = sum_s filter_s x_(t-s) mod n, for x and the filter of one length n along the last axis.
template <class T, class Device>
Tensor<T, Device> circular_conv(const Tensor<T, Device>& x, const Tensor<T, Device>& filter) {
  detail::check_fft_conv("circular_conv", x.shape(), filter.shape());
  if (x.size(-1) != filter.size(-1))
    detail::fail("circular_conv", {"x is ", x.shape(), " and the filter ", filter.shape()},
                 "the last axes have one size; pad() the filter");
  return irfft(rfft(x) * rfft(filter), x.size(-1));
}

}  // namespace regimen
