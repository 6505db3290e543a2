// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/config.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/cpu/math.hpp"

/// The functions of ops/unary.hpp and their derivatives, as core/functors.hpp explains. A slope is the derivative; a
/// gate takes the gradient g of the result too, and gives that of the argument.
namespace regimen::functor {

namespace math = kernel::math;

template <class T>
inline constexpr T root_half = T(0.70710678118654752440);  // 1 / sqrt(2)
template <class T>
inline constexpr T normal_density = T(0.39894228040143267794);  // 1 / sqrt(2 pi)
template <class T>
inline constexpr T gelu_k = T(0.79788456080286535588);  // sqrt(2 / pi)
template <class T>
inline constexpr T gelu_c = T(0.044715);

struct Exp {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::exp(v);
  }
};

struct Log {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::log(v);
  }
};

struct Log1p {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::log1p(v);
  }
};

struct Sqrt {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::sqrt(v);
  }
};

template <class T>
struct ReciprocalSqrt {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return T{1} / math::sqrt(v);
  }
};

struct SquareSlope {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v + v;
  }
};

struct Tanh {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::tanh(v);
  }
};

/// From the result.
template <class T>
struct TanhSlope {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V y) const {
    return T{1} - y * y;
  }
};

struct Sigmoid {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::sigmoid(v);
  }
};

/// From the result.
template <class T>
struct SigmoidSlope {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V y) const {
    return y * (T{1} - y);
  }
};

struct Relu {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v < V{} ? V{} : v;
  }
};

/// From the result.
struct ReluGate {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V g, V y) const {
    return y > V{} ? g : V{};
  }
};

template <class T>
struct LeakyRelu {
  T slope;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v > V{} ? v : v * slope;
  }
};

template <class T>
struct LeakyReluGate {
  T slope;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V g, V v) const {
    return v > V{} ? g : g * slope;
  }
};

template <class T>
struct Elu {
  T alpha;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v > V{} ? v : math::expm1(v) * alpha;
  }
};

/// From the result.
template <class T>
struct EluSlope {
  T alpha;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V y) const {
    return y > V{} ? all_lanes(y, T{1}) : y + alpha;
  }
};

struct Erf {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::erf(v);
  }
};

template <class T>
struct Gelu {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v * T{0.5} * (T{1} + math::erf(v * root_half<T>));
  }
};

template <class T>
struct GeluSlope {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return T{0.5} * (T{1} + math::erf(v * root_half<T>)) + v * normal_density<T> * math::exp(v * v * T{-0.5});
  }
};

template <class T>
struct GeluTanh {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return T{0.5} * v * (T{1} + math::tanh(gelu_k<T> * v * (T{1} + gelu_c<T> * v * v)));
  }
};

template <class T>
struct GeluTanhSlope {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    const V t = math::tanh(gelu_k<T> * v * (T{1} + gelu_c<T> * v * v));
    return T{0.5} * (T{1} + t) + T{0.5} * v * (T{1} - t * t) * (gelu_k<T> * (T{1} + T{3} * gelu_c<T> * v * v));
  }
};

struct Silu {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return v * math::sigmoid(v);
  }
};

template <class T>
struct SiluSlope {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    const V s = math::sigmoid(v);
    return s * (T{1} + v * (T{1} - s));
  }
};

struct Softplus {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    const V positive = v < V{} ? V{} : v;
    return positive + math::log1p(math::exp(-math::abs(v)));
  }
};

struct Sin {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::sin(v);
  }
};

struct Cos {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::cos(v);
  }
};

struct Abs {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::abs(v);
  }
};

struct AbsGate {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V g, V v) const {
    return v > V{} ? g : (v < V{} ? -g : V{});
  }
};

template <class T>
struct Sign {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    const V one = all_lanes(v, T{1});
    return v > V{} ? one : (v < V{} ? -one : v);
  }
};

template <class T>
struct Clip {
  T low, high;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    const V bottom = all_lanes(v, low), top = all_lanes(v, high);
    return v < bottom ? bottom : (v > top ? top : v);
  }
};

template <class T>
struct ClipGate {
  T low, high;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V g, V v) const {
    return v < all_lanes(v, low) ? V{} : (v > all_lanes(v, high) ? V{} : g);
  }
};

/// v to a power that is a number.
template <class T>
struct Power {
  T exponent;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V v) const {
    return math::each(v, [p = exponent](T u) { return math::pow(u, p); });
  }
};

/// g slope(v).
template <class Slope>
struct TimesSlope {
  Slope slope;
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V g, V v) const {
    return g * slope(v);
  }
};

}  // namespace regimen::functor
