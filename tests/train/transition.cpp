// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/transition.hpp"

#include <doctest/doctest.h>

#include "train/support.hpp"

using namespace regimen;
using namespace test;

TEST_CASE("what is frozen across phases stays constant until it is unfrozen") {
  Net net{Rng(1)};
  ModelHandle<> handle(net);
  freezing("hidden.*").apply(handle);
  CHECK(handle.is_frozen("hidden.weight"));
  CHECK_FALSE(handle.is_frozen("out.weight"));
  handle.set_trainable("*");
  CHECK(net.hidden.weight.node()->frozen);
  CHECK_FALSE(net.out.weight.node()->frozen);
  unfreezing("hidden.bias").apply(handle);
  handle.set_trainable("*");
  CHECK(net.hidden.weight.node()->frozen);
  CHECK_FALSE(net.hidden.bias.node()->frozen);
}

TEST_CASE("what is frozen when the handle is made is frozen across phases") {
  Net net{Rng(1)};
  freeze(net, "out.bias");
  ModelHandle<> handle(net);
  handle.set_trainable("*");
  CHECK(net.out.bias.node()->frozen);
  CHECK_FALSE(net.out.weight.node()->frozen);
}

TEST_CASE("a pattern picks parameters and modes") {
  Net net{Rng(1)};
  ModelHandle<> handle(net);
  handle.set_trainable("out.*");
  CHECK(net.hidden.weight.node()->frozen);
  CHECK_FALSE(net.out.weight.node()->frozen);
  CHECK_FALSE(net.drop.mode.training);
  handle.set_trainable("out.*, drop.*");
  CHECK(net.drop.mode.training);
}

TEST_CASE("what is frozen is saved and loaded") {
  Net a{Rng(1)}, b{Rng(1)};
  ModelHandle<> first(a), second(b);
  first.freeze("*.bias");
  second.freeze("out.weight");
  State state;
  first.save(state);
  second.load(state);
  CHECK(second.is_frozen("hidden.bias"));
  CHECK(second.is_frozen("out.bias"));
  CHECK_FALSE(second.is_frozen("out.weight"));
}

TEST_CASE("a replaced part is made by a copy of its maker") {
  Net net{Rng(1)};
  ModelHandle<> handle(net);
  const auto replace = replacing(net.out, [rng = Rng(9)]() mutable { return Linear<>(8, 5, rng); });
  replace.apply(handle);
  CHECK(net.out.weight.shape() == Shape{5, 8});
  const auto first = values(net);
  replace.apply(handle);
  CHECK(same(values(net), first));
}

TEST_CASE("reinitialising overwrites what fits, the same each time") {
  Net net{Rng(1)};
  const auto before = values(net);
  ModelHandle<> handle(net);
  const auto draw = reinitialising(
      "*.weight", [rng = Rng(4)](const auto&, const auto& shape) mutable { return rng.normal(shape, 0.0f, 0.02f); });
  draw.apply(handle);
  const auto first = values(net);
  CHECK_FALSE(same(first.scope("hidden"), before.scope("hidden")));
  const auto bias = [](const State& state) { return state.get<Tensor<>>("hidden.bias"); };
  CHECK(bias(first).data()[0] == bias(before).data()[0]);
  draw.apply(handle);
  CHECK(same(values(net), first));
}

TEST_CASE("a pattern that fits nothing is refused") {
  Net net{Rng(1)};
  ModelHandle<> handle(net);
  CHECK(fails_with([&] { freezing("head.*").apply(handle); }, "freeze", "head.*", "hidden.weight"));
  CHECK(fails_with([&] { unfreezing("head.*").apply(handle); }, "unfreeze", "head.*"));
  CHECK(fails_with(
      [&] {
        reinitialising("head.*", [](const auto&, const Shape& shape) { return Tensor<>::zeros(shape); }).apply(handle);
      },
      "reinitialising", "head.*"));
}

TEST_CASE("a backup brings back tensors, values and what is frozen") {
  Net net{Rng(1)};
  ModelHandle<> handle(net);
  handle.freeze("hidden.bias");
  const auto before = values(net);
  const auto back = handle.backup();
  Rng rng(2);
  net.hidden.weight.mutable_data()[0] = 7;
  replacing(net.out, [rng]() mutable { return Linear<>(8, 5, rng); }).apply(handle);
  handle.freeze("*");
  back(handle);
  CHECK(same(values(net), before));
  CHECK(handle.is_frozen("hidden.bias"));
  CHECK_FALSE(handle.is_frozen("out.weight"));
  CHECK_FALSE(net.out.weight.node()->frozen);
}
