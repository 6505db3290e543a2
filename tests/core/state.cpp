// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/state.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace regimen;

namespace {

std::string message(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no Error";
}

std::string names(const State& state) {
  std::string result;
  for (const auto& entry : state.entries()) result += entry.name + " ";
  return result;
}

}  // namespace

TEST_CASE("values of every type come back") {
  State state;
  const auto x = Tensor<>::from({1, 2});
  state.put("float", x);
  state.put("double", Tensor<double>::scalar(3));
  state.put("indices", Tensor<std::int64_t>::from({4, 5}));
  state.put("step", 7);
  state.put("size", std::uint64_t{8});
  state.put("rate", 0.5f);
  state.put("on", true);
  state.put("name", "text");
  state.put("note", std::string("more"));
  CHECK(state.get<Tensor<>>("float").data() == x.data());
  CHECK(state.get<Tensor<double>>("double").item() == 3);
  CHECK(state.get<Tensor<std::int64_t>>("indices", {2})(1) == 5);
  CHECK(state.get<std::int64_t>("step") == 7);
  CHECK(state.get<std::int64_t>("size") == 8);
  CHECK(state.get<double>("rate") == 0.5);
  CHECK(state.get<bool>("on"));
  CHECK(state.get<std::string>("name") == "text");
  CHECK(state.get<std::string>("note") == "more");
  CHECK(names(state) == "float double indices step size rate on name note ");
}

TEST_CASE("an Rng comes back at its position") {
  State state;
  Rng rng = Rng(~std::uint64_t{0}).split("x");
  rng.next32();
  state.put("rng", rng);
  Rng again = state.get<Rng>("rng");
  for (int i = 0; i < 9; ++i) CHECK(again.next32() == rng.next32());
}

TEST_CASE("a name is a path through scopes") {
  State state;
  State& model = state.scope("model");
  State& optimizer = state.scope("optimizer");
  for (int i = 0; i < 100; ++i) state.scope("s" + std::to_string(i));
  model.put("hidden.weight", 1);
  optimizer.put("m", 2);
  state.put("optimizer.v", 3);
  state.put("optimizer", 4);
  const State& read = state;
  CHECK(read.get<std::int64_t>("model.hidden.weight") == 1);
  CHECK(read.scope("model").scope("hidden").get<std::int64_t>("weight") == 1);
  CHECK(read.scope("model.hidden").contains("weight"));
  CHECK(read.scope("optimizer").get<std::int64_t>("v") == 3);
  CHECK(read.contains("optimizer.m"));
  CHECK_FALSE(read.contains("optimizer.x"));
  CHECK_FALSE(read.contains("x.y"));
  CHECK_FALSE(read.contains(""));
  CHECK(names(state) == "optimizer model.hidden.weight optimizer.m optimizer.v ");
  CHECK(names(read.scope("optimizer")) == "m v ");
}

TEST_CASE("a count is an integer that can be counted on from") {
  State state;
  const std::int64_t most = std::int64_t{1} << 62;
  state.put("none", 0);
  state.put("most", most);
  state.put("deep.negative", -1);
  state.put("beyond", most + 1);
  CHECK(state.get_count("none") == 0);
  CHECK(state.get_count("most") == most);
  CHECK_THROWS_WITH_AS(state.scope("deep").get_count("negative"),
                       "State::get_count: 'deep.negative' is -1; the state is damaged", Error);
  CHECK_THROWS_AS(state.get_count("beyond"), Error);
}

TEST_CASE("a copy shares tensors, a clone does not") {
  State state;
  const auto x = Tensor<>::from({1, 2});
  state.put("a.x", x);
  const State copy = state, clone = state.clone();
  x.fill(9);
  CHECK(copy.get<Tensor<>>("a.x")(0) == 9);
  CHECK(clone.get<Tensor<>>("a.x")(0) == 1);
}

TEST_CASE("wrong use of a state is an Error that names the value") {
  State state;
  State& inner = state.scope("outer.inner");
  inner.put("m", Tensor<>::zeros({2, 3}));
  CHECK(message([&] { inner.put("m", 1); }) == "State::put: there already is 'outer.inner.m'; names must differ");
  CHECK(message([&] { inner.get<Tensor<double>>("m"); }) ==
        "State::get: 'outer.inner.m' is a float tensor, expected a double tensor; the state belongs to another "
        "component");
  CHECK(message([&] {
          inner.get<Tensor<>>("m", {3, 2});
        }) ==
        "State::get: 'outer.inner.m' is [2, 3], expected [3, 2]; the state belongs to a component of other sizes");
  CHECK(message([&] { inner.get<bool>("v"); }) == "State::get: there is no 'outer.inner.v'; here are: m");
  const State& read = state;
  CHECK(message([&] { read.scope("outer.x"); }) == "State::scope: there is no 'outer.x'; here are: inner.*");
  CHECK_THROWS_AS(inner.get<Rng>("m"), Error);
  CHECK_THROWS_AS(inner.put("big", ~std::uint64_t{0}), Error);
  CHECK_THROWS_AS(inner.put("none", Tensor<>()), Error);
  for (const char* bad : {"", ".", "a.", ".a", "a..b"}) {
    CHECK_THROWS_AS(state.put(bad, 1), Error);
    CHECK_THROWS_AS(State().scope(bad), Error);
  }
  CHECK(names(state) == "outer.inner.m ");
}
