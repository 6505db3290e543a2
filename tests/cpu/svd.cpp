// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/svd.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "cpu/reference.hpp"

using namespace regimen;

TEST_CASE("the decomposition gives the matrices back, at any number of threads, and NaN is told") {
  const std::int64_t batch = 4, rows = 5, columns = 3;
  std::vector<double> a(reference::index(batch * rows * columns)), u(a.size()), s(reference::index(batch * columns)),
      v(reference::index(batch * columns * columns));
  reference::Stream stream{3};
  a = stream.values<double>(batch * rows * columns);
  bool failed[4];
  kernel::svd(Cpu{}, batch, rows, columns, a.data(), u.data(), s.data(), v.data(), failed);
  for (std::int64_t k = 0; k < batch; ++k) {
    CHECK_FALSE(failed[k]);
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        double sum = 0;
        for (std::int64_t l = 0; l < columns; ++l)
          sum += u[reference::index((k * rows + i) * columns + l)] * s[reference::index(k * columns + l)] *
                 v[reference::index((k * columns + j) * columns + l)];
        CHECK(std::abs(sum - a[reference::index((k * rows + i) * columns + j)]) < 1e-14);
      }
  }
  CHECK(reference::same_at_any_thread_count([&] {
    kernel::svd(Cpu{}, batch, rows, columns, a.data(), u.data(), s.data(), v.data(), failed);
    return u;
  }));
  a[20] = NAN;
  kernel::svd(Cpu{}, batch, rows, columns, a.data(), u.data(), s.data(), v.data(), failed);
  CHECK_FALSE(failed[0]);
  CHECK(failed[1]);
  CHECK_FALSE(failed[2]);
}
