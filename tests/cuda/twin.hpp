// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/cuda.cuh"
//
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"

/// What the tests of CUDA kernels share: each kernel is compared with its twin on the CPU.
namespace twin {

using namespace regimen;

/// Sizes at which blocks, warps and 16-byte accesses end: none, one, around each border, and several blocks.
inline constexpr std::int64_t sizes[] = {0, 1, 3, 4, 31, 32, 33, 127, 255, 256, 257, 1000, 4099};

/// What sums in another order may differ by, relative to 1 + |value|.
template <class T>
inline constexpr double rounding = std::is_same_v<T, float> ? 2e-5 : 1e-12;

template <class T>
Tensor<T> random(const Shape& shape, std::uint64_t seed = 1) {
  return Rng(seed).normal<T>(shape);
}

template <class T>
Tensor<T, Cuda> up(const Tensor<T>& x) {
  return x.template to<Cuda>();
}

/// Whether both are equal within tolerance (1 + |b|), NaN and infinities included.
template <class T>
bool close(const Tensor<T, Cuda>& a, const Tensor<T>& b, double tolerance = 0) {
  const Tensor<T> x = a.template to<Cpu>();
  if (!(x.shape() == b.shape())) return false;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const auto u = static_cast<double>(x.data()[i]), v = static_cast<double>(b.data()[i]);
    if (u == v || (std::isnan(u) && std::isnan(v))) continue;
    if (!(std::abs(u - v) <= tolerance * (1 + std::abs(v)))) return false;
  }
  return true;
}

/// f(device, a function that brings a tensor there) on both devices: whether the results agree.
template <class F>
bool agree(double tolerance, const F& f) {
  const auto here = f(Cpu{}, [](const auto& x) { return x; });
  const auto there = f(Cuda{}, [](const auto& x) { return up(x); });
  return close(there, here, tolerance);
}

}  // namespace twin
