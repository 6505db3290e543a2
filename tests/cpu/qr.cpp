// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/qr.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "cpu/reference.hpp"

using namespace regimen;

TEST_CASE("the columns of q are those of Gram and Schmidt") {
  const std::int64_t batch = 5, rows = 6, columns = 3;
  std::vector<double> a(reference::index(batch * rows * columns));
  reference::Stream stream{7};
  a = stream.values<double>(batch * rows * columns);
  std::vector<double> wanted = a, q(a.size());
  for (std::int64_t k = 0; k < batch; ++k) {
    double* const m = wanted.data() + k * rows * columns;
    for (std::int64_t j = 0; j < columns; ++j) {
      for (int pass = 0; pass < 2; ++pass)
        for (std::int64_t i = 0; i < j; ++i) {
          double dot = 0;
          for (std::int64_t r = 0; r < rows; ++r) dot += m[r * columns + i] * m[r * columns + j];
          for (std::int64_t r = 0; r < rows; ++r) m[r * columns + j] -= dot * m[r * columns + i];
        }
      double size = 0;
      for (std::int64_t r = 0; r < rows; ++r) size += m[r * columns + j] * m[r * columns + j];
      for (std::int64_t r = 0; r < rows; ++r) m[r * columns + j] /= std::sqrt(size);
    }
  }
  kernel::qr(Cpu{}, batch, rows, columns, a.data(), q.data());
  for (std::size_t i = 0; i < q.size(); ++i) CHECK(std::abs(q[i] - wanted[i]) < 1e-13);
  CHECK(reference::same_at_any_thread_count([&] {
    kernel::qr(Cpu{}, batch, rows, columns, a.data(), q.data());
    return q;
  }));
}
