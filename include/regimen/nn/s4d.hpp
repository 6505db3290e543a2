// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/complex.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/fft_conv.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// The first imaginary parts of A, for n < N / 2 (all real parts are -1/2).
enum class S4dInit {
  lin,   ///< pi n
  inv,   ///< N / pi (N / (2 n + 1) - 1)
  legs,  ///< the eigenvalues of HiPPO-LegS without its part of rank 1
};

enum class Discretisation { zoh, bilinear };

struct S4dOptions {
  std::int64_t state = 64;  ///< N, even: N / 2 complex numbers a channel, and their conjugates
  S4dInit init = S4dInit::lin;
  Discretisation discretisation = Discretisation::zoh;
  double dt_min = 1e-3, dt_max = 1e-1;  ///< between which the first steps are, uniform in their logarithms
};

/// The output of one step, [batch, width], and the state behind it, [batch, width, N / 2].
template <class T = float, class Device = Cpu>
struct S4dStep {
  Tensor<T, Device> output;
  ComplexTensor<T, Device> state;
};

namespace detail {

/// The imaginary parts of the eigenvalues of the matrix -1/2 I + S, S_nk = -+ sqrt((n + 1/2) (k + 1/2)) for n > k and
/// n < k, that are positive: w_m is where sum_n atan(w / (n + 1/2)) = (m + 1/2) pi, a sum that grows with w.
inline double legs_frequency(std::int64_t m, std::int64_t order) {
  const double wanted = (static_cast<double>(m) + 0.5) * std::numbers::pi, size = static_cast<double>(order);
  double low = 0, high = size * size;
  for (double w = high / 2; low < w && w < high; w = (low + high) / 2) {
    double total = 0;
    for (std::int64_t n = 0; n < order; ++n) total += std::atan(w / (static_cast<double>(n) + 0.5));
    (total < wanted ? low : high) = w;
  }
  return low;
}

}  // namespace detail

/// A diagonal state-space model (S4D; Gu et al. 2022) of each channel of x [batch, T, width], with complex A, C
/// [width, N / 2], B = 1 and real D, step dt [width]:
///
///   s' = A s + x,  y = 2 Re(C s) + D x,  A = -exp(log_a_real) + i a_imag
///   s_t = A_ s_t-1 + B_ x_t,  y_t = 2 Re(C s_t) + D x_t
///   zoh:       A_ = exp(dt A),                           B_ = (exp(dt A) - 1) / A
///   bilinear:  A_ = (1 + dt / 2 A) / (1 - dt / 2 A),     B_ = dt / (1 - dt / 2 A)
///
///   layer(x)             all steps at once, as the convolution with k_l = 2 Re(C A_^l B_); y [batch, T, width]
///   layer.step(x, state) one step, x [batch, width]; without a state it starts from 0
///
/// Both agree but for rounding. Costs O(T (log T + N) width) a sequence. At first C is complex normal of variance 1
/// and D normal. Throws Error where sizes do not fit, for an odd N, and unless 0 < dt_min <= dt_max.
///
/// Source: Gu, Gupta, Goel & Re (2022), On the parameterization and initialization of diagonal state space models,
/// table 1 and sections 3.2, 4.1.
template <class T = float, class Device = Cpu>
struct S4d {
  S4d(std::int64_t width, Rng& rng, const S4dOptions& options = {}) : discretisation(options.discretisation) {
    const std::int64_t order = options.state, modes = order / 2;
    if (width < 1 || order < 2 || order % 2 != 0)
      detail::fail("S4d", {"width ", width, ", state ", order}, "both must be positive and the state even");
    if (!(options.dt_min > 0 && options.dt_min <= options.dt_max && std::isfinite(options.dt_max)))
      detail::fail("S4d", {"dt from ", options.dt_min, " to ", options.dt_max}, "0 < dt_min <= dt_max must hold");
    const Shape shape{width, modes};
    const double first = std::log(options.dt_min), range = std::log(options.dt_max) - first;
    log_dt = variable(init::uniform<T>({width}, rng) * range + first);
    log_a_real = variable(Tensor<T, Device>::full(shape, static_cast<T>(std::log(0.5))));
    a_imag = variable(Tensor<T, Device>::empty(shape));
    T* const frequencies = a_imag.mutable_data();
    for (std::int64_t n = 0; n < modes; ++n) {
      const double place = static_cast<double>(n), size = static_cast<double>(order);
      double frequency = std::numbers::pi * place;
      if (options.init == S4dInit::inv) frequency = size / std::numbers::pi * (size / (2 * place + 1) - 1);
      if (options.init == S4dInit::legs) frequency = detail::legs_frequency(n, order);
      for (std::int64_t i = 0; i < width; ++i) frequencies[i * modes + n] = static_cast<T>(frequency);
    }
    c.real = variable(init::normal<T>(shape, rng, 0, std::sqrt(0.5)));
    c.imag = variable(init::normal<T>(shape, rng, 0, std::sqrt(0.5)));
    d = variable(init::normal<T>({width}, rng));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (x.rank() != 3 || x.size(2) != d.size())
      detail::fail("S4d", {"x is ", x.shape(), ", the layer has width ", d.size()}, "x is [batch, T, width]");
    if (x.size(1) == 0) return x * d;
    return transpose(fft_conv(transpose(x, 1, 2), kernel(x.size(1))), 1, 2) + x * d;
  }

