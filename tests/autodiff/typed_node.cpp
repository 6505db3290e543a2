// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/typed_node.hpp"

#include <doctest/doctest.h>

#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/arithmetic.hpp"

using namespace regimen;

TEST_CASE("variable shares the elements and starts a record of its own") {
  const auto constant = Tensor<>::from({1, 2});
  const auto x = variable(constant), y = variable(x);
  CHECK(x.data() == constant.data());
  CHECK(!constant.requires_grad());
  CHECK(x.requires_grad());
  CHECK(x.node() != y.node());
  CHECK_THROWS_AS(grad(y, {x}, {}, constant), Error);
}

TEST_CASE("gradients that arrive at one node are added without changing the first") {
  const auto x = variable(Tensor<double>::from({1, 2}));
  auto* node = static_cast<TypedNode<double, Cpu>*>(x.node());
  const auto first = Tensor<double>::from({1, 10}), second = Tensor<double>::from({2, 20});
  const NoGrad guard;
  node->accumulate(first);
  CHECK(node->gradient.data() == first.data());
  node->accumulate(second);
  CHECK(first(0) == 1);
  CHECK(node->gradient(1) == 30);
  const double* own = node->gradient.data();
  node->accumulate(second);
  CHECK(node->gradient.data() == own);
  CHECK(node->gradient(0) == 5);
  node->clear_gradient();
  CHECK(!node->has_gradient());
}

TEST_CASE("a frozen variable is a constant until it is thawed") {
  const auto w = variable(Tensor<>::from({2})), x = variable(Tensor<>::from({3}));
  const auto before = w * x;
  w.node()->frozen = true;
  CHECK(!(w * Tensor<>::from({3})).requires_grad());
  CHECK(!is_recorded(w));
  CHECK(grad(before, {x})[0].item() == 2);
  CHECK_THROWS_AS(grad(before, {w}), Error);
  w.node()->frozen = false;
  CHECK(grad(before, {w})[0].item() == 3);
}
