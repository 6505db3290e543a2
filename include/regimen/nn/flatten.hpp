// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

/// The axes from `from_axis` on as one: by default [n, ...] becomes [n, rest].
struct Flatten {
  int from_axis = 1;

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return flatten(x, from_axis);
  }
  REGIMEN_MODULE()
};

}  // namespace regimen
