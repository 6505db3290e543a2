// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/conv.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/window.hpp"

namespace regimen {

struct Conv2dOptions {
  HeightWidth stride = 1;
  HeightWidth padding = 0;  ///< zeros around x, on each side
  HeightWidth dilation = 1;
  std::int64_t groups = 1;  ///< parts that channels and filters are cut into, which do not see each other
};

namespace detail {

// A convolution without bias is y = C(x, w). Its sum with g, <g, C(x, w)>, is linear in each of x, w and g, so that
// each derivative of one of the three operations below is another one of them.

template <class T, class Device>
Tensor<T, Device> conv2d_backward_input(const kernel::Conv2d& s, const Tensor<T, Device>& w,
                                        const Tensor<T, Device>& g);
template <class T, class Device>
Tensor<T, Device> conv2d_backward_weight(const kernel::Conv2d& s, const Tensor<T, Device>& x,
                                         const Tensor<T, Device>& g);

/// dbias[filters] = the sum of g[batch, filters, ...] over the other axes.
template <class T, class Device>
Tensor<T, Device> conv2d_backward_bias(const kernel::Conv2d& s, const Tensor<T, Device>& g) {
  if (is_recorded(g)) return sum(g, {0, 2, 3});
  const auto dbias = Tensor<T, Device>::empty({s.filters});
  kernel::conv2d_backward_bias(Device{}, s, g.data(), dbias.mutable_data());
  return dbias;
}

template <class T, class Device>
Tensor<T, Device> conv2d_forward(const kernel::Conv2d& s, const Tensor<T, Device>& x, const Tensor<T, Device>& w,
                                 const Tensor<T, Device>& bias) {
  const auto y = Tensor<T, Device>::empty({s.batch, s.filters, s.out_height(), s.out_width()});
  kernel::conv2d(Device{}, s, x.data(), w.data(), bias.defined() ? bias.data() : nullptr, y.mutable_data());
  if (!is_recorded(x, w, bias)) return y;
  return record(
      "conv2d", y,
      [s, x = Saved(w.requires_grad(), x), w = Saved(x.requires_grad(), w)](const auto& backward) {
        const auto& g = backward.gradient();
        if (backward.needs(0)) backward.add(0, conv2d_backward_input(s, backward(w), g));
        if (backward.needs(1)) backward.add(1, conv2d_backward_weight(s, backward(x), g));
        if (backward.needs(2)) backward.add(2, conv2d_backward_bias(s, g));
      },
      x, w, bias);
}

/// dx[batch, channels, height, width] for the gradient g of y.
template <class T, class Device>
Tensor<T, Device> conv2d_backward_input(const kernel::Conv2d& s, const Tensor<T, Device>& w,
                                        const Tensor<T, Device>& g) {
  const auto dx = Tensor<T, Device>::empty({s.batch, s.channels, s.height, s.width});
  kernel::conv2d_backward_input(Device{}, s, w.data(), g.data(), dx.mutable_data());
  if (!is_recorded(w, g)) return dx;
  return record(
      "conv2d_backward_input", dx,
      [s, w = Saved(g.requires_grad(), w), g = Saved(w.requires_grad(), g)](const auto& backward) {
        const auto& r = backward.gradient();
        if (backward.needs(0)) backward.add(0, conv2d_backward_weight(s, r, backward(g)));
        if (backward.needs(1)) backward.add(1, conv2d_forward(s, r, backward(w), {}));
      },
      w, g);
}

/// dw, of w's shape, for the gradient g of y.
template <class T, class Device>
Tensor<T, Device> conv2d_backward_weight(const kernel::Conv2d& s, const Tensor<T, Device>& x,
                                         const Tensor<T, Device>& g) {
  const auto dw =
      Tensor<T, Device>::empty({s.filters, s.group_channels(), s.window.vertical.size, s.window.horizontal.size});
  kernel::conv2d_backward_weight(Device{}, s, x.data(), g.data(), dw.mutable_data());
  if (!is_recorded(x, g)) return dw;
  return record(
      "conv2d_backward_weight", dw,
      [s, x = Saved(g.requires_grad(), x), g = Saved(x.requires_grad(), g)](const auto& backward) {
        const auto& r = backward.gradient();
        if (backward.needs(0)) backward.add(0, conv2d_backward_input(s, r, backward(g)));
        if (backward.needs(1)) backward.add(1, conv2d_forward(s, backward(x), r, {}));
      },
      x, g);
}

/// The sizes of conv2d(x, w, bias). Throws Error, in the name of `operation`, where they do not agree.
template <class T, class Device>
kernel::Conv2d conv2d_sizes(const char* operation, const Tensor<T, Device>& x, const Tensor<T, Device>& w,
                            const Tensor<T, Device>& bias, const Conv2dOptions& options) {
  if (x.rank() != 4 || w.rank() != 4)
    fail(operation, {"x is ", x.shape(), ", w ", w.shape(), ", groups ", options.groups},
         "x is [batch, channels, height, width] and w [filters, channels / groups, height, width]");
  if (options.groups < 1 || x.size(1) % options.groups != 0 || w.size(0) % options.groups != 0 ||
      x.size(1) / options.groups != w.size(1))
    fail(operation, {"x is ", x.shape(), ", w ", w.shape(), ", groups ", options.groups},
         "groups must divide channels and filters, and w.size(1) be channels / groups");
  if (bias.defined() && !(bias.shape() == Shape{w.size(0)}))
    fail(operation, {"bias is ", bias.shape(), " and w ", w.shape()}, "give one bias a filter");
  return {x.size(0),
          x.size(1),
          x.size(2),
          x.size(3),
          w.size(0),
          options.groups,
          window2d(operation, x.shape(), {w.size(2), w.size(3)}, options.stride, options.padding, options.dilation)};
}

}  // namespace detail

/// Convolution of images x[batch, channels, height, width] with filters w[filters, channels / groups, kh, kw] and
/// bias[filters], which may be undefined:
///
///   y[i, f, p, q] = bias[f] + sum_{c, a, b} w[f, c, a, b] x[i, c of f's group, p stride - padding + a dilation,
///                                                                              q stride - padding + b dilation]
///
/// (cross-correlation, as in every deep-learning library) with elements outside x 0, for as many p and q as fit:
/// floor((size + 2 padding - dilation (k - 1) - 1) / stride) + 1. Differentiable to any order. Throws Error where the
/// sizes do not agree or the window does not fit.
///
///   y = conv2d(x, w, bias, {.stride = 2, .padding = 1})
template <class T, class Device>
Tensor<T, Device> conv2d(const Tensor<T, Device>& x, const std::type_identity_t<Tensor<T, Device>>& w,
                         const std::type_identity_t<Tensor<T, Device>>& bias = {}, const Conv2dOptions& options = {}) {
  return detail::conv2d_forward(detail::conv2d_sizes("conv2d", x, w, bias, options), x, w, bias);
}

}  // namespace regimen
