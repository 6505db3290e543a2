// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/functors.hpp"

/// Arithmetic on tensors, element by element. Two tensors broadcast as in NumPy (trailing axes are aligned, sizes are
/// equal or 1), and a number stands for a tensor of it. Throws Error where shapes do not broadcast.
namespace regimen {
namespace detail {

template <class S>
concept Number = std::is_arithmetic_v<S>;

}  // namespace detail

/// -x.
template <class T, class Device>
Tensor<T, Device> operator-(const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::Negate{});
  if (!is_recorded(x)) return y;
  return record(
      "operator-", y, [](const auto& backward) { backward.add(0, -backward.gradient()); }, x);
}

template <class T, class Device>
Tensor<T, Device> operator+(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("operator+", a, b, functor::Add{});
  if (!is_recorded(a, b)) return y;
  return record(
      "operator+", y,
      [shape_a = a.shape(), shape_b = b.shape()](const auto& backward) {
        if (backward.needs(0)) backward.add(0, sum_to(backward.gradient(), shape_a));
        if (backward.needs(1)) backward.add(1, sum_to(backward.gradient(), shape_b));
      },
      a, b);
}

template <class T, class Device>
Tensor<T, Device> operator-(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("operator-", a, b, functor::Subtract{});
  if (!is_recorded(a, b)) return y;
  return record(
      "operator-", y,
      [shape_a = a.shape(), shape_b = b.shape()](const auto& backward) {
        if (backward.needs(0)) backward.add(0, sum_to(backward.gradient(), shape_a));
        if (backward.needs(1)) backward.add(1, -sum_to(backward.gradient(), shape_b));
      },
      a, b);
}

template <class T, class Device>
Tensor<T, Device> operator*(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("operator*", a, b, functor::Multiply{});
  if (!is_recorded(a, b)) return y;
  return record(
      "operator*", y,
      [shape_a = a.shape(), shape_b = b.shape(), a = Saved(b.requires_grad(), a),
       b = Saved(a.requires_grad(), b)](const auto& backward) {
        if (backward.needs(0)) backward.add(0, sum_to(backward.gradient() * backward(b), shape_a));
        if (backward.needs(1)) backward.add(1, sum_to(backward.gradient() * backward(a), shape_b));
      },
      a, b);
}

template <class T, class Device>
Tensor<T, Device> operator/(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("operator/", a, b, functor::Divide{});
  if (!is_recorded(a, b)) return y;
  return record(
      "operator/", y,
      [shape_a = a.shape(), b = Saved(b), y = Saved(b.requires_grad(), y)](const auto& backward) {
        const Tensor<T, Device> share = backward.gradient() / backward(b);
        if (backward.needs(0)) backward.add(0, sum_to(share, shape_a));
        if (backward.needs(1)) backward.add(1, -sum_to(share * backward.output(y), b.shape()));
      },
      a, b);
}

