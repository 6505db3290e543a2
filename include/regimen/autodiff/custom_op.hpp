// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <array>
#include <tuple>
#include <utility>

#include "regimen/autodiff/record.hpp"

namespace regimen {

/// An operation of your own. forward(inputs...) computes y and is not recorded; vjp(gradient, y, inputs...) returns the
/// gradients of all inputs as a std::array (or, of a single input, the gradient itself). If vjp is written with
/// recorded operations, the result can be differentiated again.
///
///   const auto y = custom_op("square", [](const auto& x) { return x * x; },
///                            [](const auto& g, const auto& y, const auto& x) { return g * x * 2.0f; }, x);
template <class Forward, class Vjp, class T, class Device, class... More>
Tensor<T, Device> custom_op(const char* name, const Forward& forward, Vjp vjp, const Tensor<T, Device>& x,
                            const More&... more) {
  const auto y = [&] {
    const NoGrad guard;
    return forward(x, more...).detach();
  }();
  if (!is_recorded(x, more...)) return y;
  return record(
      name, y,
      [name, vjp = std::move(vjp), y = save_output(y),
       saved = std::make_tuple(Saved(x), Saved(more)...)](const Backward<T, Device>& backward) {
        std::apply(
            [&](const auto&... inputs) {
              const auto gradients = vjp(backward.gradient(), backward.output(y), backward(inputs)...);
              const auto add = [&](int i, const auto& gradient, const auto& input) {
                if (!backward.needs(i)) return;
                if (!(gradient.shape() == input.shape()))
                  detail::fail(name,
                               {"its vjp returns ", gradient.shape(), " for input ", i, " of shape ", input.shape()});
                backward.add(i, gradient);
              };
              int i = 0;
              if constexpr (requires { gradients.defined(); }) {
                static_assert(sizeof...(inputs) == 1, "custom_op: vjp returns a std::array with one gradient an input");
                (add(0, gradients, inputs), ...);
              } else {
                static_assert(std::tuple_size_v<std::remove_cvref_t<decltype(gradients)>> == sizeof...(inputs),
                              "custom_op: vjp returns a std::array with one gradient an input");
                ((add(i, gradients[static_cast<std::size_t>(i)], inputs), ++i), ...);
              }
            },
            saved);
      },
      x, more...);
}

}  // namespace regimen
