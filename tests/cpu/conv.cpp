// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/conv.hpp"

#include <doctest/doctest.h>

#include "cpu/reference.hpp"

using namespace regimen;
using kernel::Conv2d;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

// Calls f(index of y, of x, of w) for every product of the convolution.
template <class F>
void for_each_product(const Conv2d& s, F f) {
  const kernel::Window &v = s.window.vertical, &h = s.window.horizontal;
  for (std::int64_t i = 0; i < s.batch; ++i)
    for (std::int64_t k = 0; k < s.filters; ++k)
      for (std::int64_t p = 0; p < s.out_height(); ++p)
        for (std::int64_t q = 0; q < s.out_width(); ++q)
          for (std::int64_t c = 0; c < s.channels / s.groups; ++c)
            for (std::int64_t a = 0; a < v.size; ++a)
              for (std::int64_t b = 0; b < h.size; ++b) {
                const std::int64_t row = p * v.stride - v.padding + a * v.dilation;
                const std::int64_t column = q * h.stride - h.padding + b * h.dilation;
                if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
                const std::int64_t channel = k / (s.filters / s.groups) * (s.channels / s.groups) + c;
                f(index(((i * s.filters + k) * s.out_height() + p) * s.out_width() + q),
                  index(((i * s.channels + channel) * s.height + row) * s.width + column),
                  index(((k * (s.channels / s.groups) + c) * v.size + a) * h.size + b));
              }
}

template <class T>
void check(const Conv2d& s, Stream& stream) {
  const std::int64_t out = s.batch * s.filters * s.area();
  const auto x = stream.values<T>(s.batch * s.channels * s.height * s.width),
             w = stream.values<T>(s.filters * s.depth());
  const auto bias = stream.values<T>(s.filters), g = stream.values<T>(out);
  std::vector<double> y(index(out)), biased(index(out)), dx(x.size()), dw(w.size()), dbias(bias.size());
  for_each_product(s, [&](std::size_t at_y, std::size_t at_x, std::size_t at_w) {
    y[at_y] += static_cast<double>(x[at_x]) * static_cast<double>(w[at_w]);
    dx[at_x] += static_cast<double>(g[at_y]) * static_cast<double>(w[at_w]);
    dw[at_w] += static_cast<double>(g[at_y]) * static_cast<double>(x[at_x]);
  });
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t k = i / index(s.area()) % index(s.filters);
    biased[i] = y[i] + static_cast<double>(bias[k]);
    dbias[k] += static_cast<double>(g[i]);
  }
  INFO(s.batch, " ", s.channels, " ", s.filters, " ", s.groups, " ", s.height, " ", s.width);
  const double terms = 20 + std::sqrt(static_cast<double>(s.depth() + s.filters * s.taps())) * 4;
  std::vector<T> result(index(out), T{7}), result_x(x.size(), T{7}), result_w(w.size(), T{7}), result_b(bias.size());
  kernel::conv2d(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), result.data());
  CHECK(near(result, y, terms));
  kernel::conv2d(Cpu{}, s, x.data(), w.data(), bias.data(), result.data());
  CHECK(near(result, biased, terms));
  kernel::conv2d_backward_input(Cpu{}, s, w.data(), g.data(), result_x.data());
  CHECK(near(result_x, dx, terms));
  const double long_sum = 20 + 4 * std::sqrt(static_cast<double>(s.batch * s.area()));
  kernel::conv2d_backward_weight(Cpu{}, s, x.data(), g.data(), result_w.data());
  CHECK(near(result_w, dw, long_sum));
  kernel::conv2d_backward_bias(Cpu{}, s, g.data(), result_b.data());
  CHECK(near(result_b, dbias, long_sum));
}

}  // namespace

TEST_CASE_TEMPLATE("convolution and its gradients agree with loops over all products", T, float, double) {
  Stream stream{1};
  for (int trial = 0; trial < 150; ++trial) {
    Conv2d s{.batch = stream.below(4), .height = 1 + stream.below(12), .width = 1 + stream.below(12)};
    s.groups = 1 + stream.below(3);
    s.channels = s.groups * (1 + stream.below(5));
    s.filters = s.groups * (1 + stream.below(5));
    for (kernel::Window* window : {&s.window.vertical, &s.window.horizontal})
      *window = {1 + stream.below(4), 1 + stream.below(3), stream.below(4), 1 + stream.below(2)};
    if (trial % 5 == 0) s.window = {};
    check<T>(s, stream);
  }
}

TEST_CASE_TEMPLATE("convolutions of some size: many slabs, many channels, a depthwise one", T, float, double) {
  Stream stream{2};
  const kernel::Window three{.size = 3, .padding = 1}, five{.size = 5, .stride = 2, .padding = 2};
  check<T>({.batch = 2, .channels = 40, .height = 40, .width = 37, .filters = 9, .window = {three, three}}, stream);
  check<T>({.batch = 17, .channels = 1, .height = 28, .width = 28, .filters = 6, .window = {five, five}}, stream);
  check<T>(
      {.batch = 2, .channels = 16, .height = 20, .width = 20, .filters = 16, .groups = 16, .window = {three, three}},
      stream);
  check<T>({.batch = 2, .channels = 130, .height = 9, .width = 9, .filters = 33, .window = {three, three}}, stream);
  check<T>({.batch = 3, .channels = 65, .height = 15, .width = 15, .filters = 33}, stream);
}

TEST_CASE_TEMPLATE("convolution and its gradients have the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const kernel::Window three{.size = 3, .padding = 1};
  const Conv2d shapes[] = {
      {.batch = 5, .channels = 3, .height = 20, .width = 20, .filters = 8, .window = {three, three}},
      {.batch = 1, .channels = 70, .height = 30, .width = 31, .filters = 33, .window = {three, three}},
      {.batch = 3, .channels = 200, .height = 7, .width = 7, .filters = 50, .window = {three, three}}};
  for (const Conv2d& s : shapes) {
    const auto x = stream.values<T>(s.batch * s.channels * s.height * s.width);
    const auto w = stream.values<T>(s.filters * s.depth()), g = stream.values<T>(s.batch * s.filters * s.area());
    CHECK(reference::same_at_any_thread_count([&] {
      std::vector<T> y(g.size() + x.size() + w.size());
      kernel::conv2d(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), y.data());
      kernel::conv2d_backward_input(Cpu{}, s, w.data(), g.data(), y.data() + g.size());
      kernel::conv2d_backward_weight(Cpu{}, s, x.data(), g.data(), y.data() + g.size() + x.size());
      return y;
    }));
  }
}
