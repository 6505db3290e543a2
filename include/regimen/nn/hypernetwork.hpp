// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "regimen/core/activation.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/node.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {
namespace detail {

/// Calls f(parameter) for a module's parameters, tied ones once. Throws Error for one of another element type.
template <class T, class Device, class Model, class F>
void for_each_own_parameter(const char* operation, Model& model, const F& f) {
  std::vector<const Node*> seen;
  for_each_parameter<Device>(model, [&](const std::string& name, auto& tensor) {
    if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T, Device>>) {
      fail(operation, {"'", name, "' has another element type"}, "all parameters must have one type");
    } else {
      for (const Node* node : seen)
        if (node == tensor.node()) return;
      seen.push_back(tensor.node());
      f(tensor);
    }
  });
}

}  // namespace detail

/// A copy of a model with the elements of w [size], which may be recorded, in the place of its parameters, one after
/// the other in the module's order, tied ones once. Buffers are shared with the model, which stays as it is. Throws
/// Error where w has not as many elements as the parameters.
template <class T, class Device, class Model>
Model with_parameters(const Model& model, const Tensor<T, Device>& w) {
  if (w.rank() != 1) detail::fail("with_parameters", {"w is ", w.shape()}, "it is a vector");
  Model copy = model;
  std::vector<std::pair<const Node*, Tensor<T, Device>>> parts;
  std::int64_t size = 0;
  detail::for_each_own_parameter<T, Device>("with_parameters", copy, [&](const Tensor<T, Device>& tensor) {
    const std::int64_t begin = size;
    size += tensor.size();
    if (size <= w.size()) parts.emplace_back(tensor.node(), reshape(slice(w, 0, begin, size), tensor.shape()));
  });
  if (size != w.size())
    detail::fail("with_parameters", {"w is ", w.shape(), ", the parameters have ", size, " elements"},
                 "the numbers must be equal");
  for_each_parameter<Device>(copy, [&](const std::string&, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T, Device>>) {
      const Node* const node = tensor.node();
      for (const auto& [from, part] : parts)
        if (from == node) tensor = part;
    }
  });
  return copy;
}

struct HypernetworkOptions {
  std::vector<std::int64_t> hidden = {64};  ///< sizes of hidden layers
};

/// A perceptron with relu whose output is the parameters of another model, the target, given a condition such as the
/// embedding of a task:
///
///   w = hypernetwork(condition),  y = target(x; w)
///
/// The target is a pattern: its parameters are not used but for the first values. At first the last layer's weight is 0
/// and its bias the target's parameters, so that every condition gives the target as it is (Bias-HyperInit; Beck et al.
/// 2022). Source: Ha, Dai & Le (2017), HyperNetworks; von Oswald et al. (2020), Continual learning with hypernetworks.
/// Throws Error for a target without parameters and sizes that are not positive.
///
///   const Linear<> target(4, 2, rng);
///   Hypernetwork<> hyper(target, 8, rng);
///   const auto y = hyper.apply(target, task)(x);  // task [8]; gradients reach task and hyper
template <class T = float, class Device = Cpu>
struct Hypernetwork {
  template <class Model>
  Hypernetwork(const Model& target, std::int64_t condition, Rng& rng, const HypernetworkOptions& options = {})
      : Hypernetwork(values_of(target), condition, rng, options, 0) {}

  /// Parameters [..., size] for conditions [..., condition].
  Tensor<T, Device> operator()(const Tensor<T, Device>& condition) const {
    Tensor<T, Device> y = condition;
    for (const auto& layer : hidden) y = layer(y);
    return out(y);
  }

  /// The target with the parameters that belong to a condition [condition].
  template <class Model>
  Model apply(const Model& target, const Tensor<T, Device>& condition) const {
    return with_parameters(target, (*this)(condition));
  }

  std::vector<Linear<T, Device>> hidden;
  Linear<T, Device> out;
  REGIMEN_MODULE(hidden, out)

 private:
  Hypernetwork(const Tensor<T, Device>& first, std::int64_t condition, Rng& rng, const HypernetworkOptions& options,
               int)
      : hidden(layers(condition, rng, options)),
        out(options.hidden.empty() ? condition : options.hidden.back(), first.size(), rng) {
    out.weight.fill(T{0});
    out.bias.assign(first);
  }

  template <class Model>
  static Tensor<T, Device> values_of(Model target) {
    std::vector<Tensor<T, Device>> parts;
    detail::for_each_own_parameter<T, Device>(
        "Hypernetwork", target, [&](const Tensor<T, Device>& tensor) { parts.push_back(flatten(tensor.detach())); });
    if (parts.empty()) detail::fail("Hypernetwork", "the target has no parameters", "pass a module with variables");
    return concat(parts);
  }

  static std::vector<Linear<T, Device>> layers(std::int64_t in, Rng& rng, const HypernetworkOptions& options) {
    std::vector<Linear<T, Device>> result;
    for (const std::int64_t size : options.hidden) {
      result.emplace_back(in, size, rng, LinearOptions{.activation = Activation::relu});
      in = size;
    }
    return result;
  }
};

}  // namespace regimen
