// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/gru.hpp"

#include <doctest/doctest.h>

#include "nn/recurrent_checks.hpp"

using namespace test;

namespace {

/// The outputs, and the final states below.
template <class T>
Tensor<T> all_of(const RecurrentOutput<T>& result) {
  return concat({result.output, result.h});
}

}  // namespace

TEST_CASE_TEMPLATE("Gru agrees with PyTorch, with a state that is given and without", T, float, double) {
  const Oracle oracle("nn_c_recurrent");
  Rng rng(1);
  Gru<T> model(3, 5, rng, {.layers = 2});
  load_golden<T>(oracle, "gru.model", model);
  oracle.check_case<T>("gru.zero", {"x"}, [&](const auto& in) { return all_of(model(in[0])); });
  oracle.check_case<T>("gru.given", {"x", "state"}, [&](const auto& in) { return all_of(model(in[0], in[1])); });
}

TEST_CASE("Gru has gradients to second order, goes on from its state and names sizes that do not fit") {
  check_recurrent<Gru>("Gru", [](const auto& result) { return all_of(result); });
}
