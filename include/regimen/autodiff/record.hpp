// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <utility>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/functors.hpp"

namespace regimen {
namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_overwritten(const char* operation) {
  fail(operation, "a tensor that its gradient needs was overwritten after it was used",
       "clone() it before writing, or write after the gradient was taken");
}

}  // namespace detail

/// A tensor that a gradient needs later. Reading it throws Error where its elements were opened for writing meanwhile.
template <class T, class Device>
class Saved {
 public:
  explicit Saved(const Tensor<T, Device>& tensor) : tensor_(tensor), version_(tensor.version()) {}

  /// Nothing where the tensor is not needed: then it may be freed or overwritten.
  Saved(bool needed, const Tensor<T, Device>& tensor)
      : tensor_(needed ? tensor : Tensor<T, Device>()), version_(needed ? tensor.version() : 0) {}

  const Tensor<T, Device>& get(const Node& node) const {
    if (tensor_.version() != version_) detail::fail_overwritten(node.name());
    return tensor_;
  }
  const Shape& shape() const { return tensor_.shape(); }

 private:
  Tensor<T, Device> tensor_;
  std::uint32_t version_ = 0;
};

/// A step of the backward pass: the gradient g that arrived at an operation's output y, and where the gradients of its
/// inputs go.
template <class T, class Device>
class Backward {
 public:
  Backward(TypedNode<T, Device>& node, const Tensor<T, Device>& gradient) : node_(node), gradient_(gradient) {}

  /// dL/dy, of y's shape.
  const Tensor<T, Device>& gradient() const { return gradient_; }

  /// Whether anybody asks for the gradient of input i.
  bool needs(int i) const { return node_.input(i) != nullptr && node_.input(i)->needed; }

  /// Adds to the gradient of input i, which has the gradient's shape and element type.
  template <class U>
  void add(int i, Tensor<U, Device> gradient) const {
    static_cast<TypedNode<U, Device>*>(node_.input(i))->accumulate(std::move(gradient));
  }

  /// A saved input.
  template <class U>
  const Tensor<U, Device>& operator()(const Saved<U, Device>& saved) const {
    return saved.get(node_);
  }

  /// The operation's own output, which is saved with output(y): recorded, but without a cycle of references.
  Tensor<T, Device> output(const Saved<T, Device>& saved) const {
    const Tensor<T, Device>& y = saved.get(node_);
    return detail::recording() ? y.with_node(&node_) : y;
  }

  /// Memory that the gradient of input i is summed in, or null where add() must be called: a kernel that can accumulate
  /// writes there itself. `started` says whether there is something to add to; afterwards there is.
  template <class U = T>
  U* sink(int i, bool& started) const {
    auto* input = static_cast<TypedNode<U, Device>*>(node_.input(i));
    if (!input->sink.defined() || input->sink_pass != input->pass) return nullptr;
    started = std::exchange(input->sink_started, true);
    return input->sink.mutable_data();
  }

 private:
  TypedNode<T, Device>& node_;
  const Tensor<T, Device>& gradient_;
};

/// What record() needs to save an operation's own output.
template <class T, class Device>
Saved<T, Device> save_output(const Tensor<T, Device>& y) {
  return Saved<T, Device>(y.detach());
}

namespace detail {

/// A recorded operation. Its vjp lies behind it in the same block of memory: one class serves all operations, which
/// spares the compiler a table of virtual functions for each.
template <class T, class Device>
class Operation final : public TypedNode<T, Device> {
 public:
  template <class Vjp>
  static Operation* create(const char* name, int inputs, Vjp vjp) {
    static_assert(alignof(Vjp) <= alignof(Operation));
    void* block = allocate(sizeof(Operation) + sizeof(Vjp));
    auto* node =
        ::new (block) Operation(name, inputs, sizeof(Vjp), [](Operation& self, const Backward<T, Device>* step) {
          Vjp& held = *std::launder(reinterpret_cast<Vjp*>(&self + 1));
          if (step != nullptr)
            held(*step);
          else
            held.~Vjp();
        });
    ::new (static_cast<void*>(node + 1)) Vjp(std::move(vjp));
    return node;
  }
  ~Operation() override { Operation::release_saved(); }

  void backward() override {
    if (vjp_ == nullptr)
      fail(this->name(), "its record was released by an earlier backward()", "pass {.keep_graph = true} to that call");
    const bool keeps = this->target == this->pass;
    const Tensor<T, Device> arrived = keeps ? this->gradient : std::exchange(this->gradient, {});
    const Backward<T, Device> step(*this, arrived);
    vjp_(*this, &step);
  }

  void release_saved() noexcept override {
    if (vjp_ != nullptr) std::exchange(vjp_, nullptr)(*this, nullptr);
  }

  void destroy() noexcept override {
    const std::size_t bytes = sizeof(Operation) + vjp_bytes_;
    this->~Operation();
    deallocate(this, bytes);
  }

 private:
  /// Calls the vjp; without a step, ends it.
  using Vjp = void (*)(Operation&, const Backward<T, Device>* step);

  Operation(const char* name, int inputs, std::size_t vjp_bytes, Vjp vjp)
      : TypedNode<T, Device>(name, inputs), vjp_bytes_(vjp_bytes), vjp_(vjp) {}

  std::size_t vjp_bytes_;
  Vjp vjp_;  // null when it is released
};

}  // namespace detail

/// Records how y came from its inputs. vjp(const Backward&) adds the inputs' gradients, written with recorded
/// operations so that it can be differentiated again; it holds what it needs as Saved. Call it where
/// is_recorded(inputs...), so that nothing is saved in vain.
template <class T, class Device, class Vjp, class... Inputs>
Tensor<T, Device> record(const char* name, const Tensor<T, Device>& y, Vjp vjp, const Inputs&... inputs) {
  auto* node = detail::Operation<T, Device>::create(name, sizeof...(inputs), std::move(vjp));
  int i = 0;
  (node->set_input(i++, inputs.requires_grad() ? inputs.node() : nullptr), ...);
  return y.with_node(node);
}

/// The same for a list of inputs.
template <class T, class Device, class Vjp>
Tensor<T, Device> record_list(const char* name, const Tensor<T, Device>& y, Vjp vjp,
                              std::span<const Tensor<T, Device>> inputs) {
  auto* node = detail::Operation<T, Device>::create(name, static_cast<int>(inputs.size()), std::move(vjp));
  for (int i = 0; i < node->input_count(); ++i) {
    const auto& input = inputs[static_cast<std::size_t>(i)];
    node->set_input(i, input.requires_grad() ? input.node() : nullptr);
  }
  return y.with_node(node);
}

namespace detail {

template <class T, class Device>
Tensor<T, Device> recorded_sum(const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
  const auto y = Tensor<T, Device>::empty(a.shape());
  kernel::map(Device{}, y.size(), functor::Add{}, y.mutable_data(), a.data(), b.data());
  if (!is_recorded(a, b)) return y;
  return record(
      "sum of gradients", y,
      [](const auto& backward) {
        for (int i = 0; i < 2; ++i)
          if (backward.needs(i)) backward.add(i, backward.gradient());
      },
      a, b);
}

}  // namespace detail
}  // namespace regimen
