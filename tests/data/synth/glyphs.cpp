// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/glyphs.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "data/synth/checks.hpp"

using namespace test;

TEST_CASE("glyphs are the thresholds of their maps") {
  const auto glyphs = random_glyphs(Rng(1), {.classes = 3, .size = 9, .grid = 3, .threshold = 0.4});
  CHECK(glyphs.shape() == Shape{3, 9, 9});
  for (std::uint64_t k = 0; k < 3; ++k) {
    const auto map = Rng(1).split(k).uniform<double>({3, 3});
    const auto glyph = glyphs[static_cast<std::int64_t>(k)];
    for (int i = 0; i < 9; ++i)
      for (int j = 0; j < 9; ++j) {
        // Between the four numbers around it, by distance: i = 0, 4, 8 are rows 0, 1, 2 of the map.
        double value = 0;
        for (int a = 0; a < 3; ++a)
          for (int b = 0; b < 3; ++b)
            value += std::max(0.0, 1 - std::abs(i / 4.0 - a)) * std::max(0.0, 1 - std::abs(j / 4.0 - b)) * map(a, b);
        CHECK(glyph(i, j) == (value > 0.4 ? 1 : 0));
      }
  }
  CHECK(same_bits(random_glyphs(Rng(1), {.classes = 1, .size = 9, .grid = 3, .threshold = 0.4}),
                  glyphs.rows(0, 1).clone()));
  CHECK(random_glyphs(Rng(2), {.size = 1, .grid = 1}).size() == 10);
}

TEST_CASE_TEMPLATE("samples are shifted, dimmed glyphs, of the classes in turn", T, float, double) {
  const auto glyphs = random_glyphs(Rng(3), {.classes = 4});
  const auto data = sample_glyphs<T>(glyphs, Rng(4), 402, {.min_gain = 0.5, .max_gain = 0.75, .noise = 0});
  CHECK(data.inputs.shape() == Shape{402, 1, 10, 10});
  auto moves = Tensor<std::int64_t>::empty({402});
  double low = 1, high = 0;
  for (std::int64_t i = 0; i < 402; ++i) {
    CHECK(data.labels(i) == i % 4);
    T gain = 0;
    for (std::int64_t k = 0; k < 100; ++k) gain = std::max(gain, data.inputs.data()[100 * i + k]);
    low = std::min(low, static_cast<double>(gain)), high = std::max(high, static_cast<double>(gain));
    std::int64_t found = -1;
    for (int down = -1; down <= 1; ++down)
      for (int across = -1; across <= 1; ++across) {
        bool same = true;
        for (int y = 0; y < 10; ++y)
          for (int x = 0; x < 10; ++x) {
            const int r = y - down, c = x - across;
            const bool ink = r >= 0 && r < 10 && c >= 0 && c < 10 && glyphs(i % 4, r, c) == 1;
            same = same && data.inputs(i, 0, y, x) == (ink ? gain : 0);
          }
        if (same) found = 3 * (down + 1) + across + 1;
      }
    moves.mutable_data()[i] = found;
  }
  CHECK(chi_square(moves, std::vector<double>(9, 1.0 / 9)) < chi_square_limit(8));
  CHECK((low >= 0.5 && low < 0.51 && high > 0.74 && high <= 0.75));
}

TEST_CASE("noise has its standard deviation, and sample i depends on the Rng and i alone") {
  const auto blank = Tensor<double>::zeros({1, 20, 20});
  double square = 0;
  for (const double v : sample_glyphs<double>(blank, Rng(5), 50, {.noise = 0.3}).inputs.span()) square += v * v / 20000;
  CHECK(square == doctest::Approx(0.09).epsilon(0.05));
  const auto glyphs = random_glyphs(Rng(6));
  const auto data = sample_glyphs(glyphs, Rng(7), 300), few = sample_glyphs(glyphs, Rng(7), 11);
  CHECK(same_bits(data.inputs.rows(0, 11).clone(), few.inputs));
  CHECK_FALSE(same_bits(sample_glyphs(glyphs, Rng(8), 11).inputs, few.inputs));
  CHECK(sample_glyphs(glyphs, Rng(7), 0).inputs.shape() == Shape{0, 1, 10, 10});
}

TEST_CASE("wrong glyphs and options are Errors") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fails_with([] { random_glyphs(Rng(), {.classes = 0}); }, "random_glyphs", "classes is 0"));
  CHECK(fails_with([] { random_glyphs(Rng(), {.size = 0}); }, "size is 0"));
  CHECK(fails_with([] { random_glyphs(Rng(), {.grid = 0}); }, "grid is 0"));
  CHECK(fails_with([&] { random_glyphs(Rng(), {.threshold = nan}); }, "threshold is nan"));
  const auto glyphs = random_glyphs(Rng());
  CHECK(fails_with([] { sample_glyphs(Tensor<double>::zeros({4, 4}), Rng(), 1); }, "sample_glyphs", "[4, 4]"));
  CHECK(fails_with([] { sample_glyphs(Tensor<double>::zeros({0, 4, 4}), Rng(), 1); }, "[0, 4, 4]"));
  CHECK(fails_with([&] { sample_glyphs(glyphs, Rng(), -1); }, "count is -1"));
  CHECK(fails_with([&] { sample_glyphs(glyphs, Rng(), 1, {.shift = -1}); }, "shift is -1"));
  CHECK(fails_with([&] { sample_glyphs(glyphs, Rng(), 1, {.min_gain = -1}); }, "min_gain is -1"));
  CHECK(fails_with([&] { sample_glyphs(glyphs, Rng(), 1, {.min_gain = 2}); }, "max_gain - min_gain is -1"));
  CHECK(fails_with([&] { sample_glyphs(glyphs, Rng(), 1, {.noise = nan}); }, "noise is nan"));
}
