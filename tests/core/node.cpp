// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/node.hpp"

#include <doctest/doctest.h>

namespace {

struct Counted : regimen::Node {
  Counted(int inputs, int& alive) : Node("counted", inputs), alive_(alive) { ++alive_; }
  ~Counted() override { --alive_; }
  void backward() override {}
  void clear_gradient() noexcept override {}
  bool has_gradient() const noexcept override { return false; }
  void release_saved() noexcept override {}
  int& alive_;
};

}  // namespace

TEST_CASE("a chain of a million nodes is freed without recursion") {
  int alive = 0;
  regimen::Node* tail = regimen::Node::retain(new Counted(0, alive));
  for (int i = 0; i < 1000000; ++i) {
    auto* next = new Counted(1, alive);
    next->set_input(0, tail);
    regimen::Node::release(tail);
    tail = regimen::Node::retain(next);
  }
  CHECK(alive == 1000001);
  regimen::Node::release(tail);
  CHECK(alive == 0);
}

TEST_CASE("a node holds more inputs than fit inside it") {
  int alive = 0;
  regimen::Node* leaf = regimen::Node::retain(new Counted(0, alive));
  regimen::Node* many = regimen::Node::retain(new Counted(40, alive));
  for (int i = 0; i < 40; i += 2) many->set_input(i, leaf);
  regimen::Node::release(leaf);
  CHECK(alive == 2);
  CHECK(many->input(38) == leaf);
  CHECK(many->input(39) == nullptr);
  regimen::Node::release(many);
  CHECK(alive == 0);
}
