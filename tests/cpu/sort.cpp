// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/sort.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

namespace {

// outer, count, inner, k
const std::int64_t shapes[][4] = {{1, 1, 1, 1},     {3, 5, 2, 0}, {0, 4, 2, 2},  {2, 4, 0, 2},
                                  {1, 500, 1, 500}, {5, 7, 3, 4}, {2, 40, 9, 1}, {1, 3000, 2, 100}};

}  // namespace

TEST_CASE_TEMPLATE("the first positions are those of a stable sort with NaN on top", T, float, double) {
  Stream stream{1};
  for (const auto& [outer, count, inner, k] : shapes)
    for (const bool descending : {false, true}) {
      auto in = stream.values<T>(outer * count * inner);
      for (T& v : in) v = stream.below(10) == 0 ? std::numeric_limits<T>::quiet_NaN() : std::round(v * 8);
      std::vector<std::int64_t> out(index(outer * k * inner), -1), expected = out;
      for (std::int64_t o = 0; o < outer; ++o)
        for (std::int64_t j = 0; j < inner; ++j) {
          const auto key = [&, o = o, j = j, count = count, inner = inner](std::int64_t i) {
            const double v = static_cast<double>(in[index((o * count + i) * inner + j)]);
            return (std::isnan(v) ? 1e300 : v) * (descending ? -1 : 1);
          };
          std::vector<std::int64_t> order(index(count));
          std::iota(order.begin(), order.end(), 0);
          std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });
          for (std::int64_t i = 0; i < k; ++i) expected[index((o * k + i) * inner + j)] = order[index(i)];
        }
      kernel::first_positions(Cpu{}, outer, count, inner, k, descending, in.data(), out.data());
      CHECK(out == expected);
    }
}
