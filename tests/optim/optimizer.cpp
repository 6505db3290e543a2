// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "regimen/cpu/optimizer.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

namespace {

// The example of the concept's comment.
struct Flip {
  template <class T>
  void update(Parameters<T>& parameters, const Progress&) {
    for (const auto& run : parameters.runs())
      kernel::scale(Cpu{}, run.end - run.begin, T(-1), parameters.gradients().mutable_data() + run.begin);
  }
  void save(State&) const {}
  void load(const State&) {}
};

struct NoLoad {
  void update(Parameters<>&, const Progress&) {}
  void save(State&) const {}
};

}  // namespace

TEST_CASE("a struct with update, save and load converts to an optimizer; one without does not") {
  static_assert(std::is_convertible_v<Flip, Optimizer<>>);
  static_assert(std::is_convertible_v<Flip, Optimizer<double>>);
  static_assert(std::is_convertible_v<Sgd<double>, Optimizer<double>>);
  static_assert(!std::is_convertible_v<Sgd<double>, Optimizer<float>>);
  static_assert(!std::is_convertible_v<NoLoad, Optimizer<>>);
  static_assert(!std::is_convertible_v<int, Optimizer<>>);
  auto parameters = parts<float>();
  Optimizer<> flip = Flip{};
  differentiate(parameters);
  const float before = parameters.gradients().data()[5];
  flip.update(parameters, {});
  CHECK(parameters.gradients().data()[5] == -before);
}

TEST_CASE("optimizers move and are assigned like values") {
  Optimizer<> a, b = sgd({.lr = 0.1});
  CHECK(!a.defined());
  a = b;
  CHECK(a.defined());
  CHECK(b.defined());
  const Optimizer<> c = std::move(b);
  CHECK(c.defined());
  a = Optimizer<>();
  CHECK(!a.defined());
}

TEST_CASE("an undefined optimizer is an error in use") {
  auto parameters = parts<float>();
  Optimizer<> none;
  State state;
  CHECK(message([&] { none.update(parameters, {}); }) ==
        "Optimizer: used before it was given a value; assign one, for example adamw({...})");
  CHECK_THROWS_AS(none.save(state), Error);
  CHECK_THROWS_AS(none.load(state), Error);
}
