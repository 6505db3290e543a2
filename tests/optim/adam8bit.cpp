// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/adam8bit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "optim/model.hpp"
#include "optim/oracle.hpp"
#include "regimen/optim/adamw.hpp"

using namespace test;

TEST_CASE("adam8bit options outside their ranges are errors") {
  CHECK(message([] { adam8bit({.beta1 = 1}); }) == "adam8bit: beta1 is 1; beta1 must be in [0, 1)");
  CHECK(message([] { adam8bit({.block = 12}); }) ==
        "adam8bit: block is 12; block must be a multiple of 8, at most 4096");
  CHECK_THROWS_AS(adam8bit({.block = 0}), Error);
  CHECK_THROWS_AS(adam8bit({.block = 8192}), Error);
  CHECK_THROWS_AS(adam8bit({.beta2 = 1}), Error);
  CHECK_THROWS_AS(adam8bit({.epsilon = -1}), Error);
  CHECK_THROWS_AS(adam8bit({.weight_decay = -1}), Error);
}

TEST_CASE("the codes are bitsandbytes' dynamic maps") {
  const Oracle oracle("optim_b");
  for (const bool with_sign : {true, false}) {
    const kernel::DynamicCode code(with_sign);
    const auto wanted = oracle.get<double>(with_sign ? "dynamic_code_signed" : "dynamic_code");
    REQUIRE(wanted.size() == 256);
    for (int i = 0; i < 256; ++i) CHECK(static_cast<double>(code.value[i]) == doctest::Approx(wanted(i)).epsilon(1e-6));
  }
}

TEST_CASE("twenty steps of adam8bit are those of the paper's formula") {
  auto parameters = parts<double>();
  auto optimizer = adam8bit<double>({.lr = 0.05, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.1, .block = 16});
  train(parameters, optimizer, 0, 20);
  Oracle("optim_b").check("adam8bit", parameters.values(), 1e-6);  // the code is in float
}

TEST_CASE_TEMPLATE("the first step is AdamW's, the later ones are near it", T, float, double) {
  auto a = parts<T>(3000), b = parts<T>(3000);
  auto small = adam8bit<T>({.lr = 0.02, .weight_decay = 0.1, .decay_mask = "*.weight"});
  auto wide = adamw<T>({.lr = 0.02, .weight_decay = 0.1, .decay_mask = "*.weight"});
  train(a, small, 0, 1);
  train(b, wide, 0, 1);
  CHECK(values(a) == values(b));
  train(a, small, 1, 30);
  train(b, wide, 1, 30);
  double worst = 0;
  for (std::int64_t i = 0; i < a.values().size(); ++i)
    worst = std::fmax(worst, std::fabs(static_cast<double>(a.values().data()[i] - b.values().data()[i])));
  CHECK(worst > 1e-4);  // it does round
  CHECK(worst < 0.1);
}

TEST_CASE("the state is two bytes an element and two scales a block, and fits one block size alone") {
  auto parameters = parts<float>(600);
  auto optimizer = adam8bit({});
  train(parameters, optimizer, 0, 2);
  const State state = through_file(optimizer);
  CHECK(state.get<Tensor<float>>("m_scale").shape() == Shape{6});  // 68, 3, 1, and 600 in three
  CHECK(state.get<Tensor<std::int64_t>>("v").shape() == Shape{6 * 256 / 8});
  auto other = adam8bit({.block = 128});
  CHECK_THROWS_AS(other.load(state), Error);
  auto same = parts<float>(600);
  same.set("out.*", false);
  auto third = adam8bit({});
  train(same, third, 0, 1);
  State damaged = through_file(third);
  State grown;
  for (const auto& entry : damaged.entries()) {
    if (entry.name == "m" || entry.name == "v")
      grown.put(entry.name, Tensor<std::int64_t>::zeros({4 * 256 / 8}));
    else if (entry.name == "m_scale" || entry.name == "v_scale")
      grown.put(entry.name, Tensor<float>::zeros({4}));
    else
      std::visit([&](const auto& value) { grown.put(entry.name, value); }, entry.value);
  }
  third.load(grown);
  CHECK(message([&] {
          third.update(same, Progress{1});
        }).find("adam8bit: the loaded state is of 4 blocks, the parameters have 3") == 0);
}
