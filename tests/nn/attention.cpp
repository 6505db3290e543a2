// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/attention.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>

#include "nn/module_checks.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

template <class T>
MultiheadAttention<T> golden_layer(const Oracle& oracle, const MultiheadAttentionOptions& options = {}) {
  Rng rng(1);
  MultiheadAttention<T> layer(6, 2, rng, options);
  for_each_parameter(layer, [&](const std::string& name, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T>>)
      tensor.assign(oracle.get<T>("module." + name));
  });
  return layer;
}

}  // namespace

TEST_CASE_TEMPLATE("multi-head attention agrees with PyTorch", T, float, double) {
  const Oracle oracle("nn_b_attention");
  const auto layer = golden_layer<T>(oracle), causal = golden_layer<T>(oracle, {.causal = true});
  oracle.check_case<T>("self", {"x"}, [&](const auto& in) { return layer(in[0]); });
  oracle.check_case<T>("self_causal", {"x"}, [&](const auto& in) { return causal(in[0]); });
  const auto padding = oracle.get<std::int64_t>("padding").template to<T>();
  oracle.check_case<T>("cross", {"x", "context"},
                       [&](const auto& in) { return layer(in[0], in[1], {.key_padding = padding}); });
}

TEST_CASE("multi-head attention has gradients to second order in its parameters and inputs") {
  Rng rng(2);
  const auto x = rng.normal<double>({2, 2, 4}), context = rng.normal<double>({2, 2, 3});
  const MultiheadAttention<double> self(4, 2, rng, {.kv_heads = 1, .causal = true, .rotary = true, .dropout = 0.2});
  check_module_gradients(self, {x}, [](const auto& layer, const auto& in) { return layer(in[0]); });
  const MultiheadAttention<double> cross(4, 2, rng, {.context_width = 3, .bias = false, .alibi = true});
  check_module_gradients(cross, {x, context}, [](const auto& layer, const auto& in) { return layer(in[0], in[1]); });
}

TEST_CASE("a copied or saved layer goes on with the same bits") {
  Rng rng(3);
  const auto x = rng.normal({2, 5, 8});
  check_module_copies(MultiheadAttention<>(8, 4, rng, {.kv_heads = 2, .dropout = 0.3}),
                      [&](const auto& layer) { return layer(x); });
}

TEST_CASE("causal attention does not see what comes after, with any position embedding") {
  Rng rng(4);
  const auto x = rng.normal<double>({1, 4, 8});
  auto changed = x.clone();
  for (int c = 0; c < 8; ++c) changed.mutable_data()[24 + c] += 1;
  for (const bool rotary : {false, true})
    for (const bool alibi : {false, true}) {
      const MultiheadAttention<double> layer(8, 2, rng, {.causal = true, .rotary = rotary, .alibi = alibi});
      const auto y = layer(x).detach().reshaped({4, 8}), z = layer(changed).detach().reshaped({4, 8});
      CHECK(distance(y.rows(0, 3), z.rows(0, 3)) == 0);
      CHECK(distance(y.rows(3, 4), z.rows(3, 4)) > 1e-3);
    }
}

TEST_CASE("attention without positions gives permuted rows for permuted rows, with them it does not") {
  Rng rng(5);
  const auto x = rng.normal<double>({1, 3, 8});
  const auto turned = Tensor<double>::empty({1, 3, 8});
  for (int t = 0; t < 3; ++t)
    for (int c = 0; c < 8; ++c) turned.mutable_data()[t * 8 + c] = x(0, (t + 1) % 3, c);
  const auto change = [&](const MultiheadAttentionOptions& options) {
    Rng own(6);
    const MultiheadAttention<double> layer(8, 2, own, options);
    const auto y = layer(x), z = layer(turned);
    double worst = 0;
    for (int t = 0; t < 3; ++t)
      for (int c = 0; c < 8; ++c) worst = std::fmax(worst, std::fabs(z(0, t, c) - y(0, (t + 1) % 3, c)));
    return worst;
  };
  CHECK(change({}) < 1e-14);
  CHECK(change({.rotary = true}) > 1e-3);
  CHECK(change({.alibi = true}) > 1e-3);
}

TEST_CASE("rotary attention depends on distances of positions alone") {
  Rng rng(7);
  const MultiheadAttention<double> layer(8, 2, rng, {.causal = true, .rotary = true});
  const auto x = rng.normal<double>({1, 3, 8}), last = x.reshaped({3, 8}).rows(2, 3).clone().reshaped({1, 1, 8});
  const auto whole = layer(x).detach().reshaped({3, 8}).rows(2, 3);
  CHECK(distance(layer(last, x).detach().reshaped({1, 8}), whole) < 1e-14);
}

TEST_CASE("sizes of multi-head attention") {
  Rng rng(8);
  MultiheadAttention<> layer(8, 4, rng, {.kv_heads = 2, .context_width = 5, .bias = false});
  CHECK(layer.key.weight.shape() == Shape{4, 5});
  CHECK(names(layer) == "query.weight key.weight value.weight out.weight dropout.rng dropout.mode ");
  CHECK(layer(Tensor<>::zeros({0, 3, 8}), Tensor<>::zeros({0, 2, 5})).shape() == Shape{0, 3, 8});
  CHECK(fails_with([&] { layer(Tensor<>::zeros({2, 3, 8}), Tensor<>::zeros({1, 3, 5})); }, "[2, 3, 8]", "[1, 3, 5]"));
  CHECK(fails_with([&] { MultiheadAttention<>(8, 3, rng); }, "MultiheadAttention", "width 8", "3 heads"));
  CHECK(fails_with([&] { MultiheadAttention<>(8, 4, rng, {.kv_heads = 3}); }, "4 heads", "3 heads of keys"));
}