// Less special than those above: for tensors of two types.
template <class T, class Device, class U, class Other>
Tensor<T, Device> operator+(const Tensor<T, Device>& a, const Tensor<U, Other>&) {
  return detail::reject_unlike<T, Device, U, Other>(a);
}
template <class T, class Device, class U, class Other>
Tensor<T, Device> operator-(const Tensor<T, Device>& a, const Tensor<U, Other>&) {
  return detail::reject_unlike<T, Device, U, Other>(a);
}
template <class T, class Device, class U, class Other>
Tensor<T, Device> operator*(const Tensor<T, Device>& a, const Tensor<U, Other>&) {
  return detail::reject_unlike<T, Device, U, Other>(a);
}
template <class T, class Device, class U, class Other>
Tensor<T, Device> operator/(const Tensor<T, Device>& a, const Tensor<U, Other>&) {
  return detail::reject_unlike<T, Device, U, Other>(a);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator+(const Tensor<T, Device>& x, S s) {
  const auto y = detail::map_values(x, functor::AddNumber<T>{static_cast<T>(s)});
  if (!is_recorded(x)) return y;
  return record(
      "operator+", y, [](const auto& backward) { backward.add(0, backward.gradient()); }, x);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator+(S s, const Tensor<T, Device>& x) {
  return x + static_cast<T>(s);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator-(const Tensor<T, Device>& x, S s) {
  return x + static_cast<T>(-static_cast<T>(s));
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator-(S s, const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::NumberMinus<T>{static_cast<T>(s)});
  if (!is_recorded(x)) return y;
  return record(
      "operator-", y, [](const auto& backward) { backward.add(0, -backward.gradient()); }, x);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator*(const Tensor<T, Device>& x, S s) {
  const T value = static_cast<T>(s);
  const auto y = detail::map_values(x, functor::MultiplyBy<T>{value});
  if (!is_recorded(x)) return y;
  return record(
      "operator*", y, [value](const auto& backward) { backward.add(0, backward.gradient() * value); }, x);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator*(S s, const Tensor<T, Device>& x) {
  return x * static_cast<T>(s);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator/(const Tensor<T, Device>& x, S s) {
  const T value = static_cast<T>(s);
  const auto y = detail::map_values(x, functor::DivideBy<T>{value});
  if (!is_recorded(x)) return y;
  return record(
      "operator/", y, [value](const auto& backward) { backward.add(0, backward.gradient() / value); }, x);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> operator/(S s, const Tensor<T, Device>& x) {
  const auto y = detail::map_values(x, functor::NumberOver<T>{static_cast<T>(s)});
  if (!is_recorded(x)) return y;
  return record(
      "operator/", y,
      [x = Saved(x), y = save_output(y)](const auto& backward) {
        backward.add(0, -(backward.gradient() * backward.output(y) / backward(x)));
      },
      x);
}

/// 1 where a > b, else 0. A constant: no gradient flows through.
template <class T, class Device>
Tensor<T, Device> greater(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  return detail::map_values("greater", a, b, functor::Greater<T>{});
}

/// 1 where a < b, else 0. A constant.
template <class T, class Device>
Tensor<T, Device> less(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  return detail::map_values("less", a, b, functor::Less<T>{});
}

/// 1 where a = b, else 0. A constant.
template <class T, class Device>
Tensor<T, Device> equal(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  return detail::map_values("equal", a, b, functor::Equal<T>{});
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> greater(const Tensor<T, Device>& a, S b) {
  return greater(a, Tensor<T, Device>::scalar(static_cast<T>(b)));
}
template <class T, class Device, detail::Number S>
Tensor<T, Device> less(const Tensor<T, Device>& a, S b) {
  return less(a, Tensor<T, Device>::scalar(static_cast<T>(b)));
}
template <class T, class Device, detail::Number S>
Tensor<T, Device> equal(const Tensor<T, Device>& a, S b) {
  return equal(a, Tensor<T, Device>::scalar(static_cast<T>(b)));
}

/// a where the condition is not 0, else b; all three broadcast. What is not chosen gets a gradient of 0, also where it
/// is not finite. No gradient flows to the condition.
template <class T, class Device>
Tensor<T, Device> where(const Tensor<T, Device>& condition, const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const functor::Choose choose;
  const Shape shape = broadcast(condition.shape(), broadcast(a.shape(), b.shape(), "where"), "where");
  const auto y = Tensor<T, Device>::empty(shape);
  if (condition.shape() == shape && a.shape() == shape && b.shape() == shape) {
    kernel::map(Device{}, y.size(), choose, y.mutable_data(), condition.data(), a.data(), b.data());
  } else {
    std::int64_t strides[3][Shape::max_rank];
    detail::spread_strides(detail::repeated_axes(condition.shape(), shape), shape, strides[0]);
    detail::spread_strides(detail::repeated_axes(a.shape(), shape), shape, strides[1]);
    detail::spread_strides(detail::repeated_axes(b.shape(), shape), shape, strides[2]);
    kernel::broadcast_map(Device{}, shape.rank(), shape.begin(), choose, y.mutable_data(),
                          kernel::Strided<T>{condition.data(), strides[0]}, kernel::Strided<T>{a.data(), strides[1]},
                          kernel::Strided<T>{b.data(), strides[2]});
  }
  if (!is_recorded(a, b)) return y;
  return record(
      "where", y,
      [shape_a = a.shape(), shape_b = b.shape(), condition = Saved(condition.detach())](const auto& backward) {
        const auto zero = Tensor<T, Device>::scalar(T{0});
        if (backward.needs(0)) backward.add(0, sum_to(where(backward(condition), backward.gradient(), zero), shape_a));
        if (backward.needs(1)) backward.add(1, sum_to(where(backward(condition), zero, backward.gradient()), shape_b));
      },
      a, b);
}

namespace detail {

/// The derivative of maximum(a, b) by a.
template <class T, class Device>
Tensor<T, Device> maximum_share(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  return map_values("maximum", a, b, functor::MaximumShare<T>{});
}

}  // namespace detail

/// The larger of a and b; NaN where one of them is. The gradient goes to the larger, half to each of two equals.
template <class T, class Device>
Tensor<T, Device> maximum(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("maximum", a, b, functor::Maximum{});
  if (!is_recorded(a, b)) return y;
  return record(
      "maximum", y,
      [a = Saved(a), b = Saved(b)](const auto& backward) {
        const auto &u = backward(a), &v = backward(b);
        if (backward.needs(0)) backward.add(0, sum_to(backward.gradient() * detail::maximum_share(u, v), u.shape()));
        if (backward.needs(1)) backward.add(1, sum_to(backward.gradient() * detail::maximum_share(v, u), v.shape()));
      },
      a, b);
}

/// The smaller of a and b; NaN where one of them is. The gradient goes to the smaller, half to each of two equals.
template <class T, class Device>
Tensor<T, Device> minimum(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = detail::map_values("minimum", a, b, functor::Minimum{});
  if (!is_recorded(a, b)) return y;
  return record(
      "minimum", y,
      [a = Saved(a), b = Saved(b)](const auto& backward) {
        const auto &u = backward(a), &v = backward(b);
        if (backward.needs(0))
          backward.add(0, sum_to(backward.gradient() * detail::maximum_share(-u.detach(), -v.detach()), u.shape()));
        if (backward.needs(1))
          backward.add(1, sum_to(backward.gradient() * detail::maximum_share(-v.detach(), -u.detach()), v.shape()));
      },
      a, b);
}

template <class T, class Device, detail::Number S>
Tensor<T, Device> maximum(const Tensor<T, Device>& a, S b) {
  return maximum(a, Tensor<T, Device>::scalar(static_cast<T>(b)));
}
template <class T, class Device, detail::Number S>
Tensor<T, Device> minimum(const Tensor<T, Device>& a, S b) {
  return minimum(a, Tensor<T, Device>::scalar(static_cast<T>(b)));
}

/// x^p for a number p; pow(x, tensor) is in ops/pow.hpp. The derivative p x^(p-1) of p = 0 is 0, also at x = 0.
template <class T, class Device, detail::Number S>
Tensor<T, Device> pow(const Tensor<T, Device>& x, S exponent) {
  const T p = static_cast<T>(exponent);
  const auto y = p == T{1}    ? x.clone()
                 : p == T{2}  ? detail::map_values(x, functor::Square{})
                 : p == T{3}  ? detail::map_values(x, functor::Cube{})
                 : p == T{-1} ? detail::map_values(x, functor::NumberOver<T>{T{1}})
                              : detail::map_values(x, functor::Power<T>{p});
  if (!is_recorded(x)) return y;
  return record(
      "pow", y,
      [p, x = Saved(p != T{0} && p != T{1}, x), shape = x.shape()](const auto& backward) {
        if (p == T{0})
          backward.add(0, Tensor<T, Device>::zeros(shape));
        else if (p == T{1})
          backward.add(0, backward.gradient());
        else
          backward.add(0, backward.gradient() * (pow(backward(x), p - T{1}) * p));
      },
      x);
}

}  // namespace regimen
