// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

/// Group normalisation of x[n, c, ...] (Wu & He 2018): the channels are cut into `groups` runs of c / groups, and each
/// sample's run becomes
///
///   y = (x - mean) / sqrt(variance + epsilon) gamma + beta
///
/// with the run's mean and biased variance over its channels and the axes behind. gamma[c] and beta[c] may be
/// undefined: 1 and 0. groups = c is instance normalisation. Throws Error where groups do not divide c.
template <class T, class Device>
Tensor<T, Device> group_norm(const Tensor<T, Device>& x, std::int64_t groups,
                             const std::type_identity_t<Tensor<T, Device>>& gamma = {},
                             const std::type_identity_t<Tensor<T, Device>>& beta = {}, double epsilon = 1e-5) {
  if (x.rank() < 2) detail::fail("group_norm", {"x is ", x.shape()}, "its axes are [batch, channels, ...]");
  const std::int64_t channels = x.size(1);
  if (groups < 1 || channels % groups != 0)
    detail::fail("group_norm", {groups, " groups for x of shape ", x.shape()}, "groups must divide the channels");
  detail::check_affine("group_norm", "gamma", gamma, {channels}, x.shape());
  detail::check_affine("group_norm", "beta", beta, {channels}, x.shape());
  if (!(epsilon >= 0)) detail::fail("group_norm", {"epsilon is ", epsilon}, "it must be >= 0");
  const Shape run{channels / groups * x.shape().sub(2, x.rank()).size()};
  auto y = reshape(layer_norm(reshape(x, Shape{x.size(0) * groups, run.size()}), run, {}, {}, epsilon), x.shape());
  Shape affine{channels};
  for (int axis = 2; axis < x.rank(); ++axis) affine.append(1);
  if (gamma.defined()) y = y * reshape(gamma, affine);
  if (beta.defined()) y = y + reshape(beta, affine);
  return y;
}

}  // namespace regimen
