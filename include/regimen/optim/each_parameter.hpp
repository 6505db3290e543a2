// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>

#include "regimen/cpu/optimizer.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/nn/pattern.hpp"

namespace regimen::detail {

/// One trainable parameter, as an optimizer that treats them one by one sees it.
struct Part {
  const std::string& name;
  const Shape& shape;
  std::int64_t offset;  ///< where it begins in the parameters' buffers
  std::int64_t state;   ///< where it begins in the arrays of an OptimizerState
  std::int64_t size;

  /// A matrix is a parameter of two axes or more: the leading one has its rows (a layer's outputs, a convolution's
  /// filters), all others together its columns.
  bool is_matrix() const { return shape.rank() >= 2; }
  std::int64_t rows() const { return shape[0]; }
  std::int64_t columns() const { return size / shape[0]; }
};

/// p <- (1 - lr weight_decay) p for the values p of a part whose name matches `mask`: decoupled weight decay.
template <class T, class Device>
void decay(const Part& part, double lr, double weight_decay, const std::string& mask,
           const Parameters<T, Device>& parameters) {
  if (weight_decay != 0 && matches(mask, part.name))
    kernel::scale<T>(Device{}, part.size, static_cast<T>(1 - lr * weight_decay),
                     parameters.values().mutable_data() + part.offset);
}

/// Calls f(part) for each trainable parameter that has elements, in order.
template <class T, class Device, class F>
void each_parameter(const Parameters<T, Device>& parameters, const F& f) {
  std::int64_t state = 0;
  for (const auto& entry : parameters.entries()) {
    if (!entry.trainable || entry.size == 0) continue;
    f(Part{entry.name, entry.value.shape(), entry.offset, state, entry.size});
    state += entry.size;
  }
}

}  // namespace regimen::detail
