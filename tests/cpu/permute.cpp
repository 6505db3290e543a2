// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/permute.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;
using Sizes = std::vector<std::int64_t>;

namespace {

std::int64_t count_of(const Sizes& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return count;
}

Sizes contiguous(const Sizes& sizes) {
  Sizes strides(sizes.size());
  std::int64_t product = 1;
  for (std::size_t axis = sizes.size(); axis-- > 0; product *= sizes[axis]) strides[axis] = product;
  return strides;
}

std::int64_t offset(const Sizes& sizes, const Sizes& strides, std::int64_t i) {
  std::int64_t result = 0;
  for (std::size_t axis = sizes.size(); axis-- > 0; i /= sizes[axis]) result += i % sizes[axis] * strides[axis];
  return result;
}

Sizes any_sizes(Stream& stream, std::int64_t largest_rank, std::int64_t limit) {
  const std::int64_t some[] = {1, 2, 3, 4, 5, 7, 8, 16, 17, 31, 33, 64, 101};
  Sizes sizes(index(stream.below(largest_rank + 1)));
  for (auto& size : sizes) size = stream.below(40) == 0 ? 0 : some[stream.below(13)];
  while (count_of(sizes) > limit) sizes.pop_back();
  return sizes;
}

}  // namespace

TEST_CASE_TEMPLATE("a permutation moves each element to its place", T, float, double, std::int64_t, unsigned char) {
  Stream stream{1};
  for (int trial = 0; trial < 600; ++trial) {
    const Sizes sizes = any_sizes(stream, 5, 60000);
    const auto rank = sizes.size();
    std::vector<int> axes(rank);
    for (std::size_t k = 0; k < rank; ++k) axes[k] = static_cast<int>(k);
    for (std::size_t k = rank; k > 1; --k) std::swap(axes[k - 1], axes[index(stream.below(static_cast<int>(k)))]);
    std::vector<T> in(index(count_of(sizes))), out(in.size() + 1, T{7});
    for (T& x : in) x = static_cast<T>(stream.below(100));
    kernel::permute(Cpu{}, static_cast<int>(rank), sizes.data(), axes.data(), in.data(), out.data());
    Sizes moved(rank), from(rank);
    const Sizes strides = contiguous(sizes);
    for (std::size_t k = 0; k < rank; ++k) moved[k] = sizes[index(axes[k])], from[k] = strides[index(axes[k])];
    bool right = out.back() == T{7};
    for (std::size_t i = 0; i < in.size(); ++i)
      right = right && out[i] == in[index(offset(moved, from, static_cast<std::int64_t>(i)))];
    if (!right) {
      for (std::size_t k = 0; k < rank; ++k) MESSAGE(sizes[k], " ", axes[k]);
      FAIL_CHECK("wrong result");
    }
  }
}

TEST_CASE_TEMPLATE("slices with steps are read, written and added to", T, float, double, std::int64_t) {
  Stream stream{2};
  for (int trial = 0; trial < 400; ++trial) {
    const Sizes slice = any_sizes(stream, 4, 20000);
    const auto rank = slice.size();
    // The whole array: per axis the slice's size times a step, some more in front, perhaps backwards.
    Sizes whole(rank), first(rank), steps(rank), strides(rank);
    for (std::size_t k = 0; k < rank; ++k) {
      const std::int64_t step = 1 + (k + 1 == rank || trial % 2 == 0 ? stream.below(3) : 0), front = stream.below(2);
      whole[k] = front + std::max<std::int64_t>(1, slice[k] * step);
      const bool backwards = stream.below(3) == 0 && slice[k] > 0;
      first[k] = front + (backwards ? (slice[k] - 1) * step : 0);
      steps[k] = backwards ? -step : step;
    }
    if (count_of(whole) > 2000000) continue;
    const Sizes plain = contiguous(whole), packed = contiguous(slice);
    std::int64_t start = 0;
    for (std::size_t k = 0; k < rank; ++k) strides[k] = plain[k] * steps[k], start += first[k] * plain[k];
    const auto in = stream.values<T>(count_of(whole), 50), part = stream.values<T>(count_of(slice), 50);
    std::vector<T> out(part.size() + 1, T{7}), written = in, added = in;
    const int axes = static_cast<int>(rank);
    kernel::strided_copy(Cpu{}, axes, slice.data(), in.data() + start, strides.data(), out.data(), packed.data());
    bool right = out.back() == T{7};
    for (std::size_t i = 0; i < part.size(); ++i)
      right = right && out[i] == in[index(start + offset(slice, strides, static_cast<std::int64_t>(i)))];
    CHECK(right);
    kernel::strided_copy(Cpu{}, axes, slice.data(), part.data(), packed.data(), written.data() + start, strides.data());
    kernel::strided_add(Cpu{}, axes, slice.data(), part.data(), packed.data(), added.data() + start, strides.data());
    auto expected_write = in, expected_sum = in;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const std::size_t at = index(start + offset(slice, strides, static_cast<std::int64_t>(i)));
      expected_write[at] = part[i];
      expected_sum[at] += part[i];
    }
    CHECK(written == expected_write);
    CHECK(added == expected_sum);
  }
}

TEST_CASE_TEMPLATE("large transpositions and copies are the same at any thread count", T, float, double) {
  Stream stream{3};
  const Sizes shapes[] = {{1024, 1024, 1}, {3, 700, 301}, {100003, 3, 1}, {3, 100003, 1}, {64, 128, 65}};
  const int orders[][3] = {{1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {2, 0, 1}, {0, 1, 2}};
  for (const Sizes& sizes : shapes) {
    const auto in = stream.values<T>(count_of(sizes));
    for (const auto& order : orders) {
      const auto run = [&] {
        std::vector<T> out(in.size());
        kernel::permute(Cpu{}, 3, sizes.data(), order, in.data(), out.data());
        return out;
      };
      CHECK(reference::same_at_any_thread_count(run));
      int back[3];
      for (int k = 0; k < 3; ++k) back[order[k]] = k;
      const Sizes moved = {sizes[index(order[0])], sizes[index(order[1])], sizes[index(order[2])]};
      std::vector<T> again(in.size());
      kernel::permute(Cpu{}, 3, moved.data(), back, run().data(), again.data());
      CHECK(again == in);
    }
  }
}
