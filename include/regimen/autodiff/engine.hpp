// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/node.hpp"

/// The backward pass over a recorded computation.
namespace regimen::detail {

/// A number that no other pass has, on any thread: nodes that several threads use in turn keep the marks of earlier
/// passes. A thread takes 2^32 numbers at a time.
inline std::uint64_t next_pass() {
  static std::atomic<std::uint64_t> blocks{0};
  static thread_local constinit std::uint64_t pass = 0;
  if ((pass & 0xFFFFFFFF) == 0) pass = blocks.fetch_add(1, std::memory_order_relaxed) << 32;
  return ++pass;
}

/// Nodes that the passes under way have found, inputs before what is computed from them. Passes nest: a backward step
/// may start one of its own, which uses the part of the lists beyond the outer one's.
struct PassLists {
  struct Visit {
    Node* node;
    int next_input;
  };
  std::vector<Node*> order;
  std::vector<Visit> open;
};

inline PassLists& pass_lists() {
  static thread_local PassLists lists;
  return lists;
}

/// Appends to the lists' order the nodes that `root` was computed from, itself last, and marks those that lead to a
/// target of the pass. Nodes with stamps below `first_stamp` belong to a surrounding pass and keep its marks.
inline void find_order(Node* root, std::uint64_t pass, std::uint64_t first_stamp) {
  auto& order = pass_lists().order;
  auto& open = pass_lists().open;
  const auto enter = [&](Node* node) {
    node->pass = pass;
    node->needed = node->target == pass;
    if (node->input_count() != 0)
      open.push_back({node, 0});
    else if (node->needed)
      order.push_back(node);
  };
  const std::size_t bottom = open.size();
  enter(root);
  while (open.size() > bottom) {
    Node* node = open.back().node;
    if (open.back().next_input < node->input_count()) {
      Node* input = node->input(open.back().next_input++);
      if (input == nullptr || input->pass == pass || input->stamp() < first_stamp) continue;
      if (input->frozen) {
        input->needed = false;
        continue;
      }
      enter(input);
    } else {
      for (int i = 0; i < node->input_count() && !node->needed; ++i)
        node->needed = node->input(i) != nullptr && node->input(i)->needed;
      order.push_back(node);
      open.pop_back();
    }
  }
}

struct PassOptions {
  bool create_graph = false;      // record the backward pass itself
  bool release = false;           // drop what each node saved once its step is done
  std::uint64_t first_stamp = 0;  // see find_order
};

/// Runs the backward steps of what `root` was computed from, latest first; root's gradient has been set. Each step
/// takes its node's gradient, so that in the end gradients are left at the pass's targets only, and after an exception
/// nowhere.
inline void run_pass(Node* root, std::uint64_t pass, const PassOptions& options) {
  auto& order = pass_lists().order;
  const std::size_t first = order.size(), open = pass_lists().open.size();
  try {
    find_order(root, pass, options.first_stamp);
    const GradMode mode(options.create_graph);
    // By index: a step may run a pass of its own, which can move the list but leaves this part of it as it is.
    for (std::size_t i = order.size(); i-- > first;) {
      Node* node = order[i];
      if (!node->needed || !node->has_gradient()) continue;
      node->backward();
      if (options.release) node->release_saved();
    }
  } catch (...) {
    for (std::size_t i = first; i < order.size(); ++i) order[i]->clear_gradient();
    order.resize(first);
    pass_lists().open.resize(open);
    throw;
  }
  if (root->target != pass) root->clear_gradient();  // it stays where root leads to no target
  order.resize(first);
}

}  // namespace regimen::detail
