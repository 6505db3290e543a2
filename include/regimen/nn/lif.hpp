// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// What stands for the derivative of a spike by v, the height above the threshold, with slope k.
enum class Surrogate {
  fast_sigmoid,  ///< 1 / (1 + k |v|)^2 (Zenke & Ganguli 2018, SuperSpike)
  arctan,        ///< k / 2 / (1 + (pi / 2 k v)^2) (Fang et al. 2021)
  rectangular,   ///< k where |v| < 1 / (2 k), else 0 (Wu et al. 2018)
  triangular,    ///< k max(0, 1 - k |v|) (Esser et al. 2016)
};

namespace detail {

template <class T>
struct Step {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v >= V{} ? functor::all_lanes(v, T{1}) : v < V{} ? V{} : v;
  }
};

}  // namespace detail

/// 1 where v >= 0, else 0 (NaN where v is), with the gradient of the surrogate; higher derivatives are the surrogate's.
/// Throws Error unless the slope is positive and finite.
template <class T, class Device>
Tensor<T, Device> spike(const Tensor<T, Device>& v, Surrogate surrogate = Surrogate::arctan, double slope = 2) {
  if (!(slope > 0 && std::isfinite(slope))) detail::fail("spike", {"the slope is ", slope}, "it must be positive");
  const auto s = detail::map_values(v, detail::Step<T>{});
  if (!is_recorded(v)) return s;
  return record(
      "spike", s,
      [surrogate, k = static_cast<T>(slope), v = Saved(v)](const auto& backward) {
        const auto& g = backward.gradient();
        const auto x = backward(v) * k;
        if (surrogate == Surrogate::fast_sigmoid) backward.add(0, g / square(abs(x) + T{1}));
        if (surrogate == Surrogate::arctan)
          backward.add(0, g * (k / 2) / (square(x * static_cast<T>(std::numbers::pi / 2)) + T{1}));
        if (surrogate == Surrogate::rectangular) backward.add(0, g * (less(abs(x), T{0.5}) * k));
        if (surrogate == Surrogate::triangular) backward.add(0, g * relu(T{1} - abs(x)) * k);
      },
      v);
}

enum class SpikeReset {
  subtract,  ///< u <- u - threshold
  zero,      ///< u <- 0
  none,
};

struct LifOptions {
  double decay = 0.9;  ///< what is left of the potential after a step, in [0, 1]
  double threshold = 1;
  SpikeReset reset = SpikeReset::subtract;
  bool detach_reset = false;  ///< no gradient through the spike that resets
  Surrogate surrogate = Surrogate::arctan;
  double slope = 2;  ///< k of the surrogate
};

/// Spikes, [T, ...], and the potential behind the last step, [...].
template <class T = float, class Device = Cpu>
struct LifOutput {
  Tensor<T, Device> spikes, potential;
};

/// Leaky integrate-and-fire neurons over the steps of input currents x [T, ...], with potential u:
///
///   u <- decay u + x_t        s_t = spike(u - threshold)        u <- u - threshold s_t, or u (1 - s_t)
///
///   lif(x)               the spikes s, [T, ...]
///   lif.run(x, u)        also the potential, to go on from; without u it is 0 at first
///
/// No parameters. Throws Error for options outside their ranges, a potential of another shape, and no steps.
///
/// Source: Neftci, Mostafa & Zenke (2019), Surrogate gradient learning in spiking neural networks.
struct Lif {
  explicit Lif(const LifOptions& given = {}) : options(given) {
    if (!(options.decay >= 0 && options.decay <= 1))
      detail::fail("Lif", {"the decay is ", options.decay}, "it must be in [0, 1]");
    if (!(options.threshold > 0 && std::isfinite(options.threshold)))
      detail::fail("Lif", {"the threshold is ", options.threshold}, "it must be positive");
    if (!(options.slope > 0 && std::isfinite(options.slope)))
      detail::fail("Lif", {"the slope is ", options.slope}, "it must be positive");
  }

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return run(x).spikes;
  }

  template <class T, class Device>
  LifOutput<T, Device> run(const Tensor<T, Device>& x, const Tensor<T, Device>& potential = {}) const {
    if (x.rank() == 0 || x.size(0) == 0) detail::fail("Lif", {"x is ", x.shape()}, "x is [T, ...] with T > 0");
    if (potential.defined() && !(potential.shape() == x.shape().without(0)))
      detail::fail("Lif", {"the potential is ", potential.shape(), " and x ", x.shape()}, "x is [T, ...] for u [...]");
    const T decay = static_cast<T>(options.decay), threshold = static_cast<T>(options.threshold);
    auto u = potential;
    std::vector<Tensor<T, Device>> spikes;
    for (std::int64_t t = 0; t < x.size(0); ++t) {
      u = u.defined() ? u * decay + select(x, 0, t) : select(x, 0, t);
      const auto s = spike(u - threshold, options.surrogate, options.slope);
      const auto reset = options.detach_reset ? s.detach() : s;
      if (options.reset == SpikeReset::subtract) u = u - reset * threshold;
      if (options.reset == SpikeReset::zero) u = u * (T{1} - reset);
      spikes.push_back(s);
    }
    return {stack(spikes), u};
  }

  LifOptions options;
  REGIMEN_MODULE()
};

}  // namespace regimen