  S4dStep<T, Device> step(const Tensor<T, Device>& x, const ComplexTensor<T, Device>& state = {}) const {
    if (x.rank() != 2 || x.size(1) != d.size())
      detail::fail("S4d::step", {"x is ", x.shape(), ", the layer has width ", d.size()}, "x is [batch, width]");
    const auto [a, b] = discretised();
    auto next = b * unsqueeze(x, 2);
    if (state.defined()) {
      if (!(state.shape() == next.shape()))
        detail::fail("S4d::step", {"the state is ", state.shape(), ", expected ", next.shape()},
                     "it is [batch, width, N / 2]");
      next = a * state + next;
    }
    const auto y = sum(c.real * next.real - c.imag * next.imag, -1) * T{2};
    return {y + x * d, next};
  }

  /// k_l = 2 Re(C A_^l B_) for l < length, [width, length]. Throws Error for length < 1. The powers of A_, a Vandermonde
  /// matrix, double in number at each turn: those there are, and the same times the next power.
  Tensor<T, Device> kernel(std::int64_t length) const {
    if (length < 1) detail::fail("S4d::kernel", {"the length is ", length}, "it must be positive");
    const auto [a, b] = discretised();
    auto base = reshape(a, Shape(a.shape()).append(1));
    ComplexTensor<T, Device> powers(Tensor<T, Device>::ones(base.shape()));
    while (powers.size(2) < length) {
      const auto more = powers * base;
      powers = {concat({powers.real, more.real}, 2), concat({powers.imag, more.imag}, 2)};
      base = base * base;
    }
    const auto weights = c * b;
    const auto row = unsqueeze(concat({weights.real, -weights.imag}, 1), 1) * T{2};
    const auto rows = slice(concat({powers.real, powers.imag}, 1), 2, 0, length);
    return squeeze(matmul(row, rows), 1);
  }

  Tensor<T, Device> log_dt, log_a_real, a_imag;
  ComplexTensor<T, Device> c;
  Tensor<T, Device> d;
  Discretisation discretisation;
  REGIMEN_MODULE(log_dt, log_a_real, a_imag, c, d)

 private:
  struct Discretised {
    ComplexTensor<T, Device> a, b;
  };

  Discretised discretised() const {
    const auto dt = unsqueeze(exp(log_dt), 1);
    const ComplexTensor<T, Device> a(-exp(log_a_real), a_imag);
    if (discretisation == Discretisation::bilinear) {
      const auto half = a * dt * T{0.5}, below = T{1} - half;
      return {(half + T{1}) / below, dt / below};
    }
    // e^z - 1 without cancellation: e^u - 1 = 2 t / (1 - t), t = tanh(u / 2), and cos v = 1 - 2 sin(v / 2)^2.
    const auto phase = a.imag * dt, t = tanh(a.real * dt * T{0.5}), growth = t * T{2} / (T{1} - t);
    const auto real = growth * cos(phase) - square(sin(phase * T{0.5})) * T{2};
    const ComplexTensor<T, Device> change(real, (growth + T{1}) * sin(phase));
    return {change + T{1}, change / a};
  }
};

}  // namespace regimen
