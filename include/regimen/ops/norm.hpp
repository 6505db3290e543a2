// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/norm.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {
namespace detail {

template <class T, class Device>
const T* data_or_null(const Tensor<T, Device>& x) {
  return x.defined() ? x.data() : nullptr;
}

template <class T, class Device>
void check_affine(const char* operation, const char* name, const Tensor<T, Device>& affine, const Shape& expected,
                  const Shape& x) {
  if (affine.defined() && !(affine.shape() == expected))
    fail(operation, std::string(name) + " is " + affine.shape().to_string() + " for x of shape " + x.to_string(),
         "it must be " + expected.to_string());
}

/// A normalisation's gradients for the gradient g of y = (x - mean) rstd gamma + beta. All tensors are of one rank, and
/// gamma broadcasts; mean and rstd were taken by `average`, which keeps the axes, or are constants where they are
/// given.
template <class T, class Device>
struct NormGradients {
  Tensor<T, Device> dx, g_h;  // g_h = g h: its sum over all but the axes of gamma is dgamma

  template <class Average>
  NormGradients(const Tensor<T, Device>& x, const Tensor<T, Device>& gamma, const Tensor<T, Device>& g, T epsilon,
                const Average& average) {
    const auto centered = x - average(x);
    const auto rstd = T{1} / sqrt(average(centered * centered) + epsilon);
    const auto h = centered * rstd, u = gamma.defined() ? g * gamma : g;
    dx = rstd * (u - average(u) - h * average(u * h));
    g_h = g * h;
  }
  NormGradients(const Tensor<T, Device>& x, const Tensor<T, Device>& gamma, const Tensor<T, Device>& g, T epsilon,
                const Tensor<T, Device>& mean, const Tensor<T, Device>& variance) {
    const auto rstd = T{1} / sqrt(variance + epsilon);
    dx = gamma.defined() ? g * (rstd * gamma) : g * rstd;
    g_h = g * ((x - mean) * rstd);
  }
};

}  // namespace detail

/// Layer normalisation over the innermost axes, whose sizes are `normalized` (Ba et al. 2016):
///
///   y = (x - mean) / sqrt(variance + epsilon) gamma + beta
///
/// with the mean and the biased variance of those axes. gamma and beta have the shape `normalized`; an undefined gamma
/// is 1, an undefined beta 0. The gradient needs x, gamma and two numbers a row.
template <class T, class Device>
Tensor<T, Device> layer_norm(const Tensor<T, Device>& x, const Shape& normalized,
                             const std::type_identity_t<Tensor<T, Device>>& gamma = {},
                             const std::type_identity_t<Tensor<T, Device>>& beta = {}, double epsilon = 1e-5) {
  const int outer = x.rank() - normalized.rank();
  if (normalized.rank() == 0 || outer < 0 || !(x.shape().sub(outer, x.rank()) == normalized))
    detail::fail("layer_norm", {"x is ", x.shape(), ", its normalised axes ", normalized},
                 "they must be the innermost axes of x");
  detail::check_affine("layer_norm", "gamma", gamma, normalized, x.shape());
  detail::check_affine("layer_norm", "beta", beta, normalized, x.shape());
  if (!(epsilon >= 0)) detail::fail("layer_norm", {"epsilon is ", epsilon}, "it must be >= 0");

  using Value = Tensor<T, Device>;
  const std::int64_t m = x.shape().sub(0, outer).size(), n = normalized.size();
  const auto y = Value::empty(x.shape()), mean = Value::empty({m}), rstd = Value::empty({m});
  kernel::layer_norm(Device{}, m, n, x.data(), detail::data_or_null(gamma), detail::data_or_null(beta),
                     static_cast<T>(epsilon), y.mutable_data(), mean.mutable_data(), rstd.mutable_data());
  if (!is_recorded(x, gamma, beta)) return y;
  return record(
      "layer_norm", y,
      [=, x = Saved(x), scaled = gamma.defined(), gamma = Saved(gamma.defined(), gamma)](const auto& backward) {
        const Value &values = backward(x), &g = backward.gradient();
        const Value factors = scaled ? backward(gamma) : Value{};
        if (is_recorded(values, factors, g)) {
          const auto up = reshape(g, Shape{m, n});
          const detail::NormGradients<T, Device> gradients(
              reshape(values, Shape{m, n}), scaled ? reshape(factors, Shape{n}) : Value{}, up, static_cast<T>(epsilon),
              [n](const Value& v) { return sum(v, -1, {.keepdim = true}) * (T{1} / static_cast<T>(n)); });
          if (backward.needs(0)) backward.add(0, reshape(gradients.dx, values.shape()));
          if (backward.needs(1)) backward.add(1, reshape(sum(gradients.g_h, 0), normalized));
          if (backward.needs(2)) backward.add(2, reshape(sum(up, 0), normalized));
          return;
        }
        Value gradients[3];
        T* out[3] = {};
        for (int i = 0; i < 3; ++i)
          if (backward.needs(i)) {
            gradients[i] = Value::empty(i == 0 ? values.shape() : normalized);
            out[i] = gradients[i].mutable_data();
          }
        kernel::layer_norm_backward(Device{}, m, n, values.data(), detail::data_or_null(factors), mean.data(),
                                    rstd.data(), g.data(), out[0], out[1], out[2]);
        for (int i = 0; i < 3; ++i)
          if (gradients[i].defined()) backward.add(i, gradients[i]);
      },
      x, gamma, beta);
}

