// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/softmax.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {
namespace detail {

/// A tensor as rows along its innermost axis.
struct Rows {
  std::int64_t count, length;
  explicit Rows(const Shape& shape) : count(shape.sub(0, shape.rank() - 1).size()), length(shape[-1]) {}
};

/// y (g - sum g y) along the innermost axis: the gradient of softmax, y its output.
template <class T, class Device>
Tensor<T, Device> softmax_gradient(const Tensor<T, Device>& y, const Tensor<T, Device>& g) {
  const auto dx = Tensor<T, Device>::empty(y.shape());
  const Rows rows(y.shape());
  kernel::softmax_backward(Device{}, rows.count, rows.length, y.data(), g.data(), dx.mutable_data());
  if (!is_recorded(y, g)) return dx;
  return record(
      "softmax_gradient", dx,
      [y = Saved(y), g = Saved(y.requires_grad(), g)](const auto& backward) {
        const auto &r = backward.gradient(), &p = backward(y);
        if (backward.needs(0)) {
          const auto& v = backward(g);
          backward.add(0, r * (v - sum(v * p, -1, {.keepdim = true})) - v * sum(r * p, -1, {.keepdim = true}));
        }
        if (backward.needs(1)) backward.add(1, softmax_gradient(p, r));
      },
      y, g);
}

/// g - exp(y) sum g along the innermost axis: the gradient of log_softmax, y its output.
template <class T, class Device>
Tensor<T, Device> log_softmax_gradient(const Tensor<T, Device>& y, const Tensor<T, Device>& g) {
  const auto dx = Tensor<T, Device>::empty(y.shape());
  const Rows rows(y.shape());
  kernel::log_softmax_backward(Device{}, rows.count, rows.length, y.data(), g.data(), dx.mutable_data());
  if (!is_recorded(y, g)) return dx;
  return record(
      "log_softmax_gradient", dx,
      [y = Saved(y), g = Saved(y.requires_grad(), g)](const auto& backward) {
        const auto& r = backward.gradient();
        const auto weighted = r * exp(backward(y));
        if (backward.needs(0)) backward.add(0, -(weighted * sum(backward(g), -1, {.keepdim = true})));
        if (backward.needs(1)) backward.add(1, r - sum(weighted, -1, {.keepdim = true}));
      },
      y, g);
}

template <class T, class Device>
Tensor<T, Device> softmax_of_rows(const Tensor<T, Device>& x) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  const Rows rows(x.shape());
  kernel::softmax(Device{}, rows.count, rows.length, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "softmax", y,
      [y = save_output(y)](const auto& backward) {
        backward.add(0, softmax_gradient(backward.output(y), backward.gradient()));
      },
      x);
}

template <class T, class Device>
Tensor<T, Device> log_softmax_of_rows(const Tensor<T, Device>& x) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  const Rows rows(x.shape());
  kernel::log_softmax(Device{}, rows.count, rows.length, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "log_softmax", y,
      [y = save_output(y)](const auto& backward) {
        backward.add(0, log_softmax_gradient(backward.output(y), backward.gradient()));
      },
      x);
}

}  // namespace detail

/// y = exp x / sum exp x along an axis, of x's shape; no finite input overflows.
///
/// As in PyTorch an element of -infinity has probability 0, and a row of nothing else is NaN. The gradient is
/// y (g - sum g y) and needs y alone. The innermost axis is the quick one; another one costs two transpositions.
template <class T, class Device>
Tensor<T, Device> softmax(const Tensor<T, Device>& x, int axis = -1) {
  const int along = x.shape().normalize(axis, "softmax"), last = x.rank() - 1;
  if (along == last) return detail::softmax_of_rows(x);
  return transpose(detail::softmax_of_rows(transpose(x, along, last)), along, last);
}

/// y = x - log sum exp x along an axis, of x's shape: the logarithm of softmax(x, axis), without its underflow.
template <class T, class Device>
Tensor<T, Device> log_softmax(const Tensor<T, Device>& x, int axis = -1) {
  const int along = x.shape().normalize(axis, "log_softmax"), last = x.rank() - 1;
  if (along == last) return detail::log_softmax_of_rows(x);
  return transpose(detail::log_softmax_of_rows(transpose(x, along, last)), along, last);
}

}  // namespace regimen
