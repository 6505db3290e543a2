// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/lstm.hpp"

#include <doctest/doctest.h>

#include "nn/recurrent_checks.hpp"

using namespace test;

namespace {

/// The outputs, and the final states below.
template <class T>
Tensor<T> all_of(const LstmOutput<T>& result) {
  return concat({result.output, result.state.h, result.state.c});
}

}  // namespace

TEST_CASE_TEMPLATE("Lstm agrees with PyTorch, with a state that is given and without", T, float, double) {
  const Oracle oracle("nn_c_recurrent");
  Rng rng(1);
  Lstm<T> model(3, 5, rng, {.layers = 2});
  load_golden<T>(oracle, "lstm.model", model);
  oracle.check_case<T>("lstm.zero", {"x"}, [&](const auto& in) { return all_of(model(in[0])); });
  oracle.check_case<T>("lstm.given", {"x", "h", "c"}, [&](const auto& in) {
    return all_of(model(in[0], LstmState<T>{in[1], in[2]}));
  });
}

TEST_CASE("Lstm has gradients to second order, goes on from its state and names sizes that do not fit") {
  check_recurrent<Lstm>("Lstm", [](const auto& result) { return all_of(result); });
  Rng rng(4);
  const Lstm<double> model(2, 2, rng);
  const auto x = rng.normal<double>({3, 2, 2});
  CHECK(fails_with(
      [&] {
        model(x, {.h = {}, .c = Tensor<double>::zeros({1, 3, 2})});
      },
      "Lstm", "initial c", "[1, 3, 2]"));
}
