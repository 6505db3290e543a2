// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What nn/rnn.hpp, nn/lstm.hpp and nn/gru.hpp share.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

struct RecurrentOptions {
  std::int64_t layers = 1;  ///< each reads the outputs of the one before
  bool bias = true;
  double dropout = 0;  ///< of what a layer hands to the next, in training
};

/// The outputs of the last layer, [T, batch, hidden], and what every layer ends with, [layers, batch, hidden].
template <class T = float, class Device = Cpu>
struct RecurrentOutput {
  Tensor<T, Device> output, h;
};

namespace detail {

/// The parameters of one layer; biases are undefined where there are none.
template <class T, class Device>
struct RecurrentLayer {
  Tensor<T, Device> weight_ih, weight_hh, bias_ih, bias_hh;
};

/// Layers of `gates` gates each, and the walk over layers and time steps.
template <class T, class Device>
struct Recurrent {
  Recurrent(const char* name, std::int64_t gates, std::int64_t in, std::int64_t hidden_size, Rng& rng,
            const RecurrentOptions& options)
      : operation(name), inputs(in), hidden(hidden_size), dropout(options.dropout, rng) {
    if (in <= 0 || hidden <= 0 || options.layers <= 0)
      fail(operation, {in, " inputs, ", hidden, " hidden units, ", options.layers, " layers"}, "all must be positive");
    const double bound = 1 / std::sqrt(static_cast<double>(hidden));
    const auto parameter = [&](const Shape& shape) {
      return variable(Tensor<T, Device>(init::uniform<T>(shape, rng, -bound, bound)));
    };
    for (std::int64_t i = 0; i < options.layers; ++i) {
      RecurrentLayer<T, Device> layer;
      layer.weight_ih = parameter({gates * hidden, i == 0 ? in : hidden});
      layer.weight_hh = parameter({gates * hidden, hidden});
      if (options.bias) layer.bias_ih = parameter({gates * hidden});
      if (options.bias) layer.bias_hh = parameter({gates * hidden});
      layers.push_back(layer);
    }
  }

  /// weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_ih_l1, ...
  template <class Visitor>
  void visit_members(Visitor& visitor) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string suffix = "_l" + std::to_string(i);
      visitor.member("weight_ih" + suffix, layers[i].weight_ih);
      visitor.member("weight_hh" + suffix, layers[i].weight_hh);
      visitor.member("bias_ih" + suffix, layers[i].bias_ih);
      visitor.member("bias_hh" + suffix, layers[i].bias_hh);
    }
    visitor.member("dropout", dropout);
  }

  /// An initial state as given, or zeros.
  Tensor<T, Device> initial(const char* name, const Tensor<T, Device>& x, const Tensor<T, Device>& given) const {
    if (x.rank() != 3 || x.size(0) == 0 || x.size(2) != inputs)
      fail(operation, {"x is ", x.shape(), ", the layer has ", inputs, " inputs"},
           "x is [T, batch, inputs] with at least one step");
    const Shape shape{static_cast<std::int64_t>(layers.size()), x.size(1), hidden};
    if (!given.defined()) return Tensor<T, Device>::zeros(shape);
    if (!(given.shape() == shape))
      fail(operation, {"the initial ", name, " is ", given.shape(), ", expected ", shape},
           "it is [layers, batch, hidden]");
    return given;
  }

  /// Calls begin(i), for each time t step(layer, weight_ih x[t] + bias_ih), which is given [batch, gates hidden] and
  /// returns the output [batch, hidden], and end(), for each layer i. Returns the last layer's outputs.
  template <class Begin, class Step, class End>
  Tensor<T, Device> run(Tensor<T, Device> x, const Begin& begin, const Step& step, const End& end) const {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (i > 0) x = dropout(x);
      const auto projected = linear(x, layers[i].weight_ih, layers[i].bias_ih);
      begin(static_cast<std::int64_t>(i));
      std::vector<Tensor<T, Device>> outputs;
      for (std::int64_t t = 0; t < x.size(0); ++t) outputs.push_back(step(layers[i], select(projected, 0, t)));
      x = stack(outputs);
      end();
    }
    return x;
  }

  const char* operation;
  std::int64_t inputs, hidden;
  std::vector<RecurrentLayer<T, Device>> layers;
  Dropout dropout;
};

/// weight_hh h + bias_hh.
template <class T, class Device>
Tensor<T, Device> recur(const RecurrentLayer<T, Device>& layer, const Tensor<T, Device>& h) {
  return linear(h, layer.weight_hh, layer.bias_hh);
}

/// Gate i of values [batch, gates hidden].
template <class T, class Device>
Tensor<T, Device> gate(const Tensor<T, Device>& values, std::int64_t i, std::int64_t hidden) {
  return slice(values, -1, i * hidden, (i + 1) * hidden);
}

}  // namespace detail
}  // namespace regimen
