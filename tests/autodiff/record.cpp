// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/autodiff/record.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <vector>

#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

using namespace regimen;

TEST_CASE("a tensor that was overwritten after its use is an Error that names the operation") {
  const auto x = variable(Tensor<>::from({1, 2})), w = variable(Tensor<>::from({3, 4}));
  const auto y = sum(x * w);
  x.mutable_data()[0] = 5;
  std::string text;
  try {
    grad(y, {w});
  } catch (const Error& error) {
    text = error.what();
  }
  CHECK(text.find("operator*: ") == 0);
  CHECK(text.find("overwritten") != std::string::npos);
  CHECK(text.find("clone()") != std::string::npos);
  CHECK(grad(y, {x})[0](1) == 4);  // needs w alone
}

TEST_CASE("a write through a view counts, a write after the backward pass does not") {
  const auto storage = Tensor<>::from({1, 2, 3, 4}, {2, 2});
  const auto x = variable(storage.rows(0, 1));
  const auto y = sum(square(x));
  CHECK(grad(y, {x})[0](0, 1) == 4);
  storage.mutable_data()[0] = 7;
  CHECK_THROWS_AS(grad(y, {x}), Error);
  const auto again = sum(square(x));
  CHECK(grad(again, {x})[0](0, 0) == 14);
}

TEST_CASE("a saved output is no cycle: the record dies with its last holder") {
  const auto x = variable(Tensor<>::from({1, 2}));
  Tensor<> values;
  {
    const auto y = exp(x);
    values = y.detach();
    CHECK(!values.unique());
  }
  CHECK(values.unique());
}

TEST_CASE("a factor is held only where the other one has a gradient") {
  const auto constant = Tensor<>::from({2, 3});
  Tensor<> temporary = Tensor<>::from({5, 6});
  const auto seen = temporary.detach(), other = constant.detach();
  const auto y = variable(temporary) * constant;
  temporary = {};
  CHECK(seen.unique());
  CHECK(!other.unique());
}

TEST_CASE("record_list takes any number of inputs, of which some are constants") {
  const auto total = [](const std::vector<Tensor<>>& inputs) {
    auto y = Tensor<>::zeros({2});
    for (const auto& x : inputs)
      for (int i = 0; i < 2; ++i) y.mutable_data()[i] += x.data()[i];
    const auto vjp = [n = static_cast<int>(inputs.size())](const auto& backward) {
      for (int i = 0; i < n; ++i)
        if (backward.needs(i)) backward.add(i, backward.gradient());
    };
    return record_list("total", y, vjp, std::span<const Tensor<>>(inputs));
  };
  std::vector<Tensor<>> inputs;
  for (int i = 0; i < 7; ++i) {
    const auto x = Tensor<>::full({2}, static_cast<float>(i));
    inputs.push_back(i % 2 == 0 ? variable(x) : x);
  }
  const auto y = total(inputs);
  CHECK(y(0) == 21);
  const auto g = grad(sum(y * y), {inputs[0], inputs[6]});
  CHECK(g[0](1) == 42);
  CHECK(g[1](0) == 42);
  CHECK_THROWS_AS(grad(sum(y), {inputs[1]}), Error);
}

TEST_CASE("a chain of a million steps is freed without recursion") {
  auto x = variable(Tensor<>::from({1}));
  const auto first = x;
  for (int i = 0; i < 1000000; ++i) x = -x;
  CHECK(grad(x, {first})[0].item() == 1);
}
