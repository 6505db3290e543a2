// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/partition.hpp"

#include <doctest/doctest.h>

#include "optim/model.hpp"

using namespace test;

namespace {

std::size_t by_layer(const Parameters<float>::Entry& entry) { return entry.name.starts_with("hidden") ? 2 : 0; }

}  // namespace

TEST_CASE("a partition's parts are handles on the set's buffers, in its order, and may be empty") {
  auto parameters = parts<float>();
  detail::Partition<float, Cpu> partition;
  const auto& found = partition.of(parameters, 3, by_layer);
  REQUIRE(found.size() == 3);
  REQUIRE(found[0].entries().size() == 2);
  CHECK(found[0].entries()[0].name == "norm.scale");
  CHECK(found[0].entries()[1].name == "out.weight");
  CHECK(found[1].entries().empty());
  REQUIRE(found[2].entries().size() == 2);
  CHECK(found[2].entries()[0].offset == 0);
  CHECK(found[2].entries()[1].offset == 68);
  CHECK(found[2].values().data() == parameters.values().data());
  CHECK(found[0].gradients().data() == parameters.gradients().data());
}

TEST_CASE("a partition is found once a set, and anew for another set or number of parts") {
  auto a = parts<float>(), b = parts<float>();
  detail::Partition<float, Cpu> partition;
  int calls = 0;
  const auto which = [&](const auto& entry) {
    ++calls;
    return by_layer(entry);
  };
  partition.of(a, 3, which);
  partition.of(a, 3, which);
  CHECK(calls == 4);
  CHECK(partition.of(b, 3, which)[0].values().data() == b.values().data());
  CHECK(calls == 8);
  CHECK(partition.of(b, 4, which).size() == 4);
  CHECK(calls == 12);
  auto some = b.select("hidden.*");
  CHECK(partition.of(some, 4, which)[0].entries().empty());
  CHECK(calls == 14);
}
