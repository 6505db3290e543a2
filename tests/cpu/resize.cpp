// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/resize.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

namespace {

// outer, n, inner, count
const std::int64_t shapes[][4] = {{1, 1, 1, 1}, {3, 4, 1, 9},   {2, 7, 5, 3},     {0, 2, 3, 4},
                                  {2, 3, 0, 4}, {1, 5, 130, 6}, {700, 30, 1, 45}, {3, 40, 300, 30}};

}  // namespace

TEST_CASE_TEMPLATE("interpolation and its adjoint are the plain loops", T, float, double) {
  Stream stream{1};
  for (const auto& [outer, n, inner, count] : shapes) {
    const auto x = stream.values<T>(outer * n * inner), g = stream.values<T>(outer * count * inner);
    const auto at = stream.indices(count, n);
    auto weight = stream.values<T>(count);
    for (T& w : weight) w = std::abs(w);
    std::vector<double> y(g.size()), dx(x.size());
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t j = 0; j < inner; ++j) {
          const double w = static_cast<double>(weight[index(i)]);
          const std::size_t to = index((o * count + i) * inner + j), low = index((o * n + at[index(i)]) * inner + j);
          const std::size_t high = at[index(i)] + 1 < n ? low + index(inner) : low;
          y[to] = (1 - w) * static_cast<double>(x[low]) + w * static_cast<double>(x[high]);
          dx[low] += (1 - w) * static_cast<double>(g[to]);
          dx[high] += w * static_cast<double>(g[to]);
        }
    const auto forward = [&, outer = outer, n = n, inner = inner, count = count] {
      std::vector<T> out(g.size(), T{7});
      kernel::interpolate(Cpu{}, outer, n, inner, count, at.data(), weight.data(), x.data(), out.data());
      return out;
    };
    const auto backward = [&, outer = outer, n = n, inner = inner, count = count] {
      std::vector<T> out(x.size(), T{7});
      kernel::interpolate_backward(Cpu{}, outer, n, inner, count, at.data(), weight.data(), g.data(), out.data());
      return out;
    };
    CHECK(reference::near(forward(), y, 4));
    CHECK(reference::near(backward(), dx, 20));
    CHECK((g.empty() || reference::same_at_any_thread_count(forward)));
    CHECK((x.empty() || reference::same_at_any_thread_count(backward)));
  }
}
