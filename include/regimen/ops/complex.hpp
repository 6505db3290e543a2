// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/config.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/math.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/atan2.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

/// Complex numbers as pairs of real tensors. Every function is made of operations on the parts, so a real loss has the
/// gradients dL/d(real) and dL/d(imag), to any order; as one number, dL/d(real) + i dL/d(imag) is PyTorch's gradient.
namespace regimen {

/// real + i imag. Operations broadcast as those on real tensors.
///
///   const auto z = polar(magnitude, phase);
///   loss = sum(square(abs(z * filter - target)));  // filter and target are complex, or real, or numbers
template <class T = float, class Device = Cpu>
struct ComplexTensor {
  using Scalar = T;

  /// No tensor, as Tensor().
  ComplexTensor() = default;
  /// Throws Error where the shapes differ.
  ComplexTensor(Tensor<T, Device> real_part, Tensor<T, Device> imag_part)
      : real(std::move(real_part)), imag(std::move(imag_part)) {
    if (!(real.shape() == imag.shape()))
      detail::fail("ComplexTensor", {"the real part is ", real.shape(), ", the imaginary ", imag.shape()},
                   "both have one shape");
  }
  /// Imaginary part 0.
  explicit ComplexTensor(Tensor<T, Device> real_part)
      : real(std::move(real_part)), imag(Tensor<T, Device>::zeros(real.shape())) {}

  bool defined() const { return real.defined(); }
  const Shape& shape() const { return real.shape(); }
  int rank() const { return real.rank(); }
  std::int64_t size() const { return real.size(); }
  std::int64_t size(int axis) const { return real.size(axis); }
  ComplexTensor detach() const { return {real.detach(), imag.detach()}; }

  /// In a module, members "real" and "imag" of this one.
  template <class Visitor>
  void visit_members(Visitor& visitor) {
    visitor.member("real", real);
    visitor.member("imag", imag);
  }

  Tensor<T, Device> real, imag;
};

/// A tensor of complex numbers that have real() and imag(), such as a std::vector<std::complex<T>>, in row-major order.
/// Throws Error where their number is not shape.size().
template <class Range>
auto from_complex(const Range& values, const Shape& shape) {
  using T = std::remove_cvref_t<decltype(values.begin()->real())>;
  if (static_cast<std::int64_t>(values.size()) != shape.size())
    detail::fail("from_complex", {values.size(), " values for shape ", shape},
                 "their number is the product of the sizes");
  ComplexTensor<T> z(Tensor<T>::empty(shape), Tensor<T>::empty(shape));
  T *real = z.real.mutable_data(), *imag = z.imag.mutable_data();
  for (const auto& value : values) {
    *real++ = value.real();
    *imag++ = value.imag();
  }
  return z;
}

/// Writes the elements of z to complex numbers, such as a std::vector<std::complex<T>>, of the same size. Throws Error
/// where the sizes differ.
template <class T, class Range>
void to_complex(const ComplexTensor<T>& z, Range&& out) {
  if (static_cast<std::int64_t>(out.size()) != z.size())
    detail::fail("to_complex", {out.size(), " values for shape ", z.shape()}, "give room for all of them");
  std::int64_t i = 0;
  for (auto& value : out) {
    value = std::remove_cvref_t<decltype(value)>(z.real.data()[i], z.imag.data()[i]);
    ++i;
  }
}

/// Both parts as variables.
template <class T, class Device>
ComplexTensor<T, Device> variable(const ComplexTensor<T, Device>& z) {
  return {variable(z.real), variable(z.imag)};
}

/// {f(real), f(imag)}: any operation that is linear and real, such as a reshape, a sum or a real matrix.
///
///   map_parts(z, [](const auto& x) { return unsqueeze(x, 1); })
template <class T, class Device, class F>
ComplexTensor<T, Device> map_parts(const ComplexTensor<T, Device>& z, const F& f) {
  return {f(z.real), f(z.imag)};
}

template <class T, class Device>
ComplexTensor<T, Device> reshape(const ComplexTensor<T, Device>& z, const Shape& shape) {
  return {reshape(z.real, shape), reshape(z.imag, shape)};
}
template <class T, class Device>
ComplexTensor<T, Device> permute(const ComplexTensor<T, Device>& z, std::initializer_list<int> axes) {
  return {permute(z.real, axes), permute(z.imag, axes)};
}
template <class T, class Device>
ComplexTensor<T, Device> transpose(const ComplexTensor<T, Device>& z, int axis_a, int axis_b) {
  return {transpose(z.real, axis_a, axis_b), transpose(z.imag, axis_a, axis_b)};
}
template <class T, class Device>
ComplexTensor<T, Device> slice(const ComplexTensor<T, Device>& z, int axis, std::int64_t begin, std::int64_t end,
                               std::int64_t step = 1) {
  return {slice(z.real, axis, begin, end, step), slice(z.imag, axis, begin, end, step)};
}
template <class T, class Device>
ComplexTensor<T, Device> sum(const ComplexTensor<T, Device>& z, const Axes& axes = {},
                             const ReduceOptions& options = {}) {
  return {sum(z.real, axes, options), sum(z.imag, axes, options)};
}

namespace detail {

/// A real tensor or a number, as the other operand of a complex one.
template <class S, class T, class Device>
concept RealOperand = Number<S> || std::same_as<S, Tensor<T, Device>>;

/// The imaginary part of z + s or z - s for a real s.
template <class T, class Device, class S>
Tensor<T, Device> spread_imag(const ComplexTensor<T, Device>& z, const S& s) {
  if constexpr (Number<S>)
    return z.imag;
  else
    return broadcast_to(z.imag, broadcast(z.shape(), s.shape(), "ComplexTensor"));
}

/// sqrt(u^2 + v^2).
template <class T>
struct Modulus {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    const V p = u < V{} ? -u : u, q = v < V{} ? -v : v;
    const V large = p > q ? p : q, little = p > q ? q : p;
    const V ratio = little == large ? functor::all_lanes(u, T{1}) : little / large;  // also of zeros or infinities
    return large * kernel::math::sqrt(T{1} + ratio * ratio);
  }
};

/// max(|u|, |v|).
struct LargerPart {
  template <class V>
  REGIMEN_HD REGIMEN_ALWAYS_INLINE V operator()(V u, V v) const {
    const V p = u < V{} ? -u : u, q = v < V{} ? -v : v;
    return p > q ? p : q;
  }
};

/// sqrt(a^2 + b^2) for parts of one shape, without overflow.
template <class T, class Device>
Tensor<T, Device> modulus(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = map_values("abs", a, b, Modulus<T>{});
  if (!is_recorded(a, b)) return y;
  return record(
      "abs", y,
      [a = Saved(a), b = Saved(b), y = save_output(y)](const auto& backward) {
        const auto value = backward.output(y);
        const auto share = backward.gradient() / (value + equal(value, T{0}));
        if (backward.needs(0)) backward.add(0, share * backward(a));
        if (backward.needs(1)) backward.add(1, share * backward(b));
      },
      a, b);
}

}  // namespace detail

