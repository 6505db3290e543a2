// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/conv1d.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/mamba.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/rms_norm.hpp"
#include "regimen/nn/ssd.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct Mamba2Options {
  std::int64_t state = 128;             ///< N: numbers that a channel remembers
  std::int64_t head = 64;               ///< channels of a head, a divisor of the channels inside
  std::int64_t kernel = 4;              ///< steps that the convolution sees
  std::int64_t expand = 2;              ///< channels inside, as a multiple of the width
  std::int64_t chunk = 64;              ///< see ssd.hpp; changes the cost alone
  double dt_min = 1e-3, dt_max = 1e-1;  ///< between which the first steps are, uniform in their logarithms
};

/// The Mamba-2 block (Dao & Gu 2024) of x [batch, T, width]:
///
///   z, u, b, c, dt = in_proj(x)    u, b, c <- silu(causal depthwise convolution of all three)
///   y = ssd(heads of u, softplus(dt + dt_bias), -exp(a_log), b, c, d)
///   out_proj(norm(y silu(z)))
///
///   layer(x)            [batch, T, width]
///   layer.run(x, state) and the state behind it: goes on from a state, without one from 0; a step is T = 1
///
/// b and c are one group for all heads. At first exp(a_log) is uniform in [1, 16) and d 1. Throws Error where sizes do
/// not fit, and for no steps.
template <class T = float, class Device = Cpu>
struct Mamba2 {
  Mamba2(std::int64_t width, Rng& rng, const Mamba2Options& options = {})
      : inner(checked(width, options) * options.expand),
        heads(inner / options.head),
        states(options.state),
        scan{options.chunk},
        in_proj(width, 2 * inner + 2 * states + heads, rng, {.bias = false}),
        conv(inner + 2 * states, inner + 2 * states, options.kernel, rng, {.groups = inner + 2 * states}),
        norm(inner, {.epsilon = 1e-5}),
        out_proj(inner, width, rng, {.bias = false}) {
    dt_bias = variable(detail::first_dt_bias<T>(heads, rng, options.dt_min, options.dt_max));
    a_log = variable(log(init::uniform<T>({heads}, rng, 1, 16)));
    d = variable(Tensor<T, Device>::ones({heads}));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return run(x).output; }

  MambaOutput<T, Device> run(const Tensor<T, Device>& x, const MambaState<T, Device>& state = {}) const {
    if (x.rank() != 3 || x.size(1) == 0)
      detail::fail("Mamba2", {"x is ", x.shape()}, "x is [batch, T, width] with at least one step");
    const auto all = in_proj(x);
    const std::int64_t mixed = inner + 2 * states;
    const auto [ubc, end] =
        detail::causal_convolution("Mamba2", conv, slice(all, 2, inner, inner + mixed), state.convolution);
    const auto u = reshape(slice(ubc, 2, 0, inner), Shape{x.size(0), x.size(1), heads, inner / heads});
    const auto dt = softplus(slice(all, 2, inner + mixed, inner + mixed + heads) + dt_bias);
    const auto [y, ssm] = ssd(u, dt, -exp(a_log), slice(ubc, 2, inner, inner + states),
                              slice(ubc, 2, inner + states, mixed), d, state.ssm, scan);
    return {out_proj(norm(flatten(y, 2) * silu(slice(all, 2, 0, inner)))), {end, ssm}};
  }

  std::int64_t inner, heads, states;
  SsdOptions scan;
  Linear<T, Device> in_proj;
  Conv1d<T, Device> conv;
  RMSNorm<T, Device> norm;
  Linear<T, Device> out_proj;
  Tensor<T, Device> dt_bias, a_log, d;
  REGIMEN_MODULE(in_proj, conv, dt_bias, a_log, d, norm, out_proj)

 private:
  static std::int64_t checked(std::int64_t width, const Mamba2Options& options) {
    const bool positive =
        width > 0 && options.state > 0 && options.head > 0 && options.kernel > 0 && options.expand > 0;
    if (!positive || options.chunk < 0 || width * options.expand % options.head != 0)
      detail::fail("Mamba2",
                   {"width ", width, ", state ", options.state, ", head ", options.head, ", kernel ", options.kernel,
                    ", expand ", options.expand, ", chunk ", options.chunk},
                   "all must be positive, the chunk may be 0, and head must divide width expand");
    detail::check_dt("Mamba2", options.dt_min, options.dt_max);
    return width;
  }
};

}  // namespace regimen
