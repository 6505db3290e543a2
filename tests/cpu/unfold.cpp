// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/unfold.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using reference::index;
using reference::Stream;

namespace {

kernel::Conv2d sizes(std::int64_t batch, std::int64_t channels, std::int64_t height, std::int64_t width,
                     const kernel::Window& vertical, const kernel::Window& horizontal) {
  return {.batch = batch, .channels = channels, .height = height, .width = width, .window = {vertical, horizontal}};
}

const kernel::Conv2d cases[] = {
    sizes(1, 1, 1, 1, {1, 1, 0, 1}, {1, 1, 0, 1}),   sizes(2, 3, 5, 7, {2, 2, 1, 1}, {3, 1, 2, 2}),
    sizes(0, 3, 4, 4, {3, 1, 0, 1}, {3, 1, 0, 1}),   sizes(3, 2, 4, 70, {3, 1, 1, 1}, {3, 2, 1, 1}),
    sizes(2, 1, 1, 90, {1, 1, 0, 1}, {7, 1, 0, 12}), sizes(40, 4, 12, 12, {3, 1, 1, 1}, {3, 1, 1, 1})};

/// f(element of x, element of y) for every element of a window that is inside x.
template <class F>
void each_pair(const kernel::Conv2d& s, const F& f) {
  const auto &v = s.window.vertical, &h = s.window.horizontal;
  std::int64_t to = 0;
  for (std::int64_t plane = 0; plane < s.batch * s.channels; ++plane)
    for (std::int64_t a = 0; a < v.size; ++a)
      for (std::int64_t b = 0; b < h.size; ++b)
        for (std::int64_t p = 0; p < s.out_height(); ++p)
          for (std::int64_t q = 0; q < s.out_width(); ++q, ++to) {
            const std::int64_t row = v.element(p, a), column = h.element(q, b);
            if (row >= 0 && row < s.height && column >= 0 && column < s.width)
              f(index((plane * s.height + row) * s.width + column), index(to));
          }
}

}  // namespace

TEST_CASE_TEMPLATE("unfold and fold are the plain loops", T, float, double) {
  Stream stream{1};
  for (const auto& s : cases) {
    const std::int64_t planes = s.batch * s.channels, in = planes * s.height * s.width,
                       out = planes * s.taps() * s.area();
    const auto x = stream.values<T>(in), y = stream.values<T>(out);
    std::vector<T> unfolded(index(out), T{7}), wanted(index(out));
    kernel::unfold(Cpu{}, s, x.data(), unfolded.data());
    each_pair(s, [&](std::size_t from, std::size_t to) { wanted[to] = x[from]; });
    CHECK(unfolded == wanted);
    std::vector<double> sums(index(in));
    each_pair(s, [&](std::size_t from, std::size_t to) { sums[from] += static_cast<double>(y[to]); });
    const auto fold = [&] {
      std::vector<T> folded(index(in), T{7});
      kernel::fold(Cpu{}, s, y.data(), folded.data());
      return folded;
    };
    CHECK(reference::near(fold(), sums, 10));
    CHECK((in == 0 || reference::same_at_any_thread_count(fold)));
  }
}
