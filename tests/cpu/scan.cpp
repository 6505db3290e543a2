// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/scan.hpp"

#include <doctest/doctest.h>

#include <array>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

// outer, count, inner
const std::int64_t shapes[][3] = {{1, 1, 1},   {3, 0, 2}, {0, 4, 2},  {2, 4, 0},
                                  {1, 500, 1}, {5, 7, 3}, {2, 9, 64}, {3, 11, 150}};

}  // namespace

TEST_CASE_TEMPLATE("scans agree with loops, in both directions", T, float, double) {
  Stream stream{1};
  for (const auto& [outer, count, inner] : shapes) {
    const std::int64_t size = outer * count * inner;
    const auto a = stream.values<T>(size), b = stream.values<T>(size);
    for (const bool reverse : {false, true}) {
      std::vector<T> sums(index(size)), products(index(size)), recurrences(index(size));
      std::vector<double> expected_sums(index(size)), expected_products(index(size)), expected(index(size));
      for (std::int64_t o = 0; o < outer; ++o)
        for (std::int64_t j = 0; j < inner; ++j) {
          double sum = 0, product = 1, value = 0;
          for (std::int64_t i = 0; i < count; ++i) {
            const std::size_t at = index((o * count + (reverse ? count - 1 - i : i)) * inner + j);
            const double u = static_cast<double>(a[at]), v = static_cast<double>(b[at]);
            expected_sums[at] = sum += u;
            expected_products[at] = product *= u;
            expected[at] = value = u * value + v;
          }
        }
      kernel::cumsum(Cpu{}, outer, count, inner, reverse, a.data(), sums.data());
      CHECK(near(sums, expected_sums, 2));
      kernel::linear_recurrence(Cpu{}, outer, count, inner, reverse, a.data(), b.data(), recurrences.data());
      CHECK(near(recurrences, expected, 2));
      if (reverse) continue;
      kernel::cumprod(Cpu{}, outer, count, inner, a.data(), products.data());
      CHECK(near(products, expected_products, 2));
    }
  }
}

TEST_CASE("scans of integers are exact, also where a double is not") {
  const std::int64_t large = (std::int64_t{1} << 53) + 1, in[] = {large, 1, 1};
  std::int64_t out[3];
  kernel::cumsum(Cpu{}, 1, 3, 1, false, in, out);
  CHECK(out[0] == large);
  CHECK(out[2] == large + 2);
}

TEST_CASE("scans have the same bits at any thread count") {
  Stream stream{2};
  for (const auto& [outer, count, inner] : {std::array<std::int64_t, 3>{50, 4000, 1}, {1, 300, 1000}}) {
    const auto a = stream.values<float>(outer * count * inner);
    CHECK(reference::same_at_any_thread_count([&, outer = outer, count = count, inner = inner] {
      std::vector<float> out(a.size());
      kernel::cumsum(Cpu{}, outer, count, inner, false, a.data(), out.data());
      return out;
    }));
  }
}
