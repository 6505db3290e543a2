// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

/// Activations of complex numbers, as functions and as layers. modrelu and cardioid scale z by a real number, which
/// keeps its angle; modrelu(z turned by an angle) is modrelu(z) turned by it.
namespace regimen {

/// relu(|z| + b) z / |z|, 0 at 0, for biases b that broadcast with z: what is shorter than -b becomes 0.
///
/// Source: Arjovsky, Shah & Bengio (2016), Unitary evolution recurrent neural networks, equation 8.
template <class T, class Device>
ComplexTensor<T, Device> modrelu(const ComplexTensor<T, Device>& z,
                                 const std::type_identity_t<Tensor<T, Device>>& bias) {
  const auto r = abs(z);
  return z * (relu(r + bias) / (r + equal(r, T{0})));
}

/// relu(real) + i relu(imag). Source: Trabelsi et al. (2018), Deep complex networks.
template <class T, class Device>
ComplexTensor<T, Device> crelu(const ComplexTensor<T, Device>& z) {
  return {relu(z.real), relu(z.imag)};
}

/// z where its angle is in [0, pi / 2], else 0. Source: Guberman (2016), On complex valued convolutional neural
/// networks.
template <class T, class Device>
ComplexTensor<T, Device> zrelu(const ComplexTensor<T, Device>& z) {
  const auto inside = (T{1} - less(z.real, T{0})) * (T{1} - less(z.imag, T{0}));
  const auto zero = Tensor<T, Device>::scalar(T{0});
  return {where(inside, z.real, zero), where(inside, z.imag, zero)};
}

/// (1 + cos(angle of z)) z / 2: all of a positive number, nothing of a negative one.
///
/// Source: Virtue, Yu & Lustig (2017), Better than real: complex-valued neural nets for MRI fingerprinting.
template <class T, class Device>
ComplexTensor<T, Device> cardioid(const ComplexTensor<T, Device>& z) {
  const auto r = abs(z);
  return z * ((z.real / (r + equal(r, T{0})) + T{1}) * T{0.5});
}

/// modrelu with a bias for each channel of z [n, channels, ...], which are all `first` at first. Throws Error for z of
/// other channels.
template <class T = float, class Device = Cpu>
struct ModRelu {
  explicit ModRelu(std::int64_t channels, double first = 0) {
    if (channels <= 0) detail::fail("ModRelu", {channels, " channels"}, "there is at least one");
    if (!std::isfinite(first)) detail::fail("ModRelu", {"the first bias is ", first}, "it must be finite");
    bias = variable(Tensor<T, Device>::full({channels}, static_cast<T>(first)));
  }

  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    if (z.rank() < 2 || z.size(1) != bias.size())
      detail::fail("ModRelu", {"z is ", z.shape(), ", the layer has ", bias.size(), " channels"},
                   "z is [n, channels, ...]");
    Shape shape{bias.size()};
    for (int axis = 2; axis < z.rank(); ++axis) shape.append(1);
    return modrelu(z, reshape(bias, shape));
  }

  Tensor<T, Device> bias;
  REGIMEN_MODULE(bias)
};

struct CRelu {
  template <class T, class Device>
  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return crelu(z);
  }
  REGIMEN_MODULE()
};

struct ZRelu {
  template <class T, class Device>
  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return zrelu(z);
  }
  REGIMEN_MODULE()
};

struct Cardioid {
  template <class T, class Device>
  ComplexTensor<T, Device> operator()(const ComplexTensor<T, Device>& z) const {
    return cardioid(z);
  }
  REGIMEN_MODULE()
};

}  // namespace regimen
