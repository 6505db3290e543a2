// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/part_states.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "optim/model.hpp"

using namespace test;

namespace {

std::vector<Shape> two(const detail::Part& part) { return {{part.size}, {2, part.size}}; }
std::vector<Shape> one(const detail::Part& part) { return {{part.size}}; }

}  // namespace

TEST_CASE("each part has tensors of the shapes asked for, zero at first, and copies and loaded ones are their own") {
  auto parameters = parts<double>();
  detail::PartStates<double, Cpu> states("test");
  CHECK(states.begin(parameters, two) == 1);
  CHECK(states.of(0)[1].shape() == Shape{2, 68});
  CHECK(states.of(3)[0].shape() == Shape{40});
  CHECK(states.of(3)[0](39) == 0);
  states.of(3)[0].fill(5);
  detail::PartStates<double, Cpu> copy = states, loaded("test");
  loaded.load(through_file(states));
  states.of(3)[0].fill(6);
  CHECK(copy.of(3)[0](39) == 5);
  CHECK(copy.begin(parameters, two) == 2);
  CHECK(loaded.begin(parameters, two) == 2);
  CHECK(loaded.of(3)[0](39) == 5);
  loaded.load(through_file(detail::PartStates<double, Cpu>("test")));
  CHECK(loaded.begin(parameters, one) == 1);
}

TEST_CASE("a loaded state of other shapes, and a changed trainable set, are errors") {
  auto parameters = parts<double>();
  detail::PartStates<double, Cpu> states("test"), loaded("test");
  states.begin(parameters, two);
  loaded.load(through_file(states));
  CHECK(message([&] { loaded.begin(parameters, one); }) ==
        "test: the loaded state does not fit 'hidden.weight' of shape [17, 4]; load it into the same optimizer, of the "
        "same options and model");
  CHECK(loaded.updates() == 1);
  CHECK(loaded.begin(parameters, two) == 2);
  parameters.set("norm.*", false);
  CHECK_THROWS_AS(states.begin(parameters, two), Error);
  CHECK_THROWS_AS(loaded.load(State()), Error);
}
