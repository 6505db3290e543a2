// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/ops/complex.hpp"
#include "regimen/ops/matmul.hpp"

namespace regimen {

/// The product of complex matrices, of shapes as those of real ones; the options transpose and do not conjugate. Four
/// real products: three (Gauss) would save a quarter of the work, but leave in the imaginary part the rounding of
/// the real one, however much larger that is (Higham 1992, Stability of a method for multiplying complex matrices with
/// three real matrix multiplications).
template <class T, class Device>
ComplexTensor<T, Device> matmul(const ComplexTensor<T, Device>& a, const ComplexTensor<T, Device>& b,
                                const MatmulOptions& options = {}) {
  return {matmul(a.real, b.real, options) - matmul(a.imag, b.imag, options),
          matmul(a.real, b.imag, options) + matmul(a.imag, b.real, options)};
}

}  // namespace regimen
