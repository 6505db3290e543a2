// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/train/phase.hpp"

#include <doctest/doctest.h>

#include "train/support.hpp"

using namespace regimen;
using namespace test;

TEST_CASE("on(dataset, f) gives f the samples that the step names") {
  const auto data = toy(6);
  const auto objective = on(data, [&](const Batch<>& b) {
    CHECK(b.inputs.shape() == Shape{2, 3});
    CHECK(b.inputs.data()[0] == data.inputs.data()[12]);
    CHECK(b.labels.data()[1] == data.labels.data()[1]);
    return Tensor<>::zeros({2});
  });
  CHECK(objective({.indices = Tensor<std::int64_t>::from({4, 1})}).shape() == Shape{2});
}

TEST_CASE("on(dataset, f) refuses a step without samples") {
  const auto objective = on(toy(6), [](const Batch<>&) { return Tensor<>::zeros({}); });
  CHECK(fails_with([&] { objective({}); }, "no sampler"));
}

TEST_CASE("a copy of a phase has a sampler, an end and an optimizer of its own") {
  Net net{Rng(1)};
  const auto data = toy();
  Phase<> a = training(net, data), b = a;
  a.sampler.next();
  State first, second;
  a.sampler.save(first);
  b.sampler.save(second);
  CHECK_FALSE(same(first, second));
}
