// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for both Mamba blocks.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "nn/module_checks.hpp"
#include "regimen/nn/mamba.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/slice.hpp"
#include "support/oracle.hpp"

namespace test {

/// The model with the tensors from the second on as its parameters.
template <class T, class Model>
Model with_parameters(Model model, const std::vector<Tensor<T>>& in) {
  std::size_t i = 1;
  for_each_parameter(model, [&](const std::string&, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T>>) tensor = in[i++];
  });
  return model;
}

template <class Model, class T>
Tensor<T> one_by_one(const Model& model, const Tensor<T>& x) {
  std::vector<Tensor<T>> outputs;
  MambaState<T> state;
  for (std::int64_t t = 0; t < x.size(1); ++t) {
    const auto result = model.run(slice(x, 1, t, t + 1), state);
    outputs.push_back(result.output);
    state = result.state;
  }
  return concat(outputs, 1);
}

/// A block of width 2 and x [2, 4, 2], with a convolution over 3 steps.
template <class Model>
void check_mamba(const std::string& name, const Model& model, const Tensor<double>& x) {
  const auto whole = model(x).detach();
  CHECK(distance(one_by_one(model, x).detach(), whole) < 1e-14);
  const auto first = model.run(slice(x, 1, 0, 1));
  CHECK(first.state.convolution.size(2) == 2);
  CHECK(distance(model.run(slice(x, 1, 1, 4), first.state).output.detach(), slice(whole, 1, 1, 4)) < 1e-14);
  CHECK(distance(model(slice(x, 1, 0, 3)).detach(), slice(whole, 1, 0, 3)) < 1e-14);
  const auto part = slice(slice(x, 0, 0, 1), 1, 0, 2);
  check_module_gradients(model, {part}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_gradients(
      model, {part}, [](const auto& f, const auto& in) { return one_by_one(f, in[0]); }, 1);
  check_module_copies(model, [&](const auto& f) { return f(x); });

  CHECK(model(Tensor<double>::zeros({0, 2, 2})).shape() == Shape{0, 2, 2});
  CHECK(fails_with([&] { model(Tensor<double>::zeros({2, 2})); }, name, "x is [2, 2]"));
  CHECK(fails_with([&] { model(Tensor<double>::zeros({2, 0, 2})); }, name, "x is [2, 0, 2]", "at least one step"));
  CHECK(fails_with([&] { model(Tensor<double>::zeros({2, 2, 3})); }, "linear"));
  CHECK(fails_with([&] { model.run(x, {x, {}}); }, name, "the convolution's state is [2, 4, 2], expected [2, "));
  CHECK(fails_with([&] { model.run(x, {{}, x}); }, "the state is [2, 4, 2], expected [2, "));
}

}  // namespace test
