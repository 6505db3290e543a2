// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/reduce.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

const std::int64_t shapes[][3] = {{1, 1, 1},      {1, 31, 1},     {33, 33, 1},    {5, 1025, 1}, {1, 300007, 1},
                                  {2, 200000, 1}, {1, 5, 2},      {1, 1000, 3},   {3, 129, 7},  {2, 77, 16},
                                  {2, 77, 17},    {4, 31, 31},    {1, 3, 1031},   {2, 9, 600},  {1, 700, 33},
                                  {1, 20011, 10}, {1, 3001, 130}, {7, 0, 3},      {0, 5, 3},    {3, 5, 0},
                                  {100, 10, 1},   {50, 4, 5},     {1000, 100, 1}, {70, 20, 50}};

// f(out, o, j, i, x) for every element in order of i.
template <class T, class Out, class F>
std::vector<Out> loop(const std::int64_t (&s)[3], const std::vector<T>& in, Out start, F f) {
  std::vector<Out> out(index(s[0] * s[2]), start);
  for (std::int64_t o = 0; o < s[0]; ++o)
    for (std::int64_t i = 0; i < s[1]; ++i)
      for (std::int64_t j = 0; j < s[2]; ++j)
        f(out[index(o * s[2] + j)], i, in[index((o * s[1] + i) * s[2] + j)], o, j);
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("sums agree with a double-precision loop, and no sum is zero", T, float, double) {
  Stream stream{1};
  for (const auto& s : shapes) {
    CAPTURE(s[0]);
    CAPTURE(s[1]);
    CAPTURE(s[2]);
    const auto a = stream.values<T>(s[0] * s[1] * s[2]), b = stream.values<T>(s[0] * s[1] * s[2]);
    std::vector<T> out(index(s[0] * s[2]), T{7});
    const double terms = 20 + 8 * std::sqrt(static_cast<double>(s[1]));
    kernel::sum(Cpu{}, s[0], s[1], s[2], a.data(), out.data());
    CHECK(near(out, loop(s, a, 0.0, [](double& y, auto, T x, auto, auto) { y += static_cast<double>(x); }), terms));
    kernel::sum_squares(Cpu{}, s[0], s[1], s[2], a.data(), out.data());
    const auto square = [](double& y, auto, T x, auto, auto) { y += static_cast<double>(x) * static_cast<double>(x); };
    CHECK(near(out, loop(s, a, 0.0, square), terms));
    kernel::dot(Cpu{}, s[0], s[1], s[2], a.data(), b.data(), out.data());
    const auto product = [&](double& y, std::int64_t i, T x, std::int64_t o, std::int64_t j) {
      y += static_cast<double>(x) * static_cast<double>(b[index((o * s[1] + i) * s[2] + j)]);
    };
    CHECK(near(out, loop(s, a, 0.0, product), terms));
  }
}

TEST_CASE_TEMPLATE("max, min and their first positions are exact", T, float, double, std::int64_t) {
  Stream stream{2};
  for (const auto& s : shapes) {
    if (s[1] == 0) continue;
    CAPTURE(s[0]);
    CAPTURE(s[1]);
    CAPTURE(s[2]);
    auto a = stream.values<T>(s[0] * s[1] * s[2], 20);
    for (T& x : a) x = static_cast<T>(static_cast<int>(x));  // many equal values
    std::vector<T> out(index(s[0] * s[2]));
    std::vector<std::int64_t> at(out.size());
    const auto largest =
        loop(s, a, kernel::reduction::lowest<T>, [](T& y, auto, T x, auto, auto) { y = std::max(x, y); });
    const auto smallest =
        loop(s, a, kernel::reduction::highest<T>, [](T& y, auto, T x, auto, auto) { y = std::min(x, y); });
    const auto first_of = [&](const std::vector<T>& best) {
      return loop(s, a, std::int64_t{-1}, [&](std::int64_t& y, std::int64_t i, T x, std::int64_t o, std::int64_t j) {
        if (y < 0 && x == best[index(o * s[2] + j)]) y = i;
      });
    };
    kernel::max(Cpu{}, s[0], s[1], s[2], a.data(), out.data());
    CHECK(out == largest);
    kernel::argmax(Cpu{}, s[0], s[1], s[2], a.data(), at.data());
    CHECK(at == first_of(largest));
    kernel::min(Cpu{}, s[0], s[1], s[2], a.data(), out.data());
    CHECK(out == smallest);
    kernel::argmin(Cpu{}, s[0], s[1], s[2], a.data(), at.data());
    CHECK(at == first_of(smallest));
  }
}

TEST_CASE_TEMPLATE("a NaN is the maximum, the minimum and their position; infinities are values", T, float, double) {
  const T nan = std::numeric_limits<T>::quiet_NaN(), infinity = std::numeric_limits<T>::infinity();
  for (const std::int64_t inner : {1, 3, 40})
    for (const std::int64_t count : {1, 2, 7, 40, 300})
      for (std::int64_t at = 0; at < count; at += 1 + at / 3) {
        std::vector<T> in(index(count * inner), T{1}), out(index(inner));
        std::vector<std::int64_t> position(index(inner));
        for (std::int64_t j = 0; j < inner; ++j) {
          in[index(at * inner + j)] = nan;
          in[index((count - 1) * inner + j)] = at == count - 1 ? nan : infinity;
        }
        kernel::max(Cpu{}, 1, count, inner, in.data(), out.data());
        CHECK(std::isnan(out[index(inner - 1)]));
        kernel::min(Cpu{}, 1, count, inner, in.data(), out.data());
        CHECK(std::isnan(out[0]));
        kernel::argmax(Cpu{}, 1, count, inner, in.data(), position.data());
        CHECK(position[index(inner - 1)] == at);
        kernel::argmin(Cpu{}, 1, count, inner, in.data(), position.data());
        CHECK(position[0] == at);
        std::fill(in.begin(), in.end(), -infinity);
        kernel::max(Cpu{}, 1, count, inner, in.data(), out.data());
        CHECK(out[0] == -infinity);
        kernel::argmax(Cpu{}, 1, count, inner, in.data(), position.data());
        CHECK(position[0] == 0);
      }
}

TEST_CASE("a long float sum keeps its digits") {
  const std::int64_t n = 10'000'019;
  const std::vector<float> in(index(n), 0.1f);
  float out = 0;
  kernel::sum(Cpu{}, 1, n, 1, in.data(), &out);
  CHECK(std::abs(static_cast<double>(out) / (static_cast<double>(0.1f) * static_cast<double>(n)) - 1) < 1e-6);
  std::vector<float> columns(2);
  kernel::sum(Cpu{}, 1, n / 2, 2, in.data(), columns.data());
  CHECK(std::abs(static_cast<double>(columns[1]) / (static_cast<double>(0.1f) * static_cast<double>(n / 2)) - 1) <
        1e-6);
}

TEST_CASE_TEMPLATE("reductions have the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const std::int64_t large[][3] = {{1, 1000003, 1}, {300, 1000, 1}, {1, 40000, 7}, {1, 4001, 700}, {40, 100, 100}};
  for (const auto& s : large) {
    const auto in = stream.values<T>(s[0] * s[1] * s[2]);
    CHECK(reference::same_at_any_thread_count([&] {
      std::vector<T> out(index(s[0] * s[2]));
      kernel::sum(Cpu{}, s[0], s[1], s[2], in.data(), out.data());
      return out;
    }));
    CHECK(reference::same_at_any_thread_count([&] {
      std::vector<std::int64_t> out(index(s[0] * s[2]));
      kernel::argmax(Cpu{}, s[0], s[1], s[2], in.data(), out.data());
      return out;
    }));
  }
}
