// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/window.hpp"

#include <doctest/doctest.h>

using regimen::kernel::Window;

TEST_CASE("the positions of a window are those where it fits, and its insides are those found by counting") {
  for (std::int64_t n = 0; n < 9; ++n)
    for (std::int64_t size = 1; size < 5; ++size)
      for (std::int64_t stride = 1; stride < 4; ++stride)
        for (std::int64_t padding = 0; padding < 4; ++padding)
          for (std::int64_t dilation = 1; dilation < 4; ++dilation) {
            const Window window{size, stride, padding, dilation};
            std::int64_t count = 0;
            while (window.element(count, size - 1) < n + padding) ++count;
            REQUIRE(window.positions(n) == count);
            for (std::int64_t o = 0; o < count; ++o) {
              const Window::Range taps = window.taps(n, o);
              REQUIRE(taps.begin <= taps.end);
              for (std::int64_t k = 0; k < size; ++k) {
                const bool is_inside = window.element(o, k) >= 0 && window.element(o, k) < n;
                REQUIRE(is_inside == (k >= taps.begin && k < taps.end));
              }
            }
            for (std::int64_t k = 0; k < size; ++k) {
              const Window::Range inside = window.inside(n, k, count);
              REQUIRE(inside.begin <= inside.end);
              REQUIRE(inside.end <= count);
              for (std::int64_t o = 0; o < count; ++o) {
                const bool is_inside = window.element(o, k) >= 0 && window.element(o, k) < n;
                REQUIRE(is_inside == (o >= inside.begin && o < inside.end));
              }
            }
          }
}
