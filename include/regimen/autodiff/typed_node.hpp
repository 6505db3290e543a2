// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <utility>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/functors.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/elementwise.hpp"

namespace regimen {
namespace detail {

template <class T, class Device>
Tensor<T, Device> recorded_sum(const Tensor<T, Device>& a, const Tensor<T, Device>& b);

template <class T, class Device>
void add_in_place(const Tensor<T, Device>& to, const Tensor<T, Device>& from) {
  T* values = to.mutable_data();
  kernel::map(Device{}, to.size(), functor::Add{}, values, values, from.data());
}

}  // namespace detail

/// A node whose value is a Tensor<T, Device>, with the gradient that has arrived so far in the pass under way.
template <class T, class Device>
class TypedNode : public Node {
 public:
  using Node::Node;
  /// Not inlined into the destructors of all operations.
  [[gnu::noinline]] ~TypedNode() override {}

  Tensor<T, Device> gradient;

  [[gnu::noinline]] void accumulate(Tensor<T, Device> share) {
    if (sink.defined() && sink_pass == pass) {
      if (sink_started)
        detail::add_in_place(sink, share);
      else
        sink.assign(share);
      sink_started = true;
    } else if (!gradient.defined()) {
      gradient = std::move(share);
    } else if (detail::recording()) {
      gradient = detail::recorded_sum(gradient, share);
    } else if (gradient.unique()) {
      detail::add_in_place(gradient, share);
    } else {
      Tensor<T, Device> sum = Tensor<T, Device>::empty(gradient.shape());
      kernel::map(Device{}, sum.size(), functor::Add{}, sum.mutable_data(), gradient.data(), share.data());
      gradient = std::move(sum);
    }
  }

  void clear_gradient() noexcept override { gradient = {}; }
  bool has_gradient() const noexcept override { return gradient.defined(); }
  void release_saved() noexcept override {}

  /// Memory that gradients are added to in a pass whose number is sink_pass, instead of `gradient`; see backward().
  Tensor<T, Device> sink;
  std::uint64_t sink_pass = 0;
  bool sink_started = false;  // whether the sink holds part of the sum already
};

/// The node of a tensor that was not computed from others: a parameter, or an input whose gradient is wanted.
template <class T, class Device>
class Variable final : public TypedNode<T, Device> {
 public:
  Variable() : TypedNode<T, Device>("variable", 0) {}
  void backward() override {}

  /// The buffers that hold this parameter's value and its sink, where it was packed (nn/parameters.hpp), and where in
  /// them.
  Tensor<T, Device> packed_values, packed_gradients;
  std::int64_t offset = 0;
};

/// The same elements as a new variable, so that gradients with respect to it can be asked for.
template <class T, class Device>
Tensor<T, Device> variable(const Tensor<T, Device>& x) {
  return x.with_node(new Variable<T, Device>);
}

}  // namespace regimen
