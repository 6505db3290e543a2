// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <utility>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/core/reductions.hpp"
#include "regimen/cpu/reduce.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/functors.hpp"
#include "regimen/ops/unary.hpp"

/// Reductions over all axes, `sum(x)`, over one, `sum(x, -1)`, or over several, `sum(x, {0, 2})`. The reduced axes are
/// left out of the result, or stay with size 1: `sum(x, -1, {.keepdim = true})`. Negative axes count from the end. All
/// throw Error for an axis outside the shape or named twice.
namespace regimen {

/// Which axes to reduce: all of them by default.
class Axes {
 public:
  Axes() = default;
  Axes(int axis) : count_(1), axis_{axis} {}
  Axes(std::initializer_list<int> axes) : Axes(std::span<const int>(axes.begin(), axes.size())) {}
  Axes(std::span<const int> axes) : count_(static_cast<int>(axes.size())) {
    if (axes.size() > Shape::max_rank) detail::fail("Axes", {axes.size(), " axes"}, "a shape has at most 8");
    for (int i = 0; i < count_; ++i) axis_[i] = axes[static_cast<std::size_t>(i)];
  }

  /// Bit i is set where axis i of the shape is one of them.
  unsigned mask(const Shape& shape, const char* operation) const {
    if (count_ < 0) return (1u << shape.rank()) - 1;
    unsigned result = 0;
    for (int i = 0; i < count_; ++i) {
      const unsigned bit = 1u << shape.normalize(axis_[i], operation);
      if ((result & bit) != 0)
        detail::fail(operation, {"axis ", axis_[i], " of shape ", shape, " is named twice"}, "name each axis once");
      result |= bit;
    }
    return result;
  }

 private:
  int count_ = -1;
  int axis_[Shape::max_rank] = {};
};

struct ReduceOptions {
  bool keepdim = false;  ///< reduced axes stay, with size 1
};

namespace detail {

struct Reducer {
  unsigned mask = 0;
  std::int64_t count = 1;  // elements that become one
  Shape result;

  Reducer(const Shape& shape, const Axes& axes, bool keepdim, const char* operation)
      : mask(axes.mask(shape, operation)) {
    for (int axis = 0; axis < shape.rank(); ++axis) {
      const std::int64_t size = shape.begin()[axis];
      if ((mask >> axis & 1) == 0)
        result.append(size);
      else
        count *= size;
      if ((mask >> axis & 1) != 0 && keepdim) result.append(1);
    }
  }
};

inline void check_not_empty(const Reducer& r, const Shape& shape, const char* operation) {
  if (r.count == 0 && r.result.size() != 0)
    fail(operation, "no elements to reduce in shape " + shape.to_string(), "only a sum of none has a value");
}

template <bool IsMax, class T, class Device>
Tensor<T, Device> extreme(const char* name, const Tensor<T, Device>& x, const Axes& axes, bool keepdim) {
  const Reducer r(x.shape(), axes, keepdim, name);
  check_not_empty(r, x.shape(), name);
  if (r.mask == 0) return x;
  const auto y = reduce_axes(x.detach(), r.mask, r.result, [](auto outer, auto count, auto inner, const T* in, T* out) {
    if constexpr (IsMax)
      kernel::max(Device{}, outer, count, inner, in, out);
    else
      kernel::min(Device{}, outer, count, inner, in, out);
  });
  if (!is_recorded(x)) return y;
  return record(
      name, y,
      [mask = r.mask, x = Saved(x.detach()), y = save_output(y)](const auto& backward) {
        const auto& value = backward(x);
        const auto is_best = equal(value, spread(backward(y), mask, value.shape()));
        const auto share = is_best / spread(sum_axes(is_best, mask, y.shape()), mask, value.shape());
        backward.add(0, spread(backward.gradient(), mask, value.shape()) * share);
      },
      x);
}

template <bool IsMax, class T, class Device>
Tensor<std::int64_t, Device> position(const char* name, const Tensor<T, Device>& x, const Axes& axes, bool keepdim) {
  const Reducer r(x.shape(), axes, keepdim, name);
  check_not_empty(r, x.shape(), name);
  const auto y = Tensor<std::int64_t, Device>::empty(r.result);
  std::int64_t outer = 1, inner = 1;
  bool before = true;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if ((r.mask >> axis & 1) != 0)
      before = false;
    else
      (before ? outer : inner) *= x.shape().begin()[axis];
  }
  if (y.size() == 0) return y;
  if constexpr (IsMax)
    kernel::argmax(Device{}, outer, r.count, inner, x.data(), y.mutable_data());
  else
    kernel::argmin(Device{}, outer, r.count, inner, x.data(), y.mutable_data());
  return y;
}

}  // namespace detail

/// The sum; 0 of no elements.
template <class T, class Device>
Tensor<T, Device> sum(const Tensor<T, Device>& x, const Axes& axes = {}, const ReduceOptions& options = {}) {
  const detail::Reducer r(x.shape(), axes, options.keepdim, "sum");
  return detail::sum_axes(x, r.mask, r.result);
}

/// The mean. Throws Error of no elements.
template <class T, class Device>
Tensor<T, Device> mean(const Tensor<T, Device>& x, const Axes& axes = {}, const ReduceOptions& options = {}) {
  const detail::Reducer r(x.shape(), axes, options.keepdim, "mean");
  detail::check_not_empty(r, x.shape(), "mean");
  if (r.mask == 0) return x;
  const T factor = T{1} / static_cast<T>(r.count);
  const auto y = detail::sum_axes(x.detach(), r.mask, r.result);
  T* values = y.mutable_data();
  kernel::map(Device{}, y.size(), functor::MultiplyBy<T>{factor}, values, values);
  if (!is_recorded(x)) return y;
  return record(
      "mean", y,
      [factor, mask = r.mask, shape = x.shape()](const auto& backward) {
        backward.add(0, detail::spread(backward.gradient() * factor, mask, shape));
      },
      x);
}

