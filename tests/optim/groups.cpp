// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/groups.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "optim/model.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/clip.hpp"
#include "regimen/optim/sgd.hpp"

using namespace test;

TEST_CASE_TEMPLATE("each group is as if its optimizer had it alone, and the rest has the others", T, float, double) {
  auto a = parts<T>(), b = parts<T>();
  auto optimizer = groups<T>({{"hidden.*", sgd<T>({.lr = 0.1, .momentum = 0.9})}, {"norm.*", adamw<T>({.lr = 0.2})}},
                             adamw<T>({.lr = 0.05}));
  auto hidden = b.select("hidden.*"), norm = b.select("norm.*"), out = b.select("out.*");
  auto of_hidden = sgd<T>({.lr = 0.1, .momentum = 0.9});
  auto of_norm = adamw<T>({.lr = 0.2}), of_out = adamw<T>({.lr = 0.05});
  for (std::int64_t t = 0; t < 20; ++t) {
    train(a, optimizer, t, 1);
    differentiate(b);
    of_hidden.update(hidden, Progress{t});
    of_norm.update(norm, Progress{t});
    of_out.update(out, Progress{t});
  }
  CHECK(values(a) == values(b));
}

TEST_CASE("the first match wins") {
  auto a = parts<double>();
  a.gradients().fill(1);
  const auto before = values(a);
  auto optimizer = groups<double>(
      {{"hidden.bias", sgd<double>({.lr = 1})}, {"*.bias, hidden.*", sgd<double>({.lr = 2})}}, sgd<double>({.lr = 4}));
  optimizer.update(a, Progress{});
  CHECK(values(a)[0] == before[0] - 2);
  CHECK(values(a)[68] == before[68] - 1);
  CHECK(values(a)[71] == before[71] - 4);
  CHECK(values(a)[111] == before[111] - 4);
}

TEST_CASE("settings change the rate and the decay of one kind of optimizer by pattern") {
  const Schedule lr = [](std::int64_t step) { return step == 0 ? 0.5 : 0.25; };
  auto a = parts<double>(), b = parts<double>();
  auto optimizer = groups(adamw<double>, {.lr = lr, .weight_decay = 0.1},
                          {{.pattern = "*.bias", .weight_decay = 0}, {"norm.*", 0.1}});
  auto same = groups<double>({{"*.bias", adamw<double>({.lr = lr, .weight_decay = 0})},
                              {"norm.*", adamw<double>({.lr = 0.1 * lr, .weight_decay = 0.1})}},
                             adamw<double>({.lr = lr, .weight_decay = 0.1}));
  train(a, optimizer, 0, 3);
  train(b, same, 0, 3);
  CHECK(values(a) == values(b));
  auto c = parts<double>();
  auto frozen = groups(sgd<double>, {.lr = 0.5}, {{"hidden.*", 0}});
  const auto before = values(c);
  train(c, frozen, 0, 2);
  for (std::size_t i = 0; i < 71; ++i) CHECK(values(c)[i] == before[i]);
  CHECK(values(c)[71] != before[71]);
  CHECK(values(c)[111] != before[111]);
}

namespace {

struct PlainOptions {
  Schedule lr = 1.0;
};
template <class T, class Device>
struct Plain {
  double lr;
  void update(Parameters<T, Device>&, const Progress&) {}
  void save(State&) const {}
  void load(const State&) {}
};
template <class T = float, class Device = Cpu>
Plain<T, Device> plain(const PlainOptions& options) {
  return {options.lr(0)};
}

}  // namespace

TEST_CASE("wrong groups are errors that say what to do") {
  auto parameters = parts<float>();
  parameters.gradients().fill(0);
  const auto with = [&](const char* pattern) {
    auto optimizer = groups({{"hidden.*", sgd({})}, {pattern, sgd({})}}, sgd({}));
    optimizer.update(parameters, Progress{});
  };
  CHECK(message([&] { with("embedding.*"); }) ==
        "groups: no parameter fits 'embedding.*'; there are hidden.weight, hidden.bias, norm.scale, out.weight");
  CHECK(message([&] { with("*.bias"); }) ==
        "groups: all parameters that fit '*.bias' fit earlier patterns; the first match wins: put the narrower pattern "
        "first");
  CHECK(message([] {
          groups({{"a", Optimizer<>()}}, sgd({}));
        }) == "groups: the optimizer of 'a' is undefined; give it a value");
  CHECK(message([] { groups({}, Optimizer<>()); }) ==
        "groups: the optimizer of 'the rest' is undefined; give it a value");
  CHECK(message([] {
          groups(sgd<float>, {}, {{"a", -1}});
        }) == "groups: lr_factor is -1; lr_factor must be finite and not negative");
  CHECK_THROWS_AS(groups(sgd<float>, {}, {{.pattern = "a", .weight_decay = -1}}), Error);
  CHECK(message([] {
          groups(plain<float>, {}, {{.pattern = "a", .weight_decay = 1}});
        }).find("groups: 'a' has a weight decay, and the optimizer none") == 0);
  const auto state = through_file(groups({}, sgd({})));
  auto two = groups({{"*.bias", sgd({})}}, sgd({}));
  CHECK(message([&] { two.load(state); }) ==
        "groups: the state has 1 optimizers, this has 2; load it into the groups that saved it");
}

TEST_CASE("groups without state survive a file, and all parameters may be in groups") {
  auto a = parts<double>(), b = parts<double>();
  auto optimizer = groups<double>({{"*", clip_by_value(1)}}, sgd<double>({}));
  train(a, optimizer, 0, 1);
  CHECK(values(a) == values(b));
  optimizer.load(through_file(optimizer));
  train(a, optimizer, 1, 1);
  CHECK(values(a) == values(b));
}
