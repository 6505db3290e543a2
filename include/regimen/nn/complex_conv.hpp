// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/complex_init.hpp"
#include "regimen/nn/conv1d.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/conv_transpose.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/complex_conv.hpp"

/// Convolution layers of complex numbers, with the shapes and options of the real ones. At first the weight is
/// init::complex_kaiming and the bias 0. Parameters: "weight.real", "weight.imag", "bias.real", "bias.imag". Throw
/// Error for sizes that are not positive, or groups that do not divide channels and filters.
namespace regimen {
namespace detail {

inline void check_complex_conv(const char* layer, std::int64_t channels, std::int64_t filters, HeightWidth kernel,
                               std::int64_t groups) {
  if (channels <= 0 || filters <= 0 || kernel.height <= 0 || kernel.width <= 0)
    fail(layer, {"from ", channels, " channels to ", filters, " filters of ", kernel.height, " x ", kernel.width},
         "all must be positive");
  if (groups < 1 || channels % groups != 0 || filters % groups != 0)
    fail(layer, {groups, " groups for ", channels, " channels and ", filters, " filters"}, "groups must divide both");
}

}  // namespace detail

/// Convolution of z [batch, channels, length] with weight [filters, channels / groups, k] and bias [filters].
template <class T = float, class Device = Cpu>
struct ComplexConv1d {
  ComplexConv1d(std::int64_t channels, std::int64_t filters, std::int64_t kernel, Rng& rng,
                const Conv1dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.dilation, layer.groups} {
    detail::check_complex_conv("ComplexConv1d", channels, filters, {1, kernel}, layer.groups);
    weight = variable(init::complex_kaiming<T>({filters, channels / layer.groups, kernel}, rng));
    if (layer.bias) bias = variable(ComplexTensor<T, Device>(Tensor<T, Device>::zeros({filters})));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return conv1d(z, weight, bias, options);
  }

  ComplexTensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  Conv1dOptions options;
  REGIMEN_MODULE(weight, bias)
};

/// Convolution of z [batch, channels, height, width] with weight [filters, channels / groups, kh, kw] and bias
/// [filters].
template <class T = float, class Device = Cpu>
struct ComplexConv2d {
  ComplexConv2d(std::int64_t channels, std::int64_t filters, HeightWidth kernel, Rng& rng,
                const Conv2dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.dilation, layer.groups} {
    detail::check_complex_conv("ComplexConv2d", channels, filters, kernel, layer.groups);
    const Shape shape{filters, channels / layer.groups, kernel.height, kernel.width};
    weight = variable(init::complex_kaiming<T>(shape, rng));
    if (layer.bias) bias = variable(ComplexTensor<T, Device>(Tensor<T, Device>::zeros({filters})));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return conv2d(z, weight, bias, options);
  }

  ComplexTensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  Conv2dOptions options;
  REGIMEN_MODULE(weight, bias)
};

/// Transposed convolution of z [batch, channels, length] with weight [channels, filters / groups, k] and bias
/// [filters].
template <class T = float, class Device = Cpu>
struct ComplexConvTranspose1d {
  ComplexConvTranspose1d(std::int64_t channels, std::int64_t filters, std::int64_t kernel, Rng& rng,
                         const ConvTranspose1dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups} {
    detail::check_complex_conv("ComplexConvTranspose1d", channels, filters, {1, kernel}, layer.groups);
    weight = variable(init::complex_kaiming<T>({channels, filters / layer.groups, kernel}, rng));
    if (layer.bias) bias = variable(ComplexTensor<T, Device>(Tensor<T, Device>::zeros({filters})));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return conv_transpose1d(z, weight, bias, options);
  }

  ComplexTensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  ConvTranspose1dOptions options;
  REGIMEN_MODULE(weight, bias)
};

/// Transposed convolution of z [batch, channels, height, width] with weight [channels, filters / groups, kh, kw] and
/// bias [filters].
template <class T = float, class Device = Cpu>
struct ComplexConvTranspose2d {
  ComplexConvTranspose2d(std::int64_t channels, std::int64_t filters, HeightWidth kernel, Rng& rng,
                         const ConvTranspose2dLayerOptions& layer = {})
      : options{layer.stride, layer.padding, layer.output_padding, layer.dilation, layer.groups} {
    detail::check_complex_conv("ComplexConvTranspose2d", channels, filters, kernel, layer.groups);
    const Shape shape{channels, filters / layer.groups, kernel.height, kernel.width};
    weight = variable(init::complex_kaiming<T>(shape, rng));
    if (layer.bias) bias = variable(ComplexTensor<T, Device>(Tensor<T, Device>::zeros({filters})));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return conv_transpose2d(z, weight, bias, options);
  }

  ComplexTensor<T, Device> weight, bias;  ///< bias is undefined where there is none
  ConvTranspose2dOptions options;
  REGIMEN_MODULE(weight, bias)
};

}  // namespace regimen
