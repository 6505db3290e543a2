// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/pool.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using kernel::Pool2d;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

Pool2d any_pool(Stream& stream) {
  Pool2d s{.planes = stream.below(5), .height = 1 + stream.below(12), .width = 1 + stream.below(12)};
  for (kernel::Window* window : {&s.window.vertical, &s.window.horizontal})
    *window = {1 + stream.below(4), 1 + stream.below(3), stream.below(3), 1 + stream.below(2)};
  return s;
}

// Positions in x of each window's elements, in order.
std::vector<std::vector<std::size_t>> windows(const Pool2d& s) {
  const kernel::Window &v = s.window.vertical, &h = s.window.horizontal;
  std::vector<std::vector<std::size_t>> result;
  for (std::int64_t i = 0; i < s.planes; ++i)
    for (std::int64_t p = 0; p < s.out_height(); ++p)
      for (std::int64_t q = 0; q < s.out_width(); ++q) {
        result.emplace_back();
        for (std::int64_t a = 0; a < v.size; ++a)
          for (std::int64_t b = 0; b < h.size; ++b) {
            const std::int64_t row = v.element(p, a), column = h.element(q, b);
            if (row >= 0 && row < s.height && column >= 0 && column < s.width)
              result.back().push_back(index((i * s.height + row) * s.width + column));
          }
      }
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE("max pooling and its gradient agree with loops over the windows", T, float, double) {
  Stream stream{1};
  for (int trial = 0; trial < 300; ++trial) {
    const Pool2d s = any_pool(stream);
    const auto all = windows(s);
    auto x = stream.values<T>(s.planes * s.height * s.width, 6);
    for (T& v : x) v = static_cast<T>(static_cast<int>(v));  // many equal values
    const auto g = stream.values<T>(static_cast<std::int64_t>(all.size()));
    std::vector<T> y(all.size(), T{7}), dx(x.size(), T{7});
    std::vector<std::int64_t> position(all.size());
    std::vector<double> expected_dx(x.size());
    kernel::max_pool2d(Cpu{}, s, x.data(), y.data(), position.data());
    bool right = true;
    for (std::size_t o = 0; o < all.size(); ++o) {
      if (all[o].empty()) {
        right = right && position[o] == -1 && y[o] == -std::numeric_limits<T>::infinity();
        continue;
      }
      std::size_t best = all[o][0];
      for (const std::size_t i : all[o])
        if (x[i] > x[best]) best = i;
      right = right && y[o] == x[best] && index(position[o]) == best % index(s.height * s.width);
      expected_dx[best] += static_cast<double>(g[o]);
    }
    CHECK(right);
    kernel::max_pool2d_backward(Cpu{}, s, position.data(), g.data(), dx.data());
    CHECK(near(dx, expected_dx, 20));
  }
}

TEST_CASE_TEMPLATE("average pooling and its gradient agree with loops over the windows", T, float, double) {
  Stream stream{2};
  for (int trial = 0; trial < 300; ++trial) {
    const Pool2d s = any_pool(stream);
    const bool count_padding = trial % 2 == 0;
    const auto all = windows(s);
    const auto x = stream.values<T>(s.planes * s.height * s.width);
    const auto g = stream.values<T>(static_cast<std::int64_t>(all.size()));
    std::vector<T> y(all.size(), T{7}), dx(x.size(), T{7});
    std::vector<double> expected(all.size()), expected_dx(x.size());
    const double taps = static_cast<double>(s.window.vertical.size * s.window.horizontal.size);
    for (std::size_t o = 0; o < all.size(); ++o)
      for (const std::size_t i : all[o]) {
        const double count = count_padding ? taps : static_cast<double>(all[o].size());
        expected[o] += static_cast<double>(x[i]) / count;
        expected_dx[i] += static_cast<double>(g[o]) / count;
      }
    kernel::avg_pool2d(Cpu{}, s, count_padding, x.data(), y.data());
    CHECK(near(y, expected, 20));
    kernel::avg_pool2d_backward(Cpu{}, s, count_padding, g.data(), dx.data());
    CHECK(near(dx, expected_dx, 20));
  }
}

TEST_CASE_TEMPLATE("a NaN is the maximum of its windows, and -infinity a value like others", T, float, double) {
  const T infinity = std::numeric_limits<T>::infinity();
  const std::vector<T> x = {1, std::numeric_limits<T>::quiet_NaN(), 3, -infinity, -infinity, -infinity};
  std::vector<T> y(2);
  std::vector<std::int64_t> position(2);
  kernel::max_pool2d(Cpu{}, {1, 1, 6, {{}, {3, 3}}}, x.data(), y.data(), position.data());
  CHECK(std::isnan(y[0]));
  CHECK(position == std::vector<std::int64_t>{1, 3});
  CHECK(y[1] == -infinity);
}

TEST_CASE_TEMPLATE("pooling has the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const kernel::Window three{3, 2, 1};
  const Pool2d s{101, 31, 33, {three, three}};
  const auto x = stream.values<T>(101 * 31 * 33);
  CHECK(reference::same_at_any_thread_count([&] {
    const std::size_t out = index(101 * s.out_height() * s.out_width());
    std::vector<T> y(out), dx(x.size());
    std::vector<std::int64_t> position(out);
    kernel::max_pool2d(Cpu{}, s, x.data(), y.data(), position.data());
    kernel::max_pool2d_backward(Cpu{}, s, position.data(), y.data(), dx.data());
    kernel::avg_pool2d(Cpu{}, s, true, dx.data(), y.data());
    kernel::avg_pool2d_backward(Cpu{}, s, true, y.data(), dx.data());
    return dx;
  }));
}