template <class T, class Device>
ComplexTensor<T, Device> conj(const ComplexTensor<T, Device>& z) {
  return {z.real, -z.imag};
}

/// |z|, without overflow; its gradient at 0 is 0.
template <class T, class Device>
Tensor<T, Device> abs(const ComplexTensor<T, Device>& z) {
  return detail::modulus(z.real, z.imag);
}

/// The angle in (-pi, pi]; its gradient at 0 is 0.
template <class T, class Device>
Tensor<T, Device> angle(const ComplexTensor<T, Device>& z) {
  return atan2(z.imag, z.real);
}

/// magnitude (cos angle + i sin angle), with broadcasting.
template <class T, class Device>
ComplexTensor<T, Device> polar(const Tensor<T, Device>& magnitude, const Tensor<T, Device>& angle) {
  return {magnitude * cos(angle), magnitude * sin(angle)};
}

template <class T, class Device>
ComplexTensor<T, Device> exp(const ComplexTensor<T, Device>& z) {
  return polar(exp(z.real), z.imag);
}

/// 1 / z = conj(z) / |z|^2, with z scaled by its larger part, so that the square does not overflow. NaN at 0.
template <class T, class Device>
ComplexTensor<T, Device> reciprocal(const ComplexTensor<T, Device>& z) {
  const auto scale = detail::map_values("reciprocal", z.real, z.imag,
                                        detail::LargerPart{});  // a constant: the result does not depend on it
  const auto a = z.real / scale, b = z.imag / scale;
  const auto square = (a * a + b * b) * scale;
  return {a / square, -(b / square)};
}

template <class T, class Device>
ComplexTensor<T, Device> operator-(const ComplexTensor<T, Device>& z) {
  return {-z.real, -z.imag};
}

template <class T, class Device>
ComplexTensor<T, Device> operator+(const ComplexTensor<T, Device>& a, const ComplexTensor<T, Device>& b) {
  return {a.real + b.real, a.imag + b.imag};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator+(const ComplexTensor<T, Device>& z, const S& s) {
  return {z.real + s, detail::spread_imag(z, s)};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator+(const S& s, const ComplexTensor<T, Device>& z) {
  return z + s;
}

template <class T, class Device>
ComplexTensor<T, Device> operator-(const ComplexTensor<T, Device>& a, const ComplexTensor<T, Device>& b) {
  return {a.real - b.real, a.imag - b.imag};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator-(const ComplexTensor<T, Device>& z, const S& s) {
  return {z.real - s, detail::spread_imag(z, s)};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator-(const S& s, const ComplexTensor<T, Device>& z) {
  return {s - z.real, -detail::spread_imag(z, s)};
}

template <class T, class Device>
ComplexTensor<T, Device> operator*(const ComplexTensor<T, Device>& a, const ComplexTensor<T, Device>& b) {
  return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator*(const ComplexTensor<T, Device>& z, const S& s) {
  return {z.real * s, z.imag * s};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator*(const S& s, const ComplexTensor<T, Device>& z) {
  return z * s;
}

/// NaN where the divisor is 0.
template <class T, class Device>
ComplexTensor<T, Device> operator/(const ComplexTensor<T, Device>& a, const ComplexTensor<T, Device>& b) {
  return a * reciprocal(b);
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator/(const ComplexTensor<T, Device>& z, const S& s) {
  return {z.real / s, z.imag / s};
}
template <class T, class Device, detail::RealOperand<T, Device> S>
ComplexTensor<T, Device> operator/(const S& s, const ComplexTensor<T, Device>& z) {
  return reciprocal(z) * s;
}

}  // namespace regimen
