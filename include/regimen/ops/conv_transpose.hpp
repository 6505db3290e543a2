// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

struct ConvTranspose2dOptions {
  HeightWidth stride = 1;
  HeightWidth padding = 0;         ///< what is cut off the result, on each side
  HeightWidth output_padding = 0;  ///< what is added to the result's end, below stride
  HeightWidth dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
};

struct ConvTranspose1dOptions {
  std::int64_t stride = 1;
  std::int64_t padding = 0;         ///< what is cut off the result, on each side
  std::int64_t output_padding = 0;  ///< what is added to the result's end, below stride
  std::int64_t dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
};

namespace detail {

/// The sizes of the convolution whose gradient by its input conv_transpose2d(x, w, bias) is.
template <class T, class Device>
kernel::Conv2d conv_transpose2d_sizes(const char* operation, const Tensor<T, Device>& x, const Tensor<T, Device>& w,
                                      const Tensor<T, Device>& bias, const ConvTranspose2dOptions& o) {
  if (x.rank() != 4 || w.rank() != 4)
    fail(operation, {"x is ", x.shape(), ", w ", w.shape()},
         "x is [batch, channels, height, width] and w [channels, filters / groups, height, width]");
  if (o.groups < 1 || x.size(1) % o.groups != 0 || x.size(1) != w.size(0))
    fail(operation, {"x is ", x.shape(), ", w ", w.shape(), ", groups ", o.groups},
         "w.size(0) must be the channels of x, and groups divide them");
  const std::int64_t filters = w.size(1) * o.groups;
  if (bias.defined() && !(bias.shape() == Shape{filters}))
    fail(operation, {"bias is ", bias.shape(), ", w ", w.shape(), ", groups ", o.groups}, "give one bias a filter");
  const auto is_added = [](std::int64_t added, std::int64_t stride) { return added >= 0 && added < stride; };
  if (!is_added(o.output_padding.height, o.stride.height) || !is_added(o.output_padding.width, o.stride.width))
    fail(operation, {"output_padding ", o.output_padding.to_string(), " with stride ", o.stride.to_string()},
         "output_padding must be >= 0 and below stride");
  const auto size = [](std::int64_t n, std::int64_t k, std::int64_t stride, std::int64_t padding, std::int64_t added,
                       std::int64_t dilation) {
    return (n - 1) * stride - 2 * padding + dilation * (k - 1) + added + 1;
  };
  const std::int64_t height = size(x.size(2), w.size(2), o.stride.height, o.padding.height, o.output_padding.height,
                                   o.dilation.height),
                     width = size(x.size(3), w.size(3), o.stride.width, o.padding.width, o.output_padding.width,
                                  o.dilation.width);
  if (x.size(2) < 1 || x.size(3) < 1 || height < 1 || width < 1)
    fail(operation, {"x is ", x.shape(), ", w ", w.shape(), ", padding ", o.padding.to_string(), ": nothing is left"},
         "use less padding or a larger x");
  return {x.size(0),
          filters,
          height,
          width,
          x.size(1),
          o.groups,
          window2d(operation, {height, width}, {w.size(2), w.size(3)}, o.stride, o.padding, o.dilation)};
}

}  // namespace detail

/// Transposed convolution of images x[batch, channels, height, width] with w[channels, filters / groups, kh, kw] and
/// bias[filters], which may be undefined: each element of x adds itself times its filters to the result, at distances
/// of stride. It is the gradient of conv2d by its input:
///
///   y[i, f, p stride - padding + a dilation, q stride - padding + b dilation] += w[c, f, a, b] x[i, c, p, q]
///
/// for c of f's group, in sizes (n - 1) stride - 2 padding + dilation (k - 1) + output_padding + 1. Differentiable to
/// any order. Deviation from PyTorch: output_padding is below stride; there it may reach dilation where that is larger.
/// Throws Error where the sizes do not agree or nothing is left.
template <class T, class Device>
Tensor<T, Device> conv_transpose2d(const Tensor<T, Device>& x, const std::type_identity_t<Tensor<T, Device>>& w,
                                   const std::type_identity_t<Tensor<T, Device>>& bias = {},
                                   const ConvTranspose2dOptions& options = {}) {
  const auto sizes = detail::conv_transpose2d_sizes("conv_transpose2d", x, w, bias, options);
  const auto y = detail::conv2d_backward_input(sizes, w, x);
  return bias.defined() ? y + reshape(bias, Shape{bias.size(), 1, 1}) : y;
}

/// The same for sequences x[batch, channels, length] with w[channels, filters / groups, k].
template <class T, class Device>
Tensor<T, Device> conv_transpose1d(const Tensor<T, Device>& x, const std::type_identity_t<Tensor<T, Device>>& w,
                                   const std::type_identity_t<Tensor<T, Device>>& bias = {},
                                   const ConvTranspose1dOptions& options = {}) {
  if (x.rank() != 3 || w.rank() != 3)
    detail::fail("conv_transpose1d", {"x is ", x.shape(), ", w ", w.shape()},
                 "x is [batch, channels, length] and w [channels, filters / groups, k]");
  const auto image = unsqueeze(x, 2), filters = unsqueeze(w, 2);
  const auto sizes = detail::conv_transpose2d_sizes("conv_transpose1d", image, filters, bias,
                                                    {.stride = {1, options.stride},
                                                     .padding = {0, options.padding},
                                                     .output_padding = {0, options.output_padding},
                                                     .dilation = {1, options.dilation},
                                                     .groups = options.groups});
  const auto y = squeeze(detail::conv2d_backward_input(sizes, filters, image), 2);
  return bias.defined() ? y + reshape(bias, Shape{bias.size(), 1}) : y;
}

}  // namespace regimen
