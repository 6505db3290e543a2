// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/triangle.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

TEST_CASE_TEMPLATE("triangles agree with loops, also in place", T, float, double) {
  Stream stream{1};
  const std::int64_t shapes[][3] = {{1, 1, 1}, {2, 3, 5}, {3, 5, 3}, {0, 2, 2}, {2, 0, 3}, {2, 3, 0}};
  for (const auto& [batch, rows, columns] : shapes)
    for (const bool upper : {false, true})
      for (std::int64_t offset = -rows - 2; offset <= columns + 2; ++offset) {
        auto in = stream.values<T>(batch * rows * columns);
        std::vector<T> out(in.size(), T{9}), expected(in);
        for (std::int64_t b = 0; b < batch; ++b)
          for (std::int64_t i = 0; i < rows; ++i)
            for (std::int64_t j = 0; j < columns; ++j)
              if (upper ? j - i < offset : j - i > offset) expected[index((b * rows + i) * columns + j)] = 0;
        kernel::triangle(Cpu{}, batch, rows, columns, offset, upper, in.data(), out.data());
        CHECK(out == expected);
        kernel::triangle(Cpu{}, batch, rows, columns, offset, upper, in.data(), in.data());
        CHECK(in == expected);
      }
}

TEST_CASE("triangles have the same bits at any thread count") {
  Stream stream{2};
  const auto in = stream.values<float>(3 * 200 * 300);
  CHECK(reference::same_at_any_thread_count([&] {
    std::vector<float> out(in.size());
    kernel::triangle(Cpu{}, 3, 200, 300, -7, true, in.data(), out.data());
    return out;
  }));
}
