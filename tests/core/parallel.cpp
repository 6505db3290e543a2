// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/parallel.hpp"

#include <doctest/doctest.h>

#include <vector>

TEST_CASE("parallel_for visits every index once") {
  for (const std::int64_t count : {0, 1, 2, 63, 64, 1000}) {
    std::vector<int> visits(static_cast<std::size_t>(count), 0);
    regimen::parallel_for(count, 8, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
    });
    CHECK(visits == std::vector<int>(static_cast<std::size_t>(count), 1));
  }
}

TEST_CASE("parallel_for leaves little work in one piece") {
  int calls = 0;
  regimen::parallel_for(15, 8, [&](std::int64_t begin, std::int64_t end) {
    ++calls;
    CHECK(begin == 0);
    CHECK(end == 15);
  });
  CHECK(calls == 1);
}