/// The largest element; NaN where one is. Throws Error of no elements. The gradient goes to the largest element, in
/// equal parts where several are.
template <class T, class Device>
Tensor<T, Device> max(const Tensor<T, Device>& x, const Axes& axes = {}, const ReduceOptions& options = {}) {
  return detail::extreme<true>("max", x, axes, options.keepdim);
}

/// The smallest element; as max().
template <class T, class Device>
Tensor<T, Device> min(const Tensor<T, Device>& x, const Axes& axes = {}, const ReduceOptions& options = {}) {
  return detail::extreme<false>("min", x, axes, options.keepdim);
}

/// Position of the largest element in x in row-major order, the first of equal ones, the first NaN where there is one.
template <class T, class Device>
Tensor<std::int64_t, Device> argmax(const Tensor<T, Device>& x) {
  return detail::position<true>("argmax", x, {}, false);
}
/// Position of the largest element along an axis.
template <class T, class Device>
Tensor<std::int64_t, Device> argmax(const Tensor<T, Device>& x, int axis, const ReduceOptions& options = {}) {
  return detail::position<true>("argmax", x, axis, options.keepdim);
}

/// Position of the smallest element; as argmax().
template <class T, class Device>
Tensor<std::int64_t, Device> argmin(const Tensor<T, Device>& x) {
  return detail::position<false>("argmin", x, {}, false);
}
template <class T, class Device>
Tensor<std::int64_t, Device> argmin(const Tensor<T, Device>& x, int axis, const ReduceOptions& options = {}) {
  return detail::position<false>("argmin", x, axis, options.keepdim);
}

struct VarianceOptions {
  bool keepdim = false;
  int correction = 0;  ///< subtracted from the count that is divided by; 1 gives the unbiased estimate
};

/// The mean of (x - mean(x))^2, by two passes. Throws Error where count - correction <= 0. Deviation: PyTorch's default
/// correction is 1, NumPy's and ours 0.
template <class T, class Device>
Tensor<T, Device> variance(const Tensor<T, Device>& x, const Axes& axes = {}, const VarianceOptions& options = {}) {
  const detail::Reducer r(x.shape(), axes, options.keepdim, "variance");
  if (r.count <= options.correction)
    detail::fail("variance", {r.count, " elements of shape ", x.shape(), " with correction ", options.correction},
                 "there must be more elements than the correction");
  const auto squares = square(x - mean(x, axes, {.keepdim = true}));
  return detail::sum_axes(squares, r.mask, r.result) * (T{1} / static_cast<T>(r.count - options.correction));
}

/// The Euclidean norm, the root of the sum of squares; its derivative at 0 is taken as 0.
template <class T, class Device>
Tensor<T, Device> norm(const Tensor<T, Device>& x, const Axes& axes = {}, const ReduceOptions& options = {}) {
  const detail::Reducer r(x.shape(), axes, options.keepdim, "norm");
  if (r.mask == 0) return abs(x);
  bool first = true;
  const auto squares =
      detail::reduce_axes(x.detach(), r.mask, r.result, [&](auto outer, auto count, auto inner, const T* in, T* out) {
        if (std::exchange(first, false))
          kernel::sum_squares(Device{}, outer, count, inner, in, out);
        else
          kernel::sum(Device{}, outer, count, inner, in, out);
      });
  const auto y = detail::map_values(squares, functor::Sqrt{});
  if (!is_recorded(x)) return y;
  return record(
      "norm", y,
      [mask = r.mask, x = Saved(x), y = save_output(y)](const auto& backward) {
        const auto value = backward.output(y);
        const auto share = backward.gradient() / (value + equal(value, T{0}));
        backward.add(0, backward(x) * detail::spread(share, mask, x.shape()));
      },
      x);
}

/// log sum exp(x), without overflow; -infinity of no elements.
template <class T, class Device>
Tensor<T, Device> logsumexp(const Tensor<T, Device>& x, const Axes& axes = {}, const ReduceOptions& options = {}) {
  const detail::Reducer r(x.shape(), axes, options.keepdim, "logsumexp");
  if (r.mask == 0) return x;
  const auto y = [&] {
    const auto values = x.detach();
    if (r.count == 0) return Tensor<T, Device>::full(r.result, kernel::reduction::lowest<T>);
    // An infinite maximum is not subtracted: inf - inf is NaN.
    const auto largest =
        detail::map_values(detail::extreme<true>("logsumexp", values, axes, options.keepdim), functor::FiniteOrZero{});
    const auto terms = detail::map_values(values - detail::spread(largest, r.mask, x.shape()), functor::Exp{});
    return log(detail::sum_axes(terms, r.mask, r.result)) + largest;
  }();
  if (!is_recorded(x)) return y;
  return record(
      "logsumexp", y,
      [mask = r.mask, x = Saved(x), y = save_output(y)](const auto& backward) {
        const auto value = backward.output(y);
        const auto finite = where(equal(value, kernel::reduction::lowest<T>), Tensor<T, Device>::scalar(T{0}), value);
        const auto softmax = exp(backward(x) - detail::spread(finite, mask, x.shape()));
        backward.add(0, detail::spread(backward.gradient(), mask, x.shape()) * softmax);
      },
      x);
}

}  // namespace regimen