/// What batch_norm returns: y, and the statistics that it used, constants without a record.
template <class T, class Device>
struct BatchNormResult {
  Tensor<T, Device> y, mean, variance;
};

/// Batch normalisation of x[n, c, ...] by channels (Ioffe & Szegedy 2015):
///
///   y = (x - mean) / sqrt(variance + epsilon) gamma + beta
///
/// In training mean[c] and variance[c] are the batch's, the biased variance, over all axes but the second; the given
/// ones are not looked at and may be undefined, and the gradient goes through the statistics. Otherwise the given ones
/// are used, as constants. gamma[c] and beta[c] may be undefined: 1 and 0. Throws Error in training for channels
/// without an element.
///
/// Running statistics are the caller's: they take the returned ones, with PyTorch's unbiased variance as
/// variance count / (count - 1), count = x.size() / c.
template <class T, class Device>
BatchNormResult<T, Device> batch_norm(const Tensor<T, Device>& x, const std::type_identity_t<Tensor<T, Device>>& gamma,
                                      const std::type_identity_t<Tensor<T, Device>>& beta,
                                      const std::type_identity_t<Tensor<T, Device>>& mean,
                                      const std::type_identity_t<Tensor<T, Device>>& variance, double epsilon,
                                      bool training) {
  if (x.rank() < 2) detail::fail("batch_norm", {"x is ", x.shape()}, "its axes are [batch, channels, ...]");
  const std::int64_t n = x.size(0), c = x.size(1), inner = x.shape().sub(2, x.rank()).size();
  detail::check_affine("batch_norm", "gamma", gamma, {c}, x.shape());
  detail::check_affine("batch_norm", "beta", beta, {c}, x.shape());
  if (!(epsilon >= 0)) detail::fail("batch_norm", {"epsilon is ", epsilon}, "it must be >= 0");
  if (training && n * inner == 0)
    detail::fail("batch_norm", {"x is ", x.shape(), ", of which no statistics can be taken"},
                 "skip empty batches, or use given statistics");
  if (!training) {
    if (!mean.defined() || !variance.defined())
      detail::fail("batch_norm", {"no statistics were given for x of shape ", x.shape()},
                   "outside of training pass the running mean and variance");
    detail::check_affine("batch_norm", "mean", mean, {c}, x.shape());
    detail::check_affine("batch_norm", "variance", variance, {c}, x.shape());
  }

  using Value = Tensor<T, Device>;
  const auto eps = static_cast<T>(epsilon);
  BatchNormResult<T, Device> result{Value::empty(x.shape()), mean.detach(), variance.detach()};
  if (training) {
    result.mean = Value::empty({c});
    result.variance = Value::empty({c});
    kernel::batch_norm_statistics(Device{}, n, c, inner, x.data(), result.mean.mutable_data(),
                                  result.variance.mutable_data());
  }
  kernel::batch_norm(Device{}, n, c, inner, x.data(), detail::data_or_null(gamma), detail::data_or_null(beta),
                     result.mean.data(), result.variance.data(), eps, result.y.mutable_data());
  if (!is_recorded(x, gamma, beta)) return result;
  result.y = record(
      "batch_norm", result.y,
      [=, x = Saved(x), scaled = gamma.defined(), gamma = Saved(gamma.defined(), gamma), mean = Saved(result.mean),
       variance = Saved(result.variance)](const auto& backward) {
        const Value &values = backward(x), &g = backward.gradient();
        const Value factors = scaled ? backward(gamma) : Value{};
        if (is_recorded(values, factors, g)) {
          const Shape all{n, c, inner}, channels{1, c, 1};
          const auto total = [](const Value& v) { return sum(v, {0, 2}, {.keepdim = true}); };
          const auto v = reshape(values, all), up = reshape(g, all);
          const auto w = scaled ? reshape(factors, channels) : Value{};
          const auto average = [&](const Value& of) { return total(of) * (T{1} / static_cast<T>(n * inner)); };
          const auto gradients =
              training ? detail::NormGradients<T, Device>(v, w, up, eps, average)
                       : detail::NormGradients<T, Device>(v, w, up, eps, reshape(backward(mean), channels),
                                                          reshape(backward(variance), channels));
          if (backward.needs(0)) backward.add(0, reshape(gradients.dx, values.shape()));
          if (backward.needs(1)) backward.add(1, reshape(total(gradients.g_h), Shape{c}));
          if (backward.needs(2)) backward.add(2, reshape(total(up), Shape{c}));
          return;
        }
        const auto dx = backward.needs(0) ? Value::empty(values.shape()) : Value{};
        const auto dgamma = Value::empty({c}), dbeta = Value::empty({c});
        kernel::batch_norm_backward(Device{}, n, c, inner, values.data(), detail::data_or_null(factors),
                                    backward(mean).data(), backward(variance).data(), eps, training, g.data(),
                                    dx.defined() ? dx.mutable_data() : nullptr, dgamma.mutable_data(),
                                    dbeta.mutable_data());
        if (backward.needs(0)) backward.add(0, dx);
        if (backward.needs(1)) backward.add(1, dgamma);
        if (backward.needs(2)) backward.add(2, dbeta);
      },
      x, gamma, beta);
  return result;
}

}  // namespace regimen
