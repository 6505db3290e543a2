// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "ops/structure.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/concat.hpp"

/// What the tests of complex operations share.
namespace structure {

using Complex = ComplexTensor<double>;

inline Complex random_complex(const Shape& shape, std::uint64_t seed = 1) {
  return {random(shape, seed), random(shape, seed + 50)};
}

/// The parts as one tensor, [2, ...]: what a complex result is to the checks of real functions.
template <class T>
Tensor<T> stacked(const ComplexTensor<T>& z) {
  return stack({z.real, z.imag}, 0);
}

}  // namespace structure
