// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/prompt_pool.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "nn/module_checks.hpp"
#include "regimen/autodiff/grad.hpp"
#include "regimen/ops/concat.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

/// Prompts and loss in a row.
template <class T>
Tensor<T> flat(const PromptPoolOutput<T>& out) {
  return concat({flatten(out.prompts), flatten(out.pull)});
}

}  // namespace

TEST_CASE_TEMPLATE("chosen prompts and the pull loss agree with PyTorch", T, float, double) {
  const Oracle oracle("nn_d_vision");
  Rng rng(1);
  PromptPool<T> pool(4, 2, rng, {.size = 5, .length = 2, .top_k = 2});
  oracle.check_case<T>("prompt_pool", {"query", "keys", "prompts"}, [&](const auto& in) {
    pool.keys = in[1];
    pool.prompts = in[2];
    return flat(pool(in[0]));
  });
}

TEST_CASE("a query chooses the prompts whose keys point its way, and pulls them to itself") {
  Rng rng(2);
  PromptPool<double> pool(2, 1, rng, {.size = 4, .length = 1, .top_k = 2});
  pool.keys.assign(Tensor<double>::from({100, 0, 0, 0.01, -3, -3, 2, 2}, {4, 2}));
  pool.prompts.assign(Tensor<double>::from({10, 11, 12, 13}, {4, 1, 1}));
  const auto out = pool(Tensor<double>::from({0.5, 0.4, -1, 0.5}, {2, 2}));
  CHECK(same_bits(out.selected, Tensor<std::int64_t>::from({3, 0, 1, 2}, {2, 2})));
  CHECK(same_bits(out.prompts.detach(), Tensor<double>::from({13, 10, 11, 12}, {2, 2, 1})));
  const double before = out.pull.item();
  const auto g = grad(out.pull, {pool.keys})[0];
  pool.keys.assign((pool.keys.detach() - g * 1e-3));
  CHECK(pool(Tensor<double>::from({0.5, 0.4, -1, 0.5}, {2, 2})).pull.item() < before);
  pool.keys.assign(Tensor<double>::from({2, 1, 4, 2, 1, 0.5, 8, 4}, {4, 2}));
  CHECK(pool(Tensor<double>::from({6, 3}, {1, 2})).pull.item() == doctest::Approx(0).epsilon(1e-10));
  CHECK(pool(Tensor<double>::zeros({1, 2})).pull.item() == 2);  // cosines of 0
}

TEST_CASE("a pool of prompts has gradients to second order, is copied with its bits and starts small") {
  Rng rng(3);
  const auto query = rng.normal<double>({3, 2});
  PromptPool<double> pool(2, 3, rng, {.size = 4, .length = 2, .top_k = 2});
  CHECK(names(pool) == "prompts keys ");
  for (const double v : pool.prompts.span()) CHECK((v >= 0 && v < 0.01));
  for (const double v : pool.keys.span()) CHECK((v >= 0 && v < 0.01));
  disturb_parameters(pool, 4);
  check_module_gradients(pool, {query}, [](const auto& f, const auto& in) { return flat(f(in[0])); });
  check_module_copies(pool, [&](const auto& f) { return flat(f(query)); });
  const auto none = pool(Tensor<double>::zeros({0, 2}));
  CHECK(none.prompts.shape() == Shape{0, 4, 3});
  CHECK(none.pull.item() == 0);
}

TEST_CASE("a pool of prompts names what does not fit") {
  Rng rng(5);
  CHECK(fails_with([&] { PromptPool<>(2, 3, rng, {.size = 4, .top_k = 5}); }, "PromptPool", "top_k 5 of 4"));
  CHECK(fails_with([&] { PromptPool<>(2, 3, rng, {.top_k = 0}); }, "PromptPool", "top_k 0"));
  CHECK(fails_with([&] { PromptPool<>(2, 3, rng, {.length = 0}); }, "PromptPool", "0 x 3"));
  CHECK(fails_with([&] { PromptPool<>(0, 3, rng); }, "PromptPool", "queries of 0"));
  CHECK(fails_with([&] { PromptPool<>(2, 0, rng); }, "PromptPool", "5 x 0"));
  const PromptPool<> pool(2, 3, rng);
  CHECK(fails_with([&] { pool(Tensor<>::zeros({1, 3})); }, "PromptPool", "[1, 3]", "[10, 2]"));
  CHECK(fails_with([&] { pool(Tensor<>::zeros({2})); }, "PromptPool", "[2]"));
}
