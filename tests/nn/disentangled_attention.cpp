// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/disentangled_attention.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "nn/module_checks.hpp"
#include "support/oracle.hpp"

using namespace test;

namespace {

template <class T>
DisentangledAttention<T> with_parameters(DisentangledAttention<T> model, const std::vector<Tensor<T>>& in) {
  std::size_t i = 1;
  for_each_parameter(model, [&](const std::string&, auto& tensor) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T>>) tensor = in[i++];
  });
  return model;
}

}  // namespace

TEST_CASE_TEMPLATE("DisentangledAttention agrees with the paper's equation pair by pair", T, float, double) {
  const Oracle oracle("nn_e_sequence");
  Rng rng(1);
  const DisentangledAttention<T> all(4, 2, rng, {.span = 2});
  oracle.check_case<T>("disentangled.all",
                       {"x", "query", "query_bias", "key", "key_bias", "value", "value_bias", "out", "out_bias",
                        "positions", "position_key", "position_query"},
                       [&](const auto& in) { return with_parameters(all, in)(in[0]); });
  const DisentangledAttention<T> some(4, 2, rng, {.span = 4, .max_distance = 6, .content_to_position = false});
  oracle.check_case<T>("disentangled.p2c",
                       {"x", "query", "query_bias", "key", "key_bias", "value", "value_bias", "out", "out_bias",
                        "positions", "position_query"},
                       [&](const auto& in) { return with_parameters(some, in)(in[0]); });
}

TEST_CASE("relative_position clips distances, or takes far ones by their logarithms") {
  const std::int64_t clipped[] = {0, 0, 1, 2, 3, 4, 5, 5, 5};
  for (int i = 0; i < 9; ++i) CHECK(relative_position(i - 4, 3) == clipped[i]);
  // span 8: up to 4 as they are; beyond, 4 + ceil(3 log(n / 4) / log(4)) for max_distance 17
  const std::int64_t shared[] = {8, 9, 10, 11, 12, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15, 15, 15, 15};
  for (int n = 0; n < 18; ++n) CHECK(relative_position(n, 8, 17) == shared[n]);
  for (int n = 1; n < 17; ++n) CHECK(relative_position(-n, 8, 17) == 16 - shared[n]);
  CHECK(relative_position(1 << 30, 8, 17) == 15);
  CHECK(relative_position(-(1 << 30), 8, 17) == 0);
  CHECK(fails_with([] { relative_position(1, 0); }, "relative_position", "span 0"));
  CHECK(fails_with([] { relative_position(1, 8, 5); }, "max_distance 5"));
  CHECK(fails_with([] { relative_position(1, 1, 9); }, "span 1"));
  CHECK(fails_with([] { relative_position(1, 8, -1); }, "max_distance -1"));
}

TEST_CASE("without positions, or with zeros for them, it is attention with another scale") {
  Rng rng(2);
  MultiheadAttention<double> plain(4, 2, rng);
  disturb_parameters(plain, 3);
  const auto x = rng.normal<double>({2, 5, 4});
  const auto copy = [&](DisentangledAttention<double> layer, double factor) {
    layer.query = plain.query, layer.key = plain.key, layer.value = plain.value, layer.out = plain.out;
    layer.query.weight = plain.query.weight * factor, layer.query.bias = plain.query.bias * factor;
    return layer;
  };
  const DisentangledAttention<double> none(4, 2, rng, {.content_to_position = false, .position_to_content = false});
  CHECK(distance(copy(none, 1)(x).detach(), plain(x).detach()) < 1e-14);
  auto zeros = copy(DisentangledAttention<double>(4, 2, rng, {.span = 3}), std::sqrt(3));
  zeros.positions.fill(0);
  CHECK(distance(zeros(x).detach(), plain(x).detach()) < 1e-14);
}

TEST_CASE("places that are all moved by 5 attend as before") {
  Rng rng(4);
  DisentangledAttention<double> layer(4, 2, rng, {.span = 4});
  disturb_parameters(layer, 5);
  const auto x = rng.normal<double>({1, 3, 4}), moved = concat({rng.normal<double>({1, 5, 4}), x}, 1);
  const auto padding = Tensor<double>::from({1, 1, 1, 1, 1, 0, 0, 0}, {1, 8});
  const auto y = layer(moved, {.key_padding = padding});
  CHECK(distance(slice(y, 1, 5, 8).detach(), layer(x).detach()) < 1e-14);
  // Its order matters, where plain attention would not care.
  const auto turned = index_select(x, 1, Tensor<std::int64_t>::from({2, 1, 0}));
  CHECK(distance(select(layer(turned), 1, 0).detach(), select(layer(x), 1, 2).detach()) > 1e-3);
}

TEST_CASE("DisentangledAttention takes a bias, drops weights in training, and shares positions") {
  Rng rng(6);
  DisentangledAttention<double> layer(4, 2, rng, {.span = 2, .dropout = 0.5}), second(4, 2, rng, {.span = 2});
  const auto x = rng.normal<double>({1, 4, 4});
  CHECK(distance(layer(x).detach(), layer(x).detach()) > 1e-3);
  set_training(layer, false);
  CHECK(same_bits(layer(x).detach(), layer(x).detach()));
  auto causal = Tensor<double>::zeros({4, 4});
  for (int i = 0; i < 4; ++i)
    for (int j = i + 1; j < 4; ++j) causal.mutable_data()[i * 4 + j] = -INFINITY;
  const auto y = layer(x, {.bias = causal});
  CHECK(distance(slice(y, 1, 0, 2).detach(),
                 layer(slice(x, 1, 0, 2), {.bias = slice(slice(causal, 0, 0, 2), 1, 0, 2)}).detach()) < 1e-14);
  second.positions = layer.positions;
  CHECK(second.positions.node() == layer.positions.node());
}

TEST_CASE("DisentangledAttention has gradients to second order, and is copied, saved and loaded") {
  Rng rng(7);
  DisentangledAttention<double> layer(2, 1, rng, {.span = 1, .bias = false});
  CHECK(names(layer) ==
        "query.weight key.weight value.weight out.weight positions position_key position_query "
        "dropout.rng dropout.mode ");
  disturb_parameters(layer, 8);
  const auto x = rng.normal<double>({1, 3, 2});
  check_module_gradients(layer, {x}, [](const auto& f, const auto& in) { return f(in[0]); });
  check_module_copies(layer, [&](const auto& f) { return f(x); });
  CHECK(layer(Tensor<double>::zeros({0, 3, 2})).shape() == Shape{0, 3, 2});
  CHECK(layer(Tensor<double>::zeros({2, 0, 2})).shape() == Shape{2, 0, 2});
}

TEST_CASE("DisentangledAttention refuses what does not fit") {
  Rng rng(9);
  CHECK(fails_with([&] { DisentangledAttention<>(5, 2, rng); }, "DisentangledAttention", "width 5, 2 heads"));
  CHECK(fails_with([&] { DisentangledAttention<>(4, 0, rng); }, "0 heads"));
  CHECK(fails_with([&] { DisentangledAttention<>(4, 2, rng, {.span = 0}); }, "span 0"));
  CHECK(fails_with([&] { DisentangledAttention<>(4, 2, rng, {.span = 8, .max_distance = 4}); }, "max_distance 4"));
  const DisentangledAttention<> layer(4, 2, rng, {.span = 2});
  CHECK(fails_with([&] { layer(Tensor<>::zeros({3, 4})); }, "x is [3, 4]"));
  CHECK(fails_with([&] { layer(Tensor<>::zeros({1, 3, 5})); }, "linear", "[1, 3, 5]"));
}
