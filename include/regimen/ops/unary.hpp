// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/functors.hpp"

/// Functions of each element, differentiable to any order.
namespace regimen {
namespace detail {

/// g f'(x) in one pass, f' by vectors in `slope`. Its own vjp needs f''(x), in recorded operations, from `curvature`.
template <class T, class Device, class Slope, class Curvature>
Tensor<T, Device> times_slope(const char* name, const Tensor<T, Device>& g, const Tensor<T, Device>& x,
                              const Slope& slope, const Curvature& curvature) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::map(Device{}, y.size(), functor::TimesSlope<Slope>{slope}, y.mutable_data(), g.data(), x.data());
  if (!is_recorded(g, x)) return y;
  return record(
      name, y,
      [name, slope, curvature, g = Saved(x.requires_grad(), g), x = Saved(x)](const auto& backward) {
        if (backward.needs(0)) backward.add(0, times_slope(name, backward.gradient(), backward(x), slope, curvature));
        if (backward.needs(1)) backward.add(1, backward.gradient() * backward(g) * curvature(backward(x)));
      },
      g, x);
}

/// gate(g, x) in one pass: linear in g, with pieces that depend on x and are constant in it.
template <class T, class Device, class Gate>
Tensor<T, Device> gated(const char* name, const Tensor<T, Device>& g, const Tensor<T, Device>& x, const Gate& gate) {
  const auto y = Tensor<T, Device>::empty(x.shape());
  kernel::map(Device{}, y.size(), gate, y.mutable_data(), g.data(), x.data());
  if (!is_recorded(g)) return y;
  return record(
      name, y,
      [name, gate, x = Saved(x.detach())](const auto& backward) {
        backward.add(0, gated(name, backward.gradient(), backward(x), gate));
      },
      g);
}

}  // namespace detail

/// e^x.
template <class T, class Device>
Tensor<T, Device> exp(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Exp{});
  if (!is_recorded(x)) return y;
  return record(
      "exp", y,
      [y = save_output(y)](const auto& backward) { backward.add(0, backward.gradient() * backward.output(y)); }, x);
}

/// The natural logarithm; -infinity at 0, NaN below.
template <class T, class Device>
Tensor<T, Device> log(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Log{});
  if (!is_recorded(x)) return y;
  return record(
      "log", y, [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() / backward(x)); }, x);
}

/// log(1 + x), exact for small x.
template <class T, class Device>
Tensor<T, Device> log1p(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Log1p{});
  if (!is_recorded(x)) return y;
  return record(
      "log1p", y, [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() / (backward(x) + T{1})); },
      x);
}

/// The square root; its derivative at 0 is infinite.
template <class T, class Device>
Tensor<T, Device> sqrt(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Sqrt{});
  if (!is_recorded(x)) return y;
  return record(
      "sqrt", y,
      [y = save_output(y)](const auto& backward) {
        backward.add(0, backward.gradient() * T{0.5} / backward.output(y));
      },
      x);
}

/// 1 / x.
template <class T, class Device>
Tensor<T, Device> reciprocal(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::NumberOver<T>{T{1}});
  if (!is_recorded(x)) return y;
  return record(
      "reciprocal", y,
      [y = save_output(y)](const auto& backward) {
        const auto& value = backward.output(y);
        backward.add(0, -(backward.gradient() * value * value));
      },
      x);
}

/// 1 / sqrt(x).
template <class T, class Device>
Tensor<T, Device> rsqrt(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::ReciprocalSqrt<T>{});
  if (!is_recorded(x)) return y;
  return record(
      "rsqrt", y,
      [y = save_output(y)](const auto& backward) {
        const auto& value = backward.output(y);
        backward.add(0, backward.gradient() * (value * value * value) * T{-0.5});
      },
      x);
}

/// x^2.
template <class T, class Device>
Tensor<T, Device> square(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Square{});
  if (!is_recorded(x)) return y;
  return record(
      "square", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, detail::times_slope("square", backward.gradient(), backward(x), functor::SquareSlope{},
                                            [](const auto&) { return T{2}; }));
      },
      x);
}

