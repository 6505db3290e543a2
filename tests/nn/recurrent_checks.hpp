// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// What holds for every recurrent layer.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"
#include "regimen/nn/recurrent.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/slice.hpp"

namespace test {

/// The outputs, and the final states below.
template <class T>
Tensor<T> all_of(const RecurrentOutput<T>& result) {
  return concat({result.output, result.h});
}

/// Whether two layers agree with PyTorch's golden NAME.zero and, with an initial state, NAME.given.
template <class T, template <class, class> class Layer>
void check_golden(const std::string& name) {
  const Oracle oracle("nn_c_recurrent");
  Rng rng(1);
  Layer<T, Cpu> model(3, 5, rng, {.layers = 2});
  load_golden<T>(oracle, name + ".model", model);
  oracle.check_case<T>(name + ".zero", {"x"}, [&](const auto& in) { return all_of(model(in[0])); });
  oracle.check_case<T>(name + ".given", {"x", "state"}, [&](const auto& in) { return all_of(model(in[0], in[1])); });
}

/// Layer<T>(in, hidden, rng, options); all_of(result) is the outputs and the final states below each other.
template <template <class, class> class Layer, class AllOf>
void check_recurrent(const std::string& name, const AllOf& all_of) {
  Rng rng(3);
  const auto x = rng.normal<double>({3, 2, 2});
  Layer<double, Cpu> model(2, 2, rng, {.layers = 2, .dropout = 0.3});
  CHECK(names(model) ==
        "weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0 weight_ih_l1 weight_hh_l1 bias_ih_l1 bias_hh_l1 dropout.rng "
        "dropout.mode ");
  check_module_gradients(model, {x}, [&](const auto& f, const auto& in) { return all_of(f(in[0])); });
  check_module_copies(model, [&](const auto& f) { return f(x).output; });
  set_training(model, false);

  // No step depends on a later one, and a sequence in two parts is the whole, but for the order of sums.
  const auto whole = all_of(model(x));
  const auto early = model(slice(x, 0, 0, 2));
  CHECK(distance(early.output.detach(), slice(whole.detach(), 0, 0, 2)) <= 1e-15);
  auto state = [&] {
    if constexpr (requires { early.h; })
      return early.h;
    else
      return early.state;
  }();
  const auto late = model(slice(x, 0, 2, 3), state);
  CHECK(distance(late.output.detach(), slice(whole.detach(), 0, 2, 3)) <= 1e-15);

  Layer<double, Cpu> plain(2, 2, rng, {.bias = false});
  CHECK(names(plain) == "weight_ih_l0 weight_hh_l0 dropout.rng dropout.mode ");
  CHECK(plain(x).output.shape() == Shape{3, 2, 2});
  CHECK(model(Tensor<double>::zeros({3, 0, 2})).output.shape() == Shape{3, 0, 2});
  CHECK(fails_with([&] { model(Tensor<double>::zeros({3, 2, 5})); }, name, "[3, 2, 5]", "2 inputs"));
  CHECK(fails_with([&] { model(Tensor<double>::zeros({0, 2, 2})); }, name, "[0, 2, 2]"));
  CHECK(fails_with([&] { model(Tensor<double>::zeros({2, 2})); }, name, "[2, 2]"));
  if constexpr (requires { state.h; })
    state.h = Tensor<double>::zeros({1, 2, 2});
  else
    state = Tensor<double>::zeros({1, 2, 2});
  CHECK(fails_with([&] { model(x, state); }, name, "initial h", "[1, 2, 2]", "[2, 2, 2]"));
  CHECK(fails_with([&] { Layer<double, Cpu>(2, 0, rng); }, name, "0 hidden"));
  CHECK(fails_with([&] { Layer<double, Cpu>(2, 2, rng, {.layers = 0}); }, name, "0 layers"));
}

}  // namespace test
