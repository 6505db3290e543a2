// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/activation.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/cpu/gemm.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/functors.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {
namespace detail {

/// dL/dz of y = activation(z), from dL/dy and y.
template <class T, class Device>
Tensor<T, Device> through_activation(Activation activation, const Tensor<T, Device>& g, const Tensor<T, Device>& y) {
  if (activation == Activation::none) return g;
  if (recording()) {
    if (activation == Activation::tanh) return g * (T{1} - y * y);
    if (activation == Activation::sigmoid) return g * (y * (T{1} - y));
    return g * greater(y, T{0});
  }
  const auto result = Tensor<T, Device>::empty(y.shape());
  const auto map = [&](const auto& f) {
    kernel::map(Device{}, y.size(), f, result.mutable_data(), g.data(), y.data());
  };
  if (activation == Activation::tanh)
    map(functor::TimesSlope<functor::TanhSlope<T>>{});
  else if (activation == Activation::sigmoid)
    map(functor::TimesSlope<functor::SigmoidSlope<T>>{});
  else
    map(functor::ReluGate{});
  return result;
}

/// Adds to the gradient of an input in its sink where there is one: compute(memory, whether to add to what is there).
template <class T, class Device, class Compute>
void add_computed(const Backward<T, Device>& backward, int input, std::initializer_list<std::int64_t> shape,
                  const Compute& compute) {
  bool started = false;
  if (T* sink = backward.sink(input, started)) {
    compute(sink, started);
    return;
  }
  const auto gradient = Tensor<T, Device>::empty(shape);
  compute(gradient.mutable_data(), false);
  backward.add(input, gradient);
}

}  // namespace detail

/// y = activation(x weight^T + bias): x [..., in], weight [out, in], bias [out] or undefined, y [..., out]. Bias and
/// activation are part of the product's pass; backward writes the gradients of parameters where they are summed. Throws
/// Error where the sizes differ.
template <class T, class Device>
Tensor<T, Device> linear(const Tensor<T, Device>& x, const Tensor<T, Device>& weight, const Tensor<T, Device>& bias,
                         Activation activation = Activation::none) {
  if (weight.rank() != 2 || x.rank() == 0 || x.size(-1) != weight.size(1) ||
      (bias.defined() && (bias.rank() != 1 || bias.size(0) != weight.size(0)))) [[unlikely]]
    detail::fail(
        "linear",
        {"x is ", x.shape(), ", weight ", weight.shape(), (bias.defined() ? ", bias " + bias.shape().to_string() : "")},
        "x is [..., in], weight [out, in], bias [out]");
  const std::int64_t out = weight.size(0), in = weight.size(1);
  const auto y = Tensor<T, Device>::empty(x.shape().with(-1, out));
  const std::int64_t rows = out != 0 ? y.size() / out : x.shape().sub(0, x.rank() - 1).size();
  kernel::gemm<T>(Device{}, false, true, rows, out, in, x.data(), in, weight.data(), in, y.mutable_data(), out,
                  {.bias = bias.defined() ? bias.data() : nullptr, .activation = activation});
  if (!is_recorded(x, weight, bias)) return y;
  auto vjp = [rows, out, in, activation, shape_x = x.shape(), x = Saved(weight.requires_grad(), x),
              weight = Saved(x.requires_grad(), weight),
              y = Saved(activation != Activation::none, y)](const Backward<T, Device>& backward) {
    const Tensor<T, Device> g = activation == Activation::none
                                    ? backward.gradient()
                                    : detail::through_activation(activation, backward.gradient(), backward.output(y));
    if (detail::recording()) {
      const auto flat = reshape(g, Shape{rows, out});
      if (backward.needs(0)) backward.add(0, reshape(matmul(flat, backward(weight)), shape_x));
      if (backward.needs(1))
        backward.add(1, matmul(flat, reshape(backward(x), Shape{rows, in}), {.transpose_a = true}));
      if (backward.needs(2)) backward.add(2, sum_to(flat, Shape{out}));
      return;
    }
    if (backward.needs(0)) {
      const auto dx = Tensor<T, Device>::empty(shape_x);
      kernel::gemm<T>(Device{}, false, false, rows, in, out, g.data(), out, backward(weight).data(), in,
                      dx.mutable_data(), in);
      backward.add(0, dx);
    }
    if (backward.needs(1))
      detail::add_computed(backward, 1, {out, in}, [&](T* into, bool add) {
        kernel::gemm<T>(Device{}, true, false, out, in, rows, g.data(), out, backward(x).data(), in, into, in,
                        {.accumulate = add});
      });
    if (backward.needs(2))
      detail::add_computed(backward, 2, {out}, [&](T* into, bool add) {
        if (!add) return kernel::sum(Device{}, std::int64_t{1}, rows, out, g.data(), into);
        const auto sums = Tensor<T, Device>::empty({out});
        kernel::sum(Device{}, std::int64_t{1}, rows, out, g.data(), sums.mutable_data());
        kernel::map(Device{}, out, functor::Add{}, into, into, sums.data());
      });
  };
  return record("linear", y, std::move(vjp), x, weight, bias);
}

}  // namespace regimen
