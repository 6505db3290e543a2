// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// The fraction of samples for which two models predict different classes. Throws Error where the shapes differ and for
/// no samples.
///
///   churn(argmax(before(x), -1), argmax(after(x), -1))
///
/// Source: Milani Fard et al. (2016), Launch and iterate: reducing prediction churn.
template <class Device>
double churn(const Tensor<std::int64_t, Device>& a, const Tensor<std::int64_t, Device>& b) {
  if (!(a.shape() == b.shape()) || a.size() == 0)
    detail::fail("churn", {"predictions are ", a.shape(), " and ", b.shape()},
                 "shapes must agree, with at least one sample");
  std::int64_t different = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) different += a.data()[i] != b.data()[i] ? 1 : 0;
  return static_cast<double>(different) / static_cast<double>(a.size());
}

}  // namespace regimen
