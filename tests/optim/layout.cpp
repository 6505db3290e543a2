// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/layout.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"

using namespace test;
using regimen::detail::Layout;
using regimen::detail::OptimizerState;
using regimen::detail::Stretch;

namespace {

bool same(const std::vector<Stretch>& a, const std::vector<Stretch>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i)
    equal = a[i].parameter == b[i].parameter && a[i].state == b[i].state && a[i].count == b[i].count &&
            a[i].masked == b[i].masked;
  return equal;
}

}  // namespace

TEST_CASE("neighbours that are treated alike are one stretch; frozen ones are skipped in the state too") {
  auto parameters = parts<float>();
  Layout all("test");
  all.match(parameters);
  CHECK(same(all.stretches(), {{0, 0, 112, true}}));

  Layout weights("test", "*.weight");
  weights.match(parameters);
  CHECK(same(weights.stretches(), {{0, 0, 68, true}, {68, 68, 4, false}, {72, 72, 40, true}}));

  parameters.set("hidden.bias", false);
  Layout fewer("test", "*.weight");
  fewer.match(parameters);
  CHECK(same(fewer.stretches(), {{0, 0, 68, true}, {71, 68, 1, false}, {72, 69, 40, true}}));
  CHECK(fewer.total() == 109);

  Layout none("test", "");
  none.match(parameters);
  CHECK(same(none.stretches(), {{0, 0, 68, false}, {71, 68, 41, false}}));
}

TEST_CASE("parameters that were selected keep their places in the buffers") {
  const auto parameters = parts<float>();
  Layout layout("test");
  layout.match(parameters.select("*.bias, out.*"));
  CHECK(same(layout.stretches(), {{68, 0, 3, true}, {72, 3, 40, true}}));
}

TEST_CASE("a layout that was saved refuses another trainable set") {
  auto parameters = parts<float>();
  Layout layout("test", "*.weight");
  parameters.set("norm.*", false);
  layout.match(parameters);
  const Layout loaded = Layout("test", "*.weight").loaded(through_file(layout));
  Layout right = loaded, wrong = loaded;
  right.match(parameters);
  CHECK(same(right.stretches(), layout.stretches()));
  parameters.set("norm.*", true);
  CHECK(message([&] { wrong.match(parameters); }) ==
        "test: the trainable set has changed: 111 elements at the first update, now 112 in 1 runs; begin with a new "
        "optimizer after freezing or unfreezing");
  wrong.fresh().match(parameters);
}

TEST_CASE("runs that are no ascending pairs are a damaged state") {
  for (const auto& runs : {Tensor<std::int64_t>::from({0, 5, 4, 9}, {2, 2}), Tensor<std::int64_t>::from({3, 3}, {1, 2}),
                           Tensor<std::int64_t>::from({-1, 3}, {1, 2}), Tensor<std::int64_t>::from({0, 5})}) {
    State state;
    state.put("runs", runs);
    CHECK_THROWS_AS(Layout("test").loaded(state), Error);
  }
}

TEST_CASE("an optimizer's arrays are sized at the first update, one element a trainable one, and copies are apart") {
  auto parameters = parts<double>();
  parameters.set("out.*", false);
  OptimizerState<double, Cpu> state("test", {"m", "v"});
  CHECK(state.updates() == 0);
  CHECK(state.begin(parameters) == 1);
  state.array(1)[71] = 5;
  auto copy = state;
  copy.array(1)[71] = 6;
  CHECK(state.array(1)[71] == 5);
  CHECK(copy.begin(parameters) == 2);
  CHECK(state.updates() == 1);
  const State saved = through_file(state);
  CHECK(saved.get<Tensor<double>>("m").shape() == Shape{72});
  OptimizerState<double, Cpu> other("test", {"m", "v"}), stranger("else", {"m", "v"});
  other.load(saved);
  CHECK(other.array(1)[71] == 5);
  CHECK(other.begin(parameters) == 2);
  CHECK(message([&] { stranger.load(saved); }) ==
        "else: the state is of 'test'; load it into the kind of component that saved it");
}

TEST_CASE("the learning rate of a step must be finite and not negative") {
  const Schedule schedule = [](std::int64_t step) { return step == 3 ? std::nan("") : 0.5; };
  CHECK(detail::learning_rate("sgd", schedule, Progress{2}) == 0.5);
  CHECK(message([&] {
          static_cast<void>(detail::learning_rate("sgd", schedule, Progress{3}));
        }).find("at step 3 is nan") != std::string::npos);
}
