// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/chain.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "optim/model.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/clip.hpp"

using namespace test;

TEST_CASE("a chain clips before it steps") {
  auto parameters = parts<double>();
  parameters.values().fill(0);
  parameters.gradients().fill(5);
  Optimizer<double> optimizer = chain<double>(clip_by_global_norm(1.0), adamw<double>({.lr = 0.1}));
  optimizer.update(parameters, Progress{});
  CHECK(global_norm(parameters) == doctest::Approx(1));
  CHECK(parameters.values().data()[0] == doctest::Approx(-0.1));
}

TEST_CASE("a chain of a run-time list, and an empty one") {
  auto parameters = parts<float>();
  const auto before = values(parameters);
  std::vector<Optimizer<>> links;
  Chain<> empty(links);
  empty.update(parameters, Progress{});
  CHECK(values(parameters) == before);
  empty.load(through_file(empty));
  links.push_back(clip_by_value(1));
  Chain<> one(links);
  CHECK(message([&] { one.load(through_file(empty)); }) ==
        "chain: the state has 0 links, this chain 1; load it into the chain that saved it");
  links.emplace_back();
  CHECK(message([&] { Chain<>{links}; }) == "chain: link 1 is undefined; give each link a value");
  CHECK(message([] { Chain<>{std::vector<Optimizer<>>(1)}; }) == "chain: link 0 is undefined; give each link a value");
}
