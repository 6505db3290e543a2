// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

struct Conv1dOptions {
  std::int64_t stride = 1;
  std::int64_t padding = 0;  ///< zeros around x, on each side
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
};

/// Convolution of sequences x[batch, channels, length] with filters w[filters, channels / groups, k] and bias[filters],
/// which may be undefined:
///
///   y[i, f, p] = bias[f] + sum_{c, a} w[f, c, a] x[i, c of f's group, p stride - padding + a dilation]
///
/// with elements outside x 0, for floor((length + 2 padding - dilation (k - 1) - 1) / stride) + 1 positions p: conv2d
/// of images of height 1. Differentiable to any order. Throws Error where the sizes do not agree or the window does not
/// fit.
template <class T, class Device>
Tensor<T, Device> conv1d(const Tensor<T, Device>& x, const std::type_identity_t<Tensor<T, Device>>& w,
                         const std::type_identity_t<Tensor<T, Device>>& bias = {}, const Conv1dOptions& options = {}) {
  if (x.rank() != 3 || w.rank() != 3)
    detail::fail("conv1d", {"x is ", x.shape(), ", w ", w.shape()},
                 "x is [batch, channels, length] and w [filters, channels / groups, k]");
  const auto image = unsqueeze(x, 2), filters = unsqueeze(w, 2);
  const auto sizes = detail::conv2d_sizes("conv1d", image, filters, bias,
                                          {.stride = {1, options.stride},
                                           .padding = {0, options.padding},
                                           .dilation = {1, options.dilation},
                                           .groups = options.groups});
  return squeeze(detail::conv2d_forward(sizes, image, filters, bias), 2);
}

}  // namespace regimen
