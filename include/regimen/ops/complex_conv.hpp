// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <type_traits>

#include "regimen/ops/complex.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/conv1d.hpp"
#include "regimen/ops/conv_transpose.hpp"

/// Convolutions of complex tensors, each of four real ones, with the shapes and options of those:
///
///   real = conv(x.real, w.real) - conv(x.imag, w.imag) + bias.real
///   imag = conv(x.real, w.imag) + conv(x.imag, w.real) + bias.imag
///
/// The filter is not conjugated. An undefined bias is none.
namespace regimen {
namespace detail {

/// conv(x, w, bias) of real tensors, for complex ones.
template <class T, class Device, class Conv>
ComplexTensor<T, Device> convolved(const ComplexTensor<T, Device>& x, const ComplexTensor<T, Device>& w,
                                   const ComplexTensor<T, Device>& bias, const Conv& conv) {
  return {conv(x.real, w.real, bias.real) - conv(x.imag, w.imag, Tensor<T, Device>()),
          conv(x.real, w.imag, bias.imag) + conv(x.imag, w.real, Tensor<T, Device>())};
}

}  // namespace detail

template <class T, class Device>
ComplexTensor<T, Device> conv1d(const ComplexTensor<T, Device>& x,
                                const std::type_identity_t<ComplexTensor<T, Device>>& w,
                                const std::type_identity_t<ComplexTensor<T, Device>>& bias = {},
                                const Conv1dOptions& options = {}) {
  return detail::convolved(x, w, bias,
                           [&](const auto& u, const auto& v, const auto& b) { return conv1d(u, v, b, options); });
}

template <class T, class Device>
ComplexTensor<T, Device> conv2d(const ComplexTensor<T, Device>& x,
                                const std::type_identity_t<ComplexTensor<T, Device>>& w,
                                const std::type_identity_t<ComplexTensor<T, Device>>& bias = {},
                                const Conv2dOptions& options = {}) {
  return detail::convolved(x, w, bias,
                           [&](const auto& u, const auto& v, const auto& b) { return conv2d(u, v, b, options); });
}

template <class T, class Device>
ComplexTensor<T, Device> conv_transpose1d(const ComplexTensor<T, Device>& x,
                                          const std::type_identity_t<ComplexTensor<T, Device>>& w,
                                          const std::type_identity_t<ComplexTensor<T, Device>>& bias = {},
                                          const ConvTranspose1dOptions& options = {}) {
  return detail::convolved(
      x, w, bias, [&](const auto& u, const auto& v, const auto& b) { return conv_transpose1d(u, v, b, options); });
}

template <class T, class Device>
ComplexTensor<T, Device> conv_transpose2d(const ComplexTensor<T, Device>& x,
                                          const std::type_identity_t<ComplexTensor<T, Device>>& w,
                                          const std::type_identity_t<ComplexTensor<T, Device>>& bias = {},
                                          const ConvTranspose2dOptions& options = {}) {
  return detail::convolved(
      x, w, bias, [&](const auto& u, const auto& v, const auto& b) { return conv_transpose2d(u, v, b, options); });
}

}  // namespace regimen
