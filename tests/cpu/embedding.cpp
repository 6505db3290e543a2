// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/embedding.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

// outer, axis, inner, count
const std::int64_t shapes[][4] = {{1, 1, 1, 1},     {1, 10, 1, 31},      {1, 33, 7, 100}, {3, 5, 4, 0},
                                  {0, 5, 4, 3},     {2, 7, 0, 3},        {1, 50, 64, 33}, {2, 9, 65, 31},
                                  {20, 11, 3, 5},   {1, 1009, 16, 3001}, {33, 10, 1, 1},  {1, 7, 200, 500},
                                  {3, 100, 2, 999}, {2, 3, 130, 2000}};

}  // namespace

TEST_CASE("the first index out of range is found, below or above") {
  const std::vector<std::int64_t> indices = {0, 4, 2, -1, 5};
  CHECK(kernel::find_out_of_range(Cpu{}, 3, indices.data(), 5) == -1);
  CHECK(kernel::find_out_of_range(Cpu{}, 5, indices.data(), 5) == 3);
  CHECK(kernel::find_out_of_range(Cpu{}, 3, indices.data(), 4) == 1);
  CHECK(kernel::find_out_of_range(Cpu{}, 0, indices.data(), 0) == -1);
  CHECK(kernel::find_out_of_range(Cpu{}, 1, indices.data(), 0) == 0);
}

TEST_CASE_TEMPLATE("selection and its gradient agree with loops", T, float, double) {
  Stream stream{1};
  for (const auto& [outer, axis, inner, count] : shapes) {
    const auto table = stream.values<T>(outer * axis * inner), g = stream.values<T>(outer * count * inner);
    const auto indices = stream.indices(count, axis);
    std::vector<T> out(g.size(), T{7}), expected(g.size()), sums = table;
    std::vector<double> expected_sums(table.begin(), table.end());
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t k = 0; k < count; ++k)
        for (std::int64_t j = 0; j < inner; ++j) {
          const std::size_t here = index((o * count + k) * inner + j);
          const std::size_t there = index((o * axis + indices[index(k)]) * inner + j);
          expected[here] = table[there];
          expected_sums[there] += static_cast<double>(g[here]);
        }
    kernel::index_select(Cpu{}, outer, axis, inner, count, table.data(), indices.data(), out.data());
    CHECK(out == expected);
    kernel::index_add(Cpu{}, outer, axis, inner, count, g.data(), indices.data(), sums.data());
    CHECK(near(sums, expected_sums, 20 + static_cast<double>(count)));
  }
}

TEST_CASE_TEMPLATE("gather and its gradient agree with loops", T, float, double) {
  Stream stream{2};
  for (const auto& [outer, axis, inner, count] : shapes) {
    const auto table = stream.values<T>(outer * axis * inner), g = stream.values<T>(outer * count * inner);
    const auto indices = stream.indices(outer * count * inner, axis);
    std::vector<T> out(g.size(), T{7}), expected(g.size()), sums = table;
    std::vector<double> expected_sums(table.begin(), table.end());
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t k = 0; k < count; ++k)
        for (std::int64_t j = 0; j < inner; ++j) {
          const std::size_t here = index((o * count + k) * inner + j);
          const std::size_t there = index((o * axis + indices[here]) * inner + j);
          expected[here] = table[there];
          expected_sums[there] += static_cast<double>(g[here]);
        }
    kernel::gather(Cpu{}, outer, axis, inner, count, table.data(), indices.data(), out.data());
    CHECK(out == expected);
    kernel::scatter_add(Cpu{}, outer, axis, inner, count, g.data(), indices.data(), sums.data());
    CHECK(near(sums, expected_sums, 20 + static_cast<double>(count)));
  }
}

TEST_CASE_TEMPLATE("sums by index have the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const std::int64_t large[][4] = {{1, 100, 16, 20001}, {1, 100, 300, 2001}, {40, 11, 30, 100}, {3, 501, 2, 60001}};
  for (const auto& [outer, axis, inner, count] : large) {
    const auto g = stream.values<T>(outer * count * inner);
    const auto indices = stream.indices(outer * count * inner, axis);
    CHECK(reference::same_at_any_thread_count([&, outer = outer, axis = axis, inner = inner, count = count] {
      std::vector<T> sums(index(outer * axis * inner));
      kernel::index_add(Cpu{}, outer, axis, inner, count, g.data(), indices.data(), sums.data());
      kernel::scatter_add(Cpu{}, outer, axis, inner, count, g.data(), indices.data(), sums.data());
      return sums;
    }));
  }
}
