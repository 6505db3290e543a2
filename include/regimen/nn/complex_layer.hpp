// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/slice.hpp"

/// Complex tensors as real ones with twice the channels, the real parts first: for lists of layers such as Sequential,
/// and whatever else takes one tensor and gives one.
namespace regimen {

/// x [n, 2 channels, ...] as a complex tensor [n, channels, ...]. Throws Error for an odd number of channels.
template <class T, class Device>
ComplexTensor<T, Device> split_channels(const Tensor<T, Device>& x) {
  if (x.rank() < 2 || x.size(1) % 2 != 0)
    detail::fail("split_channels", {"x is ", x.shape()}, "x is [n, 2 channels, ...]");
  const std::int64_t channels = x.size(1) / 2;
  return {slice(x, 1, 0, channels), slice(x, 1, channels, 2 * channels)};
}

/// The inverse of split_channels.
template <class T, class Device>
Tensor<T, Device> join_channels(const ComplexTensor<T, Device>& z) {
  return concat({z.real, z.imag}, 1);
}

/// A complex module, or a function without parameters, as a layer from one real tensor to one. Its members have the
/// module's names.
///
///   Sequential net{ComplexLayer(ComplexConv1d(1, 4, 5, rng)), ComplexLayer(ModRelu(4)), ...};
template <class M>
struct ComplexLayer {
  explicit ComplexLayer(M complex_module) : module(std::move(complex_module)) {}

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return join_channels(module(split_channels(x)));
  }

  template <class Visitor>
  void visit_members(Visitor& visitor) {
    if constexpr (requires { module.visit_members(visitor); }) module.visit_members(visitor);
  }

  M module;
};

}  // namespace regimen
