// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/embedding.hpp"
#include "regimen/cpu/pool.hpp"
#include "regimen/ops/window.hpp"

namespace regimen {

struct MaxPool2dOptions {
  HeightWidth window = 2;
  HeightWidth stride = 0;  ///< 0: the window's size
  HeightWidth padding = 0;
  HeightWidth dilation = 1;
};

struct AvgPool2dOptions {
  HeightWidth window = 2;
  HeightWidth stride = 0;  ///< 0: the window's size
  HeightWidth padding = 0;
  bool count_padding = true;  ///< whether padding counts, as zeros, among a window's elements
};

namespace detail {

inline kernel::Pool2d pool2d(const char* operation, const Shape& x, const HeightWidth& window,
                             const HeightWidth& stride, const HeightWidth& padding, const HeightWidth& dilation) {
  if (x.rank() < 2) fail(operation, "x is " + x.to_string(), "its axes are [..., height, width]");
  const HeightWidth step(stride.height == 0 ? window.height : stride.height,
                         stride.width == 0 ? window.width : stride.width);
  return {x.sub(0, x.rank() - 2).size(), x[-2], x[-1], window2d(operation, x, window, step, padding, dilation)};
}

inline Shape pooled(const kernel::Pool2d& s, const Shape& x) {
  return x.with(-2, s.out_height()).with(-1, s.out_width());
}

/// Throws Error where a window of an axis of n elements meets none of them.
inline void check_no_window_is_empty(const char* operation, const kernel::Window& window, std::int64_t n,
                                     const Shape& x) {
  for (std::int64_t i = 0; window.padding > 0 && i < window.positions(n); ++i) {
    const auto taps = window.taps(n, i);
    if (taps.begin >= taps.end)
      fail(operation, "window " + std::to_string(i) + " of an axis lies in the padding alone, x is " + x.to_string(),
           "use less padding or a smaller dilation");
  }
}

template <class T, class Device>
Tensor<T, Device> pick_maxima(const kernel::Pool2d& s, const Tensor<std::int64_t, Device>& position,
                              const Tensor<T, Device>& x);

/// g added where the maxima were, in zeros of shape `x`.
template <class T, class Device>
Tensor<T, Device> place_maxima(const kernel::Pool2d& s, const Tensor<std::int64_t, Device>& position, const Shape& x,
                               const Tensor<T, Device>& g) {
  const auto dx = Tensor<T, Device>::empty(x);
  kernel::max_pool2d_backward(Device{}, s, position.data(), g.data(), dx.mutable_data());
  if (!is_recorded(g)) return dx;
  return record(
      "max_pool2d_backward", dx,
      [s, position](const auto& backward) { backward.add(0, pick_maxima(s, position, backward.gradient())); }, g);
}

/// x where the maxima were.
template <class T, class Device>
Tensor<T, Device> pick_maxima(const kernel::Pool2d& s, const Tensor<std::int64_t, Device>& position,
                              const Tensor<T, Device>& x) {
  const auto y = Tensor<T, Device>::empty(position.shape());
  kernel::gather(Device{}, s.planes, s.height * s.width, 1, s.out_height() * s.out_width(), x.data(), position.data(),
                 y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "max_pool2d", y,
      [s, position, shape = x.shape()](const auto& backward) {
        backward.add(0, place_maxima(s, position, shape, backward.gradient()));
      },
      x);
}

template <class T, class Device>
Tensor<T, Device> spread_averages(const kernel::Pool2d& s, bool count_padding, const Shape& x,
                                  const Tensor<T, Device>& g);

template <class T, class Device>
Tensor<T, Device> take_averages(const kernel::Pool2d& s, bool count_padding, const Tensor<T, Device>& x) {
  const auto y = Tensor<T, Device>::empty(pooled(s, x.shape()));
  kernel::avg_pool2d(Device{}, s, count_padding, x.data(), y.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "avg_pool2d", y,
      [s, count_padding, shape = x.shape()](const auto& backward) {
        backward.add(0, spread_averages(s, count_padding, shape, backward.gradient()));
      },
      x);
}

/// The gradient of take_averages, and it the gradient of this.
template <class T, class Device>
Tensor<T, Device> spread_averages(const kernel::Pool2d& s, bool count_padding, const Shape& x,
                                  const Tensor<T, Device>& g) {
  const auto dx = Tensor<T, Device>::empty(x);
  kernel::avg_pool2d_backward(Device{}, s, count_padding, g.data(), dx.mutable_data());
  if (!is_recorded(g)) return dx;
  return record(
      "avg_pool2d_backward", dx,
      [s, count_padding](const auto& backward) {
        backward.add(0, take_averages(s, count_padding, backward.gradient()));
      },
      g);
}

}  // namespace detail

/// The largest element of each window of x[..., height, width]: [..., out_height, out_width], with
/// floor((size + 2 padding - dilation (window - 1) - 1) / stride) + 1 windows along an axis. Padding is never the
/// largest. The gradient goes to the first of equal elements. Throws Error where a window does not fit, or has no
/// element inside x.
///
///   y = max_pool2d(x, {.window = 3, .stride = 2, .padding = 1})
template <class T, class Device>
Tensor<T, Device> max_pool2d(const Tensor<T, Device>& x, const MaxPool2dOptions& options = {}) {
  const kernel::Pool2d sizes =
      detail::pool2d("max_pool2d", x.shape(), options.window, options.stride, options.padding, options.dilation);
  detail::check_no_window_is_empty("max_pool2d", sizes.window.vertical, sizes.height, x.shape());
  detail::check_no_window_is_empty("max_pool2d", sizes.window.horizontal, sizes.width, x.shape());
  const Shape shape = detail::pooled(sizes, x.shape());
  const auto y = Tensor<T, Device>::empty(shape);
  const auto position = Tensor<std::int64_t, Device>::empty(shape);
  kernel::max_pool2d(Device{}, sizes, x.data(), y.mutable_data(), position.mutable_data());
  if (!is_recorded(x)) return y;
  return record(
      "max_pool2d", y,
      [sizes, position, shape = x.shape()](const auto& backward) {
        backward.add(0, detail::place_maxima(sizes, position, shape, backward.gradient()));
      },
      x);
}

/// The mean of each window of x[..., height, width], shapes as in max_pool2d. Linear in x. A window of nothing but
/// padding gives 0.
///
///   y = avg_pool2d(x, {.window = {1, 4}})
template <class T, class Device>
Tensor<T, Device> avg_pool2d(const Tensor<T, Device>& x, const AvgPool2dOptions& options = {}) {
  return detail::take_averages(
      detail::pool2d("avg_pool2d", x.shape(), options.window, options.stride, options.padding, 1),
      options.count_padding, x);
}

}  // namespace regimen