/// The hyperbolic tangent.
template <class T, class Device>
Tensor<T, Device> tanh(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Tanh{});
  if (!is_recorded(x)) return y;
  return record(
      "tanh", y,
      [y = save_output(y)](const auto& backward) {
        backward.add(0, detail::times_slope("tanh", backward.gradient(), backward.output(y), functor::TanhSlope<T>{},
                                            [](const auto& v) { return v * T{-2}; }));
      },
      x);
}

/// 1 / (1 + exp(-x)).
template <class T, class Device>
Tensor<T, Device> sigmoid(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Sigmoid{});
  if (!is_recorded(x)) return y;
  return record(
      "sigmoid", y,
      [y = save_output(y)](const auto& backward) {
        backward.add(0, detail::times_slope("sigmoid", backward.gradient(), backward.output(y),
                                            functor::SigmoidSlope<T>{}, [](const auto& v) { return T{1} - v * T{2}; }));
      },
      x);
}

/// max(x, 0), with derivative 0 at 0.
template <class T, class Device>
Tensor<T, Device> relu(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Relu{});
  if (!is_recorded(x)) return y;
  return record(
      "relu", y,
      [y = save_output(y)](const auto& backward) {
        backward.add(0, detail::gated("relu", backward.gradient(), backward.output(y), functor::ReluGate{}));
      },
      x);
}

/// x above 0, slope x below, with derivative `slope` at 0.
template <class T, class Device>
Tensor<T, Device> leaky_relu(const Tensor<T, Device>& x, std::type_identity_t<T> slope = T(0.01)) {
  const auto y = detail::map_values(x, functor::LeakyRelu<T>{slope});
  if (!is_recorded(x)) return y;
  return record(
      "leaky_relu", y,
      [slope, x = Saved(x)](const auto& backward) {
        backward.add(0,
                     detail::gated("leaky_relu", backward.gradient(), backward(x), functor::LeakyReluGate<T>{slope}));
      },
      x);
}

/// x above 0, alpha (exp(x) - 1) below. Throws Error for alpha < 0.
///
/// Source: Clevert et al. (2016), Fast and accurate deep network learning by exponential linear units.
template <class T, class Device>
Tensor<T, Device> elu(const Tensor<T, Device>& x, std::type_identity_t<T> alpha = T{1}) {
  if (!(alpha >= T{0})) detail::fail("elu", {"alpha is ", alpha}, "it must be >= 0");
  const auto y = detail::map_values(x, functor::Elu<T>{alpha});
  if (!is_recorded(x)) return y;
  return record(
      "elu", y,
      [alpha, y = save_output(y)](const auto& backward) {
        backward.add(0, detail::times_slope("elu", backward.gradient(), backward.output(y), functor::EluSlope<T>{alpha},
                                            [](const auto& v) { return T{1} - greater(v, T{0}); }));
      },
      x);
}

/// The error function.
template <class T, class Device>
Tensor<T, Device> erf(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Erf{});
  if (!is_recorded(x)) return y;
  return record(
      "erf", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, backward.gradient() * exp(-square(backward(x))) * T(1.1283791670955125739));
      },
      x);
}

/// x Phi(x), Phi being the distribution function of the standard normal distribution: the exact form.
///
/// Source: Hendrycks & Gimpel (2016), Gaussian error linear units.
template <class T, class Device>
Tensor<T, Device> gelu(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Gelu<T>{});
  if (!is_recorded(x)) return y;
  return record(
      "gelu", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, detail::times_slope(
                            "gelu", backward.gradient(), backward(x), functor::GeluSlope<T>{}, [](const auto& v) {
                              const auto squared = square(v);
                              return exp(squared * T{-0.5}) * (T{2} - squared) * functor::normal_density<T>;
                            }));
      },
      x);
}

