// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/depthwise.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "cpu/reference.hpp"

using namespace regimen;
using kernel::Depthwise2d;
using reference::index;
using reference::near;
using reference::Stream;

namespace {

// Calls f(index of y, of x, of w) for every product.
template <class F>
void for_each_product(const Depthwise2d& s, F f) {
  const kernel::Window &v = s.window.vertical, &h = s.window.horizontal;
  for (std::int64_t plane = 0; plane < s.batch * s.channels; ++plane)
    for (std::int64_t m = 0; m < s.multiplier; ++m)
      for (std::int64_t p = 0; p < s.out_height(); ++p)
        for (std::int64_t q = 0; q < s.out_width(); ++q)
          for (std::int64_t a = 0; a < v.size; ++a)
            for (std::int64_t b = 0; b < h.size; ++b) {
              const std::int64_t row = p * v.stride - v.padding + a * v.dilation;
              const std::int64_t column = q * h.stride - h.padding + b * h.dilation;
              if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
              f(index(((plane * s.multiplier + m) * s.out_height() + p) * s.out_width() + q),
                index((plane * s.height + row) * s.width + column),
                index(((plane % s.channels * s.multiplier + m) * v.size + a) * h.size + b));
            }
}

template <class T>
void check(const Depthwise2d& s, Stream& stream) {
  const std::int64_t filters = s.channels * s.multiplier, out = s.batch * filters * s.area();
  const auto x = stream.values<T>(s.batch * s.channels * s.height * s.width), w = stream.values<T>(filters * s.taps());
  const auto bias = stream.values<T>(filters), g = stream.values<T>(out);
  std::vector<double> y(index(out)), biased(index(out)), dx(x.size()), dw(w.size());
  for_each_product(s, [&](std::size_t at_y, std::size_t at_x, std::size_t at_w) {
    y[at_y] += static_cast<double>(x[at_x]) * static_cast<double>(w[at_w]);
    dx[at_x] += static_cast<double>(g[at_y]) * static_cast<double>(w[at_w]);
    dw[at_w] += static_cast<double>(g[at_y]) * static_cast<double>(x[at_x]);
  });
  for (std::size_t i = 0; i < y.size(); ++i)
    biased[i] = y[i] + static_cast<double>(bias[i / index(s.area()) % index(filters)]);
  INFO(s.batch, " ", s.channels, " ", s.multiplier, " ", s.height, " ", s.width);
  const double terms = 20 + 4 * std::sqrt(static_cast<double>(s.taps() * s.multiplier));
  std::vector<T> result(index(out), T{7}), result_x(x.size(), T{7}), result_w(w.size(), T{7});
  kernel::depthwise_conv2d(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), result.data());
  CHECK(near(result, y, terms));
  kernel::depthwise_conv2d(Cpu{}, s, x.data(), w.data(), bias.data(), result.data());
  CHECK(near(result, biased, terms));
  kernel::depthwise_conv2d_backward_input(Cpu{}, s, w.data(), g.data(), result_x.data());
  CHECK(near(result_x, dx, terms));
  kernel::depthwise_conv2d_backward_weight(Cpu{}, s, x.data(), g.data(), result_w.data());
  CHECK(near(result_w, dw, 20 + 4 * std::sqrt(static_cast<double>(s.batch * s.area()))));
}

}  // namespace

TEST_CASE_TEMPLATE("depthwise convolution and its gradients agree with loops over all products", T, float, double) {
  Stream stream{1};
  for (int trial = 0; trial < 300; ++trial) {
    Depthwise2d s{.batch = stream.below(4),
                  .channels = 1 + stream.below(4),
                  .height = 1 + stream.below(9),
                  .width = 1 + stream.below(40),
                  .multiplier = 1 + stream.below(3)};
    for (kernel::Window* window : {&s.window.vertical, &s.window.horizontal})
      *window = {1 + stream.below(7), 1 + stream.below(4), stream.below(5), 1 + stream.below(3)};
    if (trial % 3 == 0) {
      s.multiplier = 1;
      s.window.vertical.stride = s.window.horizontal.stride = 1;
    }
    check<T>(s, stream);
  }
}

TEST_CASE_TEMPLATE("depthwise convolution keeps what is not finite to the outputs that see it", T, float, double) {
  const T inf = std::numeric_limits<T>::infinity();
  const kernel::Window pair{.size = 2, .stride = 3};
  const Depthwise2d s{.height = 1, .width = 9, .window = {{}, pair}};  // columns 0 1, 3 4 and 6 7
  std::vector<T> x = {1, 2, inf, 3, 4, inf, 5, 6, inf}, w = {1, 10}, g = {1, 1, 1}, y(3), dw(2), dx(9);
  kernel::depthwise_conv2d(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), y.data());
  CHECK(y == std::vector<T>{21, 43, 65});
  kernel::depthwise_conv2d_backward_weight(Cpu{}, s, x.data(), g.data(), dw.data());
  CHECK(dw == std::vector<T>{9, 12});
  w[1] = inf;
  kernel::depthwise_conv2d_backward_input(Cpu{}, s, w.data(), g.data(), dx.data());
  CHECK(dx == std::vector<T>{1, inf, 0, 1, inf, 0, 1, inf, 0});
}

TEST_CASE_TEMPLATE("depthwise convolution has the same bits at any thread count", T, float, double) {
  Stream stream{3};
  const kernel::Window three{.size = 3, .padding = 1}, five{.size = 5, .stride = 2, .padding = 2};
  for (const kernel::Window2d window : {kernel::Window2d{three, three}, kernel::Window2d{five, five}}) {
    const Depthwise2d s{.batch = 3, .channels = 20, .height = 33, .width = 35, .multiplier = 2, .window = window};
    const std::int64_t filters = s.channels * s.multiplier;
    const auto x = stream.values<T>(s.batch * s.channels * s.height * s.width);
    const auto w = stream.values<T>(filters * s.taps()), g = stream.values<T>(s.batch * filters * s.area());
    CHECK(reference::same_at_any_thread_count([&] {
      std::vector<T> y(g.size() + x.size() + w.size());
      kernel::depthwise_conv2d(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), y.data());
      kernel::depthwise_conv2d_backward_input(Cpu{}, s, w.data(), g.data(), y.data() + g.size());
      kernel::depthwise_conv2d_backward_weight(Cpu{}, s, x.data(), g.data(), y.data() + g.size() + x.size());
      return y;
    }));
  }
}
