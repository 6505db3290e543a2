// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "regimen/autodiff/engine.hpp"
#include "regimen/autodiff/typed_node.hpp"

namespace regimen {

struct GradOptions {
  bool create_graph = false;  ///< record the gradients, so that they can be differentiated again
  bool allow_unused = false;  ///< zeros, not an Error, for an input that y does not depend on
};

namespace detail {

template <class T, class Device>
TypedNode<T, Device>* node_of(const Tensor<T, Device>& x) {
  return static_cast<TypedNode<T, Device>*>(x.node());
}

template <class T, class Device>
Tensor<T, Device> seed_of(const char* operation, const Tensor<T, Device>& y, const Tensor<T, Device>& seed) {
  if (seed.defined()) {
    if (!(seed.shape() == y.shape()))
      fail(operation, "the seed is " + seed.shape().to_string() + " and y is " + y.shape().to_string(),
           "the seed is dL/dy and has y's shape");
    return seed;
  }
  if (y.size() != 1)
    fail(operation, "y has shape " + y.shape().to_string() + " and no seed was given",
         "reduce it to one number, such as a mean, or pass the gradient dL/dy");
  return Tensor<T, Device>::ones(y.shape());
}

}  // namespace detail

/// dL/dx for each x of `inputs`, given y and seed = dL/dy; without a seed y is L itself, of one element. The gradients
/// have the inputs' shapes. The record stays, so that it may be called again. Throws Error for an input that is not
/// recorded or that y does not depend on.
///
///   const auto x = variable(Tensor<>::from({1, 2, 3}));
///   const auto dx = grad(sum(x * x), {x})[0];  // 2 x
template <class T, class Device>
std::vector<Tensor<T, Device>> grad(const Tensor<T, Device>& y, std::span<const Tensor<T, Device>> inputs,
                                    const GradOptions& options = {}, const Tensor<T, Device>& seed = {}) {
  Tensor<T, Device> first = detail::seed_of("grad", y, seed);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].requires_grad())
      detail::fail("grad", {"input ", i, " of shape ", inputs[i].shape(), " is a constant"},
                   "make it a variable(x) before it is used");
  const std::uint64_t pass = detail::next_pass();
  for (const auto& input : inputs) input.node()->target = pass;
  if (y.requires_grad()) {
    detail::node_of(y)->gradient = std::move(first);
    detail::run_pass(y.node(), pass, {.create_graph = options.create_graph});
  }
  std::vector<Tensor<T, Device>> gradients;
  gradients.reserve(inputs.size());
  for (const auto& input : inputs) gradients.push_back(detail::node_of(input)->gradient);
  for (const auto& input : inputs) detail::node_of(input)->clear_gradient();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (gradients[i].defined()) continue;
    if (!options.allow_unused)
      detail::fail("grad", {"y does not depend on input ", i, " of shape ", inputs[i].shape()},
                   "pass {.allow_unused = true} to get zeros");
    gradients[i] = Tensor<T, Device>::zeros(inputs[i].shape());
  }
  return gradients;
}

template <class T, class Device>
std::vector<Tensor<T, Device>> grad(const Tensor<T, Device>& y, std::initializer_list<Tensor<T, Device>> inputs,
                                    const GradOptions& options = {}, const Tensor<T, Device>& seed = {}) {
  return grad(y, std::span<const Tensor<T, Device>>(inputs.begin(), inputs.size()), options, seed);
}

template <class T, class Device>
std::vector<Tensor<T, Device>> grad(const Tensor<T, Device>& y, const std::vector<Tensor<T, Device>>& inputs,
                                    const GradOptions& options = {}, const Tensor<T, Device>& seed = {}) {
  return grad(y, std::span<const Tensor<T, Device>>(inputs), options, seed);
}

struct BackwardOptions {
  bool accumulate = false;  ///< add to the gradients that are there instead of replacing them
  bool keep_graph = false;  ///< leave the record usable; otherwise its memory is released on the way
};

/// dL/dx of variables that have a sink (as parameters(model) gives them) into their sinks; zeros where L, of one
/// element, does not depend on x. Frozen ones are left out.
template <class T, class Device>
void backward(const Tensor<T, Device>& loss, std::span<const Tensor<T, Device>> variables,
              const BackwardOptions& options = {}) {
  Tensor<T, Device> first = detail::seed_of("backward", loss, {});
  if (!loss.requires_grad())
    detail::fail("backward", "the loss does not depend on any variable",
                 "compute it from the model's parameters, outside of NoGrad, with some of them not frozen");
  const std::uint64_t pass = detail::next_pass();
  for (const auto& variable : variables) {
    auto* node = detail::node_of(variable);
    if (node->frozen) continue;
    node->target = node->sink_pass = pass;
    node->sink_started = options.accumulate;
  }
  auto* root = detail::node_of(loss);
  if (root->input_count() == 0) {
    root->pass = pass;
    root->accumulate(std::move(first));
  } else {
    root->gradient = std::move(first);
    detail::run_pass(root, pass, {.release = !options.keep_graph});
  }
  for (const auto& variable : variables) {
    auto* node = detail::node_of(variable);
    if (!node->frozen && !node->sink_started) node->sink.fill(T{0});
    node->sink_pass = 0;
  }
}

}  // namespace regimen
