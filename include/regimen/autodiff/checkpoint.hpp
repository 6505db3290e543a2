// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <tuple>
#include <utility>
#include <vector>

#include "regimen/autodiff/engine.hpp"
#include "regimen/autodiff/record.hpp"

namespace regimen {

/// f(inputs...) without its intermediate results: they are computed again when the gradient is taken (Chen et al. 2016,
/// "Training deep nets with sublinear memory cost"). Costs one more evaluation of f; saves the memory of everything
/// between its inputs and its output.
///
/// Gradients also flow to the variables that f captures, such as a model's parameters. Each evaluation runs on a copy
/// of f made here, so random numbers repeat if their Rng is captured by value. f must not change anything else.
template <class F, class T, class Device, class... More>
Tensor<T, Device> checkpoint(const F& f, const Tensor<T, Device>& x, const More&... more) {
  const std::uint64_t first_stamp = Node::next_stamp();
  F run = f;
  const Tensor<T, Device> y = run(x, more...);
  if (!y.requires_grad() || y.node()->stamp() < first_stamp) return y;

  // What f reads from outside: nodes older than this call. They become the inputs of the one node that replaces f's.
  std::vector<Node*> outside;
  {
    const std::uint64_t pass = detail::next_pass();
    std::vector<Node*> open = {y.node()};
    while (!open.empty()) {
      Node* node = open.back();
      open.pop_back();
      for (int i = 0; i < node->input_count(); ++i) {
        Node* input = node->input(i);
        if (input == nullptr || input->pass == pass) continue;
        input->pass = pass;
        (input->stamp() < first_stamp ? outside : open).push_back(input);
      }
    }
  }
  auto vjp = [f, saved = std::make_tuple(Saved(x), Saved(more)...)](const Backward<T, Device>& backward) {
    const std::uint64_t stamp = Node::next_stamp();
    const bool create_graph = detail::recording();
    F again = f;
    Tensor<T, Device> value;
    {
      const GradMode mode(true);
      value = std::apply([&](const auto&... inputs) { return again(backward(inputs)...); }, saved);
    }
    if (!value.requires_grad()) return;
    static_cast<TypedNode<T, Device>*>(value.node())->gradient = backward.gradient();
    detail::run_pass(value.node(), detail::next_pass(), {.create_graph = create_graph, .first_stamp = stamp});
  };
  auto* node = detail::Operation<T, Device>::create("checkpoint", static_cast<int>(outside.size()), std::move(vjp));
  for (int i = 0; i < node->input_count(); ++i) node->set_input(i, outside[static_cast<std::size_t>(i)]);
  return y.with_node(node);
}

}  // namespace regimen