/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))): the approximation of gelu that GPT-2 uses.
template <class T, class Device>
Tensor<T, Device> gelu_tanh(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::GeluTanh<T>{});
  if (!is_recorded(x)) return y;
  return record(
      "gelu_tanh", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(
            0, detail::times_slope(
                   "gelu_tanh", backward.gradient(), backward(x), functor::GeluTanhSlope<T>{}, [](const auto& v) {
                     // With u = k (v + c v^3) and t = tanh u: (1 - t^2) (u' + v (u'' / 2 - t u'^2)).
                     const auto squared = square(v);
                     const auto t = tanh(v * (squared * functor::gelu_c<T> + T{1}) * functor::gelu_k<T>),
                                first = (squared * (T{3} * functor::gelu_c<T>)+T{1}) * functor::gelu_k<T>;
                     return (T{1} - square(t)) *
                            (first + v * (v * (T{3} * functor::gelu_c<T> * functor::gelu_k<T>)-t * square(first)));
                   }));
      },
      x);
}

/// x / (1 + exp(-x)), also called swish.
template <class T, class Device>
Tensor<T, Device> silu(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Silu{});
  if (!is_recorded(x)) return y;
  return record(
      "silu", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, detail::times_slope("silu", backward.gradient(), backward(x), functor::SiluSlope<T>{},
                                            [](const auto& v) {
                                              const auto s = sigmoid(v);
                                              return s * (T{1} - s) * (v * (T{1} - s * T{2}) + T{2});
                                            }));
      },
      x);
}

/// log(1 + exp(x)).
template <class T, class Device>
Tensor<T, Device> softplus(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Softplus{});
  if (!is_recorded(x)) return y;
  return record(
      "softplus", y,
      [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() * sigmoid(backward(x))); }, x);
}

template <class T, class Device>
Tensor<T, Device> cos(const Tensor<T, Device>& x);

/// The sine of x in radians.
template <class T, class Device>
Tensor<T, Device> sin(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Sin{});
  if (!is_recorded(x)) return y;
  return record(
      "sin", y, [x = Saved(x)](const auto& backward) { backward.add(0, backward.gradient() * cos(backward(x))); }, x);
}

/// The cosine of x in radians.
template <class T, class Device>
Tensor<T, Device> cos(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Cos{});
  if (!is_recorded(x)) return y;
  return record(
      "cos", y, [x = Saved(x)](const auto& backward) { backward.add(0, -(backward.gradient() * sin(backward(x)))); },
      x);
}

/// |x|, with derivative 0 at 0.
template <class T, class Device>
Tensor<T, Device> abs(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Abs{});
  if (!is_recorded(x)) return y;
  return record(
      "abs", y,
      [x = Saved(x)](const auto& backward) {
        backward.add(0, detail::gated("abs", backward.gradient(), backward(x), functor::AbsGate{}));
      },
      x);
}

/// -1, 0 or 1, with derivative 0 everywhere.
template <class T, class Device>
Tensor<T, Device> sign(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Sign<T>{});
  if (!is_recorded(x)) return y;
  return record(
      "sign", y, [shape = x.shape()](const auto& backward) { backward.add(0, Tensor<T, Device>::zeros(shape)); }, x);
}

/// x within [low, high], outside of it the nearer bound; derivative 1 in the closed interval, 0 outside. Throws Error
/// unless low <= high.
template <class T, class Device>
Tensor<T, Device> clip(const Tensor<T, Device>& x, std::type_identity_t<T> low, std::type_identity_t<T> high) {
  if (!(low <= high)) detail::fail("clip", {"no interval [", low, ", ", high, "]"}, "low must be at most high");
  const auto y = detail::map_values(x, functor::Clip<T>{low, high});
  if (!is_recorded(x)) return y;
  return record(
      "clip", y,
      [low, high, x = Saved(x)](const auto& backward) {
        backward.add(0, detail::gated("clip", backward.gradient(), backward(x), functor::ClipGate<T>{low, high}));
      },
      x);
}

/// x with elements of type U, such as `cast<double>(x)`. Gradients flow between float and double, and stop at integers.
template <class U, class T, class Device>
Tensor<U, Device> cast(const Tensor<T, Device>& x) {
  if constexpr (std::is_same_v<T, U>) {
    return x;
  } else {
    const auto y = x.template to<U>();
    if constexpr (std::is_floating_point_v<T> && std::is_floating_point_v<U>) {
      if (is_recorded(x))
        return record(
            "cast", y, [](const auto& backward) { backward.add(0, cast<T>(backward.gradient())); }, x);
    }
    return y;
  }
}

}  // namespace regimen
