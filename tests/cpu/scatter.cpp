// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/scatter.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

TEST_CASE("scatter overwrites in order of the indices, with the same bits at any thread count") {
  Stream stream{1};
  const std::int64_t shapes[][4] = {{1, 5, 1, 3}, {3, 4, 2, 9}, {2, 3, 4, 0}, {0, 3, 2, 2}, {300, 40, 3, 70}};
  for (const auto& [outer, axis, inner, count] : shapes) {
    const auto in = stream.values<float>(outer * count * inner), before = stream.values<float>(outer * axis * inner);
    const auto indices = stream.indices(outer * count * inner, axis);
    auto expected = before;
    for (std::int64_t i = 0; i < outer * count * inner; ++i) {
      const std::int64_t o = i / (count * inner), j = i % inner;
      expected[index((o * axis + indices[index(i)]) * inner + j)] = in[index(i)];
    }
    const auto run = [&, outer = outer, axis = axis, inner = inner, count = count] {
      auto out = before;
      kernel::scatter(Cpu{}, outer, axis, inner, count, in.data(), indices.data(), out.data());
      return out;
    };
    CHECK(run() == expected);
    CHECK((outer == 0 || reference::same_at_any_thread_count(run)));
  }
}
