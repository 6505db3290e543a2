// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/each_parameter.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "optim/model.hpp"

using namespace test;

TEST_CASE("each trainable parameter comes once, with its places in the buffers and in the state") {
  auto parameters = parts<float>();
  parameters.set("hidden.bias", false);
  std::vector<std::string> names;
  std::vector<std::int64_t> numbers;
  detail::each_parameter(parameters, [&](const detail::Part& part) {
    names.push_back(part.name);
    for (const std::int64_t number : {part.offset, part.state, part.size}) numbers.push_back(number);
    CHECK(part.is_matrix() == (part.name == "hidden.weight"));
    if (part.is_matrix()) {
      CHECK(part.rows() == 17);
      CHECK(part.columns() == 4);
    }
  });
  CHECK(names == std::vector<std::string>{"hidden.weight", "norm.scale", "out.weight"});
  CHECK(numbers == std::vector<std::int64_t>{0, 0, 68, 71, 68, 1, 72, 69, 40});
}

TEST_CASE("parameters without elements are left out") {
  auto parameters = parts<float>(0);
  int count = 0;
  detail::each_parameter(parameters, [&](const detail::Part&) { ++count; });
  CHECK(count == 3);
}

TEST_CASE("decay shrinks the parts that the mask names by 1 - lr weight_decay, and no others") {
  for (const double weight_decay : {0.0, 0.5, 1.0}) {
    auto parameters = parts<double>();
    const auto before = parameters.values().clone();
    detail::each_parameter(
        parameters, [&](const detail::Part& part) { detail::decay(part, 0.25, weight_decay, "*.weight", parameters); });
    for (const auto& entry : parameters.entries()) {
      const double factor = entry.name.ends_with(".weight") ? 1 - 0.25 * weight_decay : 1;
      for (std::int64_t i = entry.offset; i < entry.offset + entry.size; ++i)
        CHECK(parameters.values()(i) == before(i) * factor);
    }
  }
}
