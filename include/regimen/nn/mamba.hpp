// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/conv1d.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/selective_ssm.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct MambaOptions {
  std::int64_t state = 16;              ///< N: numbers that a channel remembers
  std::int64_t kernel = 4;              ///< steps that the convolution sees
  std::int64_t expand = 2;              ///< channels inside, as a multiple of the width
  std::int64_t dt_rank = 0;             ///< inner size of the map to delta; 0 stands for width / 16, rounded up
  double dt_min = 1e-3, dt_max = 1e-1;  ///< between which the first deltas are, uniform in their logarithms
};

/// What a Mamba goes on with: the last inputs of its convolution, [batch, channels, kernel - 1], and of its state-space
/// model the state.
template <class T = float, class Device = Cpu>
struct MambaState {
  Tensor<T, Device> convolution, ssm;
};

template <class T = float, class Device = Cpu>
struct MambaOutput {
  Tensor<T, Device> output;
  MambaState<T, Device> state;
};

namespace detail {

/// The convolution of x [batch, T, channels] that sees no later step, silu of it, and the end of what it saw; `before`
/// is what it saw before, zeros where undefined.
template <class T, class Device>
ScanOutput<T, Device> causal_convolution(const char* operation, const Conv1d<T, Device>& convolution,
                                         const Tensor<T, Device>& x, const Tensor<T, Device>& before) {
  const std::int64_t past = convolution.weight.size(2) - 1, length = x.size(1);
  auto sequence = transpose(x, 1, 2);
  if (before.defined()) {
    const Shape expected = sequence.shape().with(2, past);
    if (!(before.shape() == expected))
      fail(operation, {"the convolution's state is ", before.shape(), ", expected ", expected},
           "pass the state that the step before gave");
    sequence = concat({before, sequence}, 2);
  } else {
    sequence = pad(sequence, 2, {past, 0});
  }
  return {silu(transpose(convolution(sequence), 1, 2)), slice(sequence, 2, length, length + past)};
}

/// What softplus maps to numbers that are uniform in their logarithms between dt_min and dt_max, but at least 1e-4.
template <class T>
Tensor<T> first_dt_bias(std::int64_t count, Rng& rng, double dt_min, double dt_max) {
  const auto bias = Tensor<T>::empty({count});
  for (T& value : std::span<T>(bias.mutable_data(), static_cast<std::size_t>(count))) {
    const double dt = std::fmax(dt_min * std::pow(dt_max / dt_min, rng.uniform()), 1e-4);
    value = static_cast<T>(dt + std::log(-std::expm1(-dt)));
  }
  return bias;
}

inline void check_dt(const char* operation, double dt_min, double dt_max) {
  if (!(dt_min > 0 && dt_min <= dt_max && std::isfinite(dt_max)))
    fail(operation, {"dt from ", dt_min, " to ", dt_max}, "0 < dt_min <= dt_max must hold");
}

}  // namespace detail

/// The Mamba block (Gu & Dao 2023) of x [batch, T, width]:
///
///   u, z = in_proj(x)              u <- silu(causal depthwise convolution of u)
///   r, b, c = x_proj(u)            delta = softplus(dt_proj(r))
///   y = out_proj(selective_scan(u, delta, -exp(a_log), b, c, d) silu(z))
///
///   layer(x)            y [batch, T, width]
///   layer.run(x, state) y and the state behind it: goes on from a state, without one from 0; a step is T = 1
///
/// With a residual stream and RMSNorm around it this is a layer of the paper's language models. At first a_log is
/// log(1 .. N) in each channel and d 1. Throws Error where sizes do not fit, and for no steps.
template <class T = float, class Device = Cpu>
struct Mamba {
  Mamba(std::int64_t width, Rng& rng, const MambaOptions& options = {})
      : inner(checked(width, options) * options.expand),
        rank(options.dt_rank == 0 ? (width + 15) / 16 : options.dt_rank),
        states(options.state),
        in_proj(width, 2 * inner, rng, {.bias = false}),
        conv(inner, inner, options.kernel, rng, {.groups = inner}),
        x_proj(inner, rank + 2 * states, rng, {.bias = false}),
        dt_proj(rank, inner, rng),
        out_proj(inner, width, rng, {.bias = false}) {
    dt_proj.bias.assign(detail::first_dt_bias<T>(inner, rng, options.dt_min, options.dt_max));
    a_log = variable(Tensor<T, Device>::empty({inner, states}));
    T* const values = a_log.mutable_data();
    for (std::int64_t i = 0; i < a_log.size(); ++i)
      values[i] = static_cast<T>(std::log(1. + static_cast<double>(i % states)));
    d = variable(Tensor<T, Device>::ones({inner}));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return run(x).output; }

  MambaOutput<T, Device> run(const Tensor<T, Device>& x, const MambaState<T, Device>& state = {}) const {
    if (x.rank() != 3 || x.size(1) == 0)
      detail::fail("Mamba", {"x is ", x.shape()}, "x is [batch, T, width] with at least one step");
    const auto uz = in_proj(x);
    const auto [u, end] = detail::causal_convolution("Mamba", conv, slice(uz, 2, 0, inner), state.convolution);
    const auto rbc = x_proj(u);
    const auto delta = softplus(dt_proj(slice(rbc, 2, 0, rank)));
    const auto [y, ssm] = selective_scan(u, delta, -exp(a_log), slice(rbc, 2, rank, rank + states),
                                         slice(rbc, 2, rank + states, rank + 2 * states), d, state.ssm);
    return {out_proj(y * silu(slice(uz, 2, inner, 2 * inner))), {end, ssm}};
  }

  std::int64_t inner, rank, states;
  Linear<T, Device> in_proj;
  Conv1d<T, Device> conv;
  Linear<T, Device> x_proj, dt_proj, out_proj;
  Tensor<T, Device> a_log, d;
  REGIMEN_MODULE(in_proj, conv, x_proj, dt_proj, a_log, d, out_proj)

 private:
  static std::int64_t checked(std::int64_t width, const MambaOptions& options) {
    if (width < 1 || options.state < 1 || options.kernel < 1 || options.expand < 1 || options.dt_rank < 0)
      detail::fail("Mamba",
                   {"width ", width, ", state ", options.state, ", kernel ", options.kernel, ", expand ",
                    options.expand, ", dt_rank ", options.dt_rank},
                   "all must be positive; dt_rank may be 0");
    detail::check_dt("Mamba", options.dt_min, options.dt_max);
    return width;
  }
};

}  // namespace regimen
