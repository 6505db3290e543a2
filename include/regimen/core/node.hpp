// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>

#include "regimen/core/allocator.hpp"
#include "regimen/core/reference_count.hpp"

namespace regimen {

/// A step of the recorded computation: how a tensor came from others. Tensors hold it by a reference count; what the
/// step computes backward is in the classes of autodiff/ that derive from it.
class Node {
 public:
  Node(const char* name, int input_count) : name_(name), input_count_(input_count) {
    if (input_count <= inline_inputs) return;
    inputs_ = static_cast<Node**>(detail::allocate(static_cast<std::size_t>(input_count) * sizeof(Node*)));
    for (int i = 0; i < input_count; ++i) inputs_[i] = nullptr;
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() {
    for (int i = 0; i < input_count_; ++i) release(inputs_[i]);
    if (inputs_ != inline_) detail::deallocate(inputs_, static_cast<std::size_t>(input_count_) * sizeof(Node*));
  }

  /// Adds this node's share to the gradients of its inputs, given the gradient that has arrived here.
  virtual void backward() = 0;
  /// Drops the gradient that has arrived here.
  virtual void clear_gradient() noexcept = 0;
  virtual bool has_gradient() const noexcept = 0;
  /// Drops what was saved for backward(), which then is an Error.
  virtual void release_saved() noexcept = 0;
  /// Ends the node and gives its memory back.
  virtual void destroy() noexcept { delete this; }

  const char* name() const { return name_; }  ///< the operation, for messages
  int input_count() const { return input_count_; }
  Node* input(int i) const { return inputs_[i]; }  ///< null where the input is a constant
  void set_input(int i, Node* node) { inputs_[i] = retain(node); }

  static Node* retain(Node* node) {
    if (node != nullptr) node->references_.increment();
    return node;
  }

  /// Long chains are freed by a loop, not by recursion.
  static void release(Node* node) {
    if (node == nullptr || !node->references_.decrement()) return;
    static thread_local constinit Node* pending = nullptr;
    static thread_local constinit bool draining = false;
    node->next_ = pending;
    pending = node;
    if (draining) return;
    draining = true;
    while (pending != nullptr) {
      Node* dead = pending;
      pending = dead->next_;
      dead->destroy();
    }
    draining = false;
  }

  static void* operator new(std::size_t bytes) { return detail::allocate(bytes); }
  [[gnu::noinline]] static void operator delete(void* block, std::size_t bytes) { detail::deallocate(block, bytes); }

  /// Set on a variable that counts as a constant for now, such as a frozen parameter.
  bool frozen = false;

  // State of the backward pass that is under way (autodiff/engine.hpp).
  bool needed = false;       // leads to a variable whose gradient is asked for
  std::uint64_t pass = 0;    // the last pass that visited this node
  std::uint64_t target = 0;  // the last pass that asks for this node's own gradient

  /// Nodes made later have larger stamps, over all threads.
  std::uint64_t stamp() const { return stamp_; }

  /// A stamp of its own, larger than all before it.
  static std::uint64_t next_stamp() {
    static constinit std::uint64_t stamp = 0;
    return __atomic_add_fetch(&stamp, 1, __ATOMIC_RELAXED);
  }

 private:
  static constexpr int inline_inputs = 3;
  detail::ReferenceCount references_{0};
  const char* name_;
  int input_count_;
  Node* inline_[inline_inputs] = {};
  Node** inputs_ = inline_;
  Node* next_ = nullptr;
  std::uint64_t stamp_ = next_stamp();
};

}  // namespace regimen
