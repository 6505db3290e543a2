// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/gpt.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nn/golden.hpp"
#include "nn/module_checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("gpt agrees with PyTorch", T, float, double) {
  const Oracle oracle("nn_b_transformer");
  Rng rng(1);
  Gpt<T> model({.vocabulary = 7, .context = 5, .width = 4, .heads = 2, .layers = 2, .block = {.hidden = 6}}, rng);
  load_golden<T>(oracle, "gpt.model.blocks", model.blocks);
  load_golden<T>(oracle, "gpt.model.norm", model.norm);
  const auto tokens = oracle.get<std::int64_t>("gpt.in.tokens");
  oracle.check_case<T>("gpt", {"token", "position"}, [&](const auto& in) {
    model.token.weight = in[0];
    model.position = in[1];
    return model(tokens);
  });
}

TEST_CASE("gpt's parameters, and what it refuses") {
  Rng rng(2);
  const GptOptions small{.vocabulary = 7, .context = 3, .width = 4, .heads = 2, .layers = 1};
  Gpt<> tied(small, rng);
  CHECK(!tied.head.defined());
  GptOptions other = small;
  other.tied = false;
  other.block.rotary = true;
  Gpt<> free(other, rng);
  CHECK(free.head.shape() == Shape{7, 4});
  CHECK(!free.position.defined());
  const auto tokens = Tensor<std::int64_t>::from({1, 2, 3, 6, 0, 1}, {2, 3});
  CHECK(free(tokens).shape() == Shape{2, 3, 7});
  check_module_copies(free, [&](const auto& f) { return f(tokens); });
  CHECK(fails_with([&] { tied(Tensor<std::int64_t>::zeros({1, 4})); }, "Gpt", "[1, 4]", "context of 3"));
  CHECK(fails_with([&] { Gpt<>({.context = 0}, rng); }, "Gpt", "context of 0"));
}

TEST_CASE("gpt's logits do not depend on later tokens") {
  Rng rng(3);
  const Gpt<double> model({.vocabulary = 7, .context = 3, .width = 4, .heads = 2, .layers = 2}, rng);
  const auto a = model(Tensor<std::int64_t>::from({1, 2, 3}, {1, 3})).detach().reshaped({3, 7});
  const auto b = model(Tensor<std::int64_t>::from({1, 2, 6}, {1, 3})).detach().reshaped({3, 7});
  CHECK(distance(a.rows(0, 2), b.rows(0, 2)) == 0);
  CHECK(distance(a.rows(2, 3), b.rows(2, 3)) > 0);
}
