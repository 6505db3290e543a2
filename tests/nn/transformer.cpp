// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/transformer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("a block agrees with PyTorch, with norms before and after", T, float, double) {
  const Oracle oracle("nn_b_transformer");
  for (const bool pre : {false, true}) {
    Rng rng(1);
    TransformerBlock<T> block(4, 2, rng, {.pre_norm = pre, .hidden = 6});
    const std::string name = pre ? "pre" : "post";
    load_golden<T>(oracle, name + ".model", block);
    oracle.check_case<T>(name, {"x"}, [&](const auto& in) { return block(in[0]); });
  }
}

TEST_CASE("a block has gradients to second order and is copied with its bits") {
  Rng rng(2);
  const auto x = rng.normal<double>({1, 2, 4});
  const TransformerBlock<double> block(4, 2, rng, {.causal = true, .hidden = 2, .bias = false, .dropout = 0.2});
  check_module_gradients(block, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(block, [&](const auto& f) { return f(x); });
  CHECK(block(Tensor<double>::zeros({0, 2, 4})).shape() == Shape{0, 2, 4});
  CHECK(fails_with([&] { block(Tensor<double>::zeros({2, 4})); }, "MultiheadAttention", "[2, 4]"));
}
