// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/unary.hpp"

/// Activations as layers, for lists of layers such as Sequential; elsewhere the functions of ops/ do. A Linear may also
/// do some of them in its own pass.
namespace regimen {

/// y = max(x, 0), element by element.
struct Relu {
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return relu(x);
  }
  REGIMEN_MODULE()
};

/// y = tanh x, element by element.
struct Tanh {
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return tanh(x);
  }
  REGIMEN_MODULE()
};

/// y = 1 / (1 + exp(-x)), element by element.
struct Sigmoid {
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return sigmoid(x);
  }
  REGIMEN_MODULE()
};

/// y = see gelu() in ops/, element by element.
struct Gelu {
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return gelu(x);
  }
  REGIMEN_MODULE()
};

/// y = x / (1 + exp(-x)), element by element.
struct Silu {
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return silu(x);
  }
  REGIMEN_MODULE()
};

/// y = log(1 + exp x), element by element.
struct Softplus {
  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return softplus(x);
  }
  REGIMEN_MODULE()
};

/// y = x where x > 0, else slope x.
struct LeakyRelu {
  double slope = 0.01;

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    return leaky_relu(x, static_cast<T>(slope));
  }
  REGIMEN_MODULE()
};

}  // namespace regimen
