// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/segment.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

TEST_CASE("segment_max agrees with a loop, with the same bits at any thread count") {
  Stream stream{1};
  const std::int64_t shapes[][3] = {{1, 1, 1}, {0, 2, 3}, {7, 3, 4}, {50, 0, 4}, {6000, 20, 300}};
  for (const auto& [count, inner, segments] : shapes) {
    const auto in = stream.values<float>(count * inner);
    auto ids = stream.indices(count, segments);
    std::replace(ids.begin(), ids.end(), std::int64_t{1}, std::int64_t{0});  // none of segment 1
    std::vector<float> expected(index(segments * inner));
    for (std::int64_t s = 0; s < segments; ++s)
      for (std::int64_t j = 0; j < inner; ++j) {
        std::vector<float> of;
        for (std::int64_t k = 0; k < count; ++k)
          if (ids[index(k)] == s) of.push_back(in[index(k * inner + j)]);
        if (!of.empty()) expected[index(s * inner + j)] = *std::max_element(of.begin(), of.end());
      }
    const auto run = [&, count = count, inner = inner, segments = segments] {
      std::vector<float> out(expected.size(), 9);
      kernel::segment_max(Cpu{}, count, inner, segments, in.data(), ids.data(), out.data());
      return out;
    };
    CHECK(run() == expected);
    CHECK((expected.empty() || reference::same_at_any_thread_count(run)));
  }
}
