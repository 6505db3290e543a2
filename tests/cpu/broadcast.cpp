// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/broadcast.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using kernel::Strided;
using reference::index;
using reference::Stream;

namespace {

// An operand of random shape that broadcasts to `sizes`, in a buffer of exactly the size that may be read.
template <class T>
struct Operand {
  std::vector<std::int64_t> strides;
  std::vector<T> data;

  Operand(Stream& stream, const std::vector<std::int64_t>& sizes, std::int64_t repeats) : strides(sizes.size()) {
    std::int64_t count = 1;
    for (std::size_t axis = sizes.size(); axis-- > 0;) {
      const bool repeated = stream.below(4) < repeats;
      strides[axis] = repeated ? 0 : count;
      if (!repeated) count *= sizes[axis];
    }
    data = stream.values<T>(count);
  }
  T at(const std::vector<std::int64_t>& sizes, std::int64_t i) const {
    std::int64_t offset = 0;
    for (std::size_t axis = sizes.size(); axis-- > 0; i /= sizes[axis]) offset += i % sizes[axis] * strides[axis];
    return data[index(offset)];
  }
  Strided<T> strided() const { return {data.data(), strides.data()}; }
};

std::int64_t count_of(const std::vector<std::int64_t>& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return count;
}

}  // namespace

TEST_CASE_TEMPLATE("broadcasting agrees with index arithmetic on random shapes", T, float, double, std::int64_t) {
  Stream stream{1};
  const std::int64_t some[] = {1, 2, 3, 5, 7, 10, 16, 31, 33, 64, 101};
  for (int trial = 0; trial < 600; ++trial) {
    std::vector<std::int64_t> sizes(index(stream.below(6)));
    for (auto& size : sizes) {
      size = some[stream.below(11)];
      if (stream.below(40) == 0) size = 0;
    }
    while (count_of(sizes) > 60000) sizes.pop_back();
    const std::int64_t count = count_of(sizes), repeats = stream.below(4);
    const Operand<T> a(stream, sizes, repeats), b(stream, sizes, repeats), c(stream, sizes, 2);
    std::vector<T> out(index(count + 1), T{77}), expected = out;
    const int rank = static_cast<int>(sizes.size());
    kernel::broadcast_map(
        Cpu{}, rank, sizes.data(), [](auto x, auto y) { return x - y; }, out.data(), a.strided(), b.strided());
    for (std::int64_t i = 0; i < count; ++i) expected[index(i)] = a.at(sizes, i) - b.at(sizes, i);
    bool right = out == expected;
    kernel::broadcast_map(
        Cpu{}, rank, sizes.data(), [](auto x, auto y, auto z) { return x < y ? z : x; }, out.data(), a.strided(),
        b.strided(), c.strided());
    for (std::int64_t i = 0; i < count; ++i) {
      const T x = a.at(sizes, i);
      expected[index(i)] = x < b.at(sizes, i) ? c.at(sizes, i) : x;
    }
    right = right && out == expected;
    if (!right) {
      CAPTURE(rank);
      for (const auto size : sizes) MESSAGE(size);
      FAIL_CHECK("wrong result");
    }
  }
}

TEST_CASE_TEMPLATE("operands may run backwards or with gaps", T, float, double) {
  for (const std::int64_t n : {3, 31, 40, 1000}) {
    std::vector<T> a(index(3 * n)), b(index(n)), out(index(2 * n));
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<T>(i);
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<T>(100 * i);
    const std::int64_t sizes[] = {2, n}, a_strides[] = {1, 3}, b_strides[] = {0, -1};
    kernel::broadcast_map(
        Cpu{}, 2, sizes, [](auto x, auto y) { return x + y; }, out.data(), Strided<T>{a.data(), a_strides},
        Strided<T>{b.data() + n - 1, b_strides});
    bool right = true;
    for (std::int64_t i = 0; i < 2; ++i)
      for (std::int64_t j = 0; j < n; ++j)
        right = right && out[index(i * n + j)] == static_cast<T>(i + 3 * j + 100 * (n - 1 - j));
    CHECK(right);
  }
}

TEST_CASE_TEMPLATE("large broadcasts, in place too, have the same bits at any thread count", T, float, double) {
  Stream stream{2};
  const std::vector<std::vector<std::int64_t>> shapes = {
      {1000003}, {70000, 3}, {3, 70001}, {300, 20, 30}, {500, 1, 700}};
  for (const auto& sizes : shapes)
    for (std::int64_t repeats = 0; repeats < 4; ++repeats) {
      const Operand<T> a(stream, sizes, 0), b(stream, sizes, repeats);
      const auto run = [&] {
        std::vector<T> out = a.data;
        kernel::broadcast_map(
            Cpu{}, static_cast<int>(sizes.size()), sizes.data(), [](auto x, auto y) { return x * y; }, out.data(),
            Strided<T>{out.data(), a.strides.data()}, b.strided());
        return out;
      };
      CHECK(reference::same_at_any_thread_count(run));
      const auto out = run();
      bool right = true;
      for (std::size_t i = 0; i < out.size(); ++i)
        right = right && out[i] == a.data[i] * b.at(sizes, static_cast<std::int64_t>(i));
      CHECK(right);
    }
}
