// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/distance.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

namespace {

// batch, n, m, d
const std::int64_t shapes[][4] = {{1, 1, 1, 1}, {2, 3, 5, 7}, {0, 2, 2, 2},    {3, 0, 2, 2},
                                  {1, 4, 0, 3}, {2, 2, 3, 0}, {1, 90, 130, 40}};

}  // namespace

TEST_CASE_TEMPLATE("distances are those of a plain loop, also where points nearly coincide", T, float, double) {
  Stream stream{1};
  for (const auto& [batch, n, m, d] : shapes) {
    auto a = stream.values<T>(batch * n * d), b = stream.values<T>(batch * m * d);
    for (std::int64_t s = 0; s < batch; ++s)  // every third pair: nearly, or quite, the same point
      for (std::int64_t i = 0; i < std::min(n, m); i += 3)
        for (std::int64_t k = 0; k < d; ++k)
          b[index((s * m + i) * d + k)] = a[index((s * n + i) * d + k)] + (i % 2 == 0 ? T{0} : T(1e-4));
    std::vector<double> expected;
    for (std::int64_t row = 0; row < batch * n; ++row)
      for (std::int64_t j = 0; j < m; ++j) {
        double square = 0;
        for (std::int64_t k = 0; k < d; ++k) {
          const double difference = static_cast<double>(a[index(row * d + k)] - b[index((row / n * m + j) * d + k)]);
          square += difference * difference;
        }
        expected.push_back(std::sqrt(square));
      }
    const auto run = [&, batch = batch, n = n, m = m, d = d] {
      std::vector<T> out(index(batch * n * m), T{-1});
      kernel::distances(Cpu{}, batch, n, m, d, a.data(), b.data(), out.data());
      return out;
    };
    CHECK(reference::near(run(), expected, 30));
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (expected[i] < 1e-2) CHECK(static_cast<double>(run()[i]) == doctest::Approx(expected[i]).epsilon(1e-5));
    CHECK((expected.empty() || reference::same_at_any_thread_count(run)));
  }
}
