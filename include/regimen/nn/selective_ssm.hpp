// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/scan.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// The outputs of a state-space model, of x's shape, and its state behind the last step.
template <class T = float, class Device = Cpu>
struct ScanOutput {
  Tensor<T, Device> output, state;
};

namespace detail {

/// The states s_t = decay_t s_t-1 + input_t along axis 1 from s_-1 = state on, or 0 where it is undefined.
template <class T, class Device>
Tensor<T, Device> states_from(const char* operation, const Tensor<T, Device>& state, const Tensor<T, Device>& decay,
                              const Tensor<T, Device>& input) {
  if (!state.defined()) return linear_recurrence(decay, input, 1);
  if (!(state.shape() == input.shape().without(1)))
    fail(operation, {"the state is ", state.shape(), ", expected ", input.shape().without(1)},
         "pass the state that the step before gave");
  const auto first = slice(input, 1, 0, 1) + slice(decay, 1, 0, 1) * unsqueeze(state, 1);
  return linear_recurrence(decay, concat({first, slice(input, 1, 1, input.size(1))}, 1), 1);
}

}  // namespace detail

/// The selective state-space model (S6) of each channel of x [batch, T, width], whose step delta, input map b and
/// output map c change with time:
///
///   s_t = exp(delta_t a) s_t-1 + delta_t b_t x_t        y_t = c_t . s_t + d x_t
///
/// for delta [batch, T, width], a [width, N], b and c [batch, T, N], d [width], and the state s [batch, width, N] that
/// it goes on from, 0 where it is undefined. Deviation from the paper's zero-order hold, as in the authors' code: b is
/// multiplied by delta, not by (exp(delta a) - 1) / a. Holds batch T width N numbers a few times. Throws Error where
/// shapes do not agree, and for no steps.
///
/// Source: Gu & Dao (2023), Mamba: linear-time sequence modeling with selective state spaces, algorithm 2.
template <class T, class Device>
ScanOutput<T, Device> selective_scan(const Tensor<T, Device>& x, const Tensor<T, Device>& delta,
                                     const Tensor<T, Device>& a, const Tensor<T, Device>& b, const Tensor<T, Device>& c,
                                     const Tensor<T, Device>& d, const Tensor<T, Device>& state = {}) {
  const bool right = x.rank() == 3 && x.size(1) > 0 && delta.shape() == x.shape() && a.rank() == 2 &&
                     a.size(0) == x.size(2) && b.shape() == Shape{x.size(0), x.size(1), a.size(1)} &&
                     c.shape() == b.shape() && d.shape() == Shape{x.size(2)};
  if (!right)
    detail::fail("selective_scan",
                 {"x is ", x.shape(), ", delta ", delta.shape(), ", a ", a.shape(), ", b ", b.shape(), ", c ",
                  c.shape(), ", d ", d.shape()},
                 "x and delta are [batch, T, width] with T > 0, a [width, N], b and c [batch, T, N], d [width]");
  const auto decay = exp(unsqueeze(delta, 3) * a);
  const auto s = detail::states_from("selective_scan", state, decay, unsqueeze(delta * x, 3) * unsqueeze(b, 2));
  return {sum(s * unsqueeze(c, 2), -1) + x * d, select(s, 1, x.size(1) - 1)};
}

}  // namespace regimen
