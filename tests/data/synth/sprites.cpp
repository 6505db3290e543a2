// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/sprites.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "data/synth/checks.hpp"

using namespace test;

namespace {

template <class T>
double total(const Tensor<T>& x) {
  double sum = 0;
  for (const T v : x.span()) sum += static_cast<double>(v);
  return sum;
}

}  // namespace

TEST_CASE("figures have their areas and their centres") {
  const double areas[] = {4, M_PI, 2, 20.0 / 9, 2, 0.75 * M_PI};
  for (int f = 0; f < figure_count; ++f) {
    INFO("figure " << f);
    const Sprite sprite{static_cast<Figure>(f), 21.25, 18.5, 15};
    const auto image = render_sprites<double>({{sprite}}, {.size = 40});
    CHECK(total(image) == doctest::Approx(areas[f] * 225).epsilon(0.02));
    double x = 0, y = 0;
    for (int i = 0; i < 40; ++i)
      for (int j = 0; j < 40; ++j) {
        x += image(0, 0, i, j) * (j + 0.5) / total(image);
        y += image(0, 0, i, j) * (i + 0.5) / total(image);
      }
    CHECK(x == doctest::Approx(21.25).epsilon(0.002));
    // A triangle points up, and its centre of mass is a third of its height above the base.
    CHECK(y == doctest::Approx(f == 2 ? 18.5 + 5 : 18.5).epsilon(0.002));
  }
}

TEST_CASE_TEMPLATE("small figures are their pixels", T, float, double) {
  const auto square = render_sprites<T>({{{Figure::square, 2, 1.5, 1}}, {}}, {.size = 4});
  CHECK(same_bits(square.rows(0, 1).reshaped({16}),
                  Tensor<T>::from({0, T(0.5), T(0.5), 0, 0, 1, 1, 0, 0, T(0.5), T(0.5), 0, 0, 0, 0, 0})));
  CHECK(total(square.rows(1, 2)) == 0);
  const auto cross = render_sprites<T>({{{Figure::cross, 2.5, 2.5, 1.5}}}, {.size = 5});
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) {
      const bool near = i >= 1 && i <= 3 && j >= 1 && j <= 3;
      CHECK(cross(0, 0, i, j) == (near && (i == 2 || j == 2) ? 1 : 0));
    }
  // Over another, in colour, and cut at the edge or around it.
  const Sprite red{Figure::square, 1, 1, 1, {1, 0, 0}}, blue{Figure::square, 0, 1, 1, {0, 0, T(0.5)}};
  const auto both = render_sprites<T>({{red, blue}}, {.size = 3, .channels = 3});
  CHECK((both(0, 0, 0, 0) == 0 && both(0, 2, 0, 0) == T(0.5) && both(0, 0, 0, 1) == 1 && both(0, 2, 0, 2) == 0));
  const auto around = render_sprites<T>({{red, blue}}, {.size = 3, .channels = 3, .wrap = true});
  CHECK((around(0, 2, 0, 2) == T(0.5) && around(0, 2, 2, 2) == 0));
}

TEST_CASE("random sprites have the factors they say") {
  const SpriteOptions options{.size = 20, .channels = 3, .figures = 6, .min_radius = 2, .max_radius = 5};
  const auto data = random_sprites<double>(Rng(1), 1200, options);
  CHECK(data.inputs.shape() == Shape{1200, 3, 20, 20});
  CHECK(chi_square(data.labels, std::vector<double>(6, 1.0 / 6)) < chi_square_limit(5));
  auto hues = Tensor<std::int64_t>::empty({1200});
  double radius = 0, brightness = 0;
  for (std::int64_t i = 0; i < 1200; ++i) {
    const double x = data.targets(i, 0), y = data.targets(i, 1), r = data.targets(i, 2), b = data.targets(i, 3);
    const auto hue = static_cast<std::int64_t>(data.targets(i, 4));
    hues.mutable_data()[i] = hue;
    CHECK((r >= 2 && r <= 5 && x >= r && x <= 20 - r && y >= r && y <= 20 - r && b >= 0.6 && b <= 1));
    radius += (r - 3.5) / 1200, brightness += (b - 0.8) / 1200;
    const bool lit[][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}};
    if (i >= 20) continue;
    Sprite sprite{static_cast<Figure>(data.labels(i)), x, y, r};
    for (std::size_t c = 0; c < 3; ++c) sprite.colour[c] = lit[hue][c] ? b : 0;
    CHECK(
        same_bits(render_sprites<double>({{sprite}}, {.size = 20, .channels = 3}), data.inputs.rows(i, i + 1).clone()));
  }
  CHECK(chi_square(hues, std::vector<double>(6, 1.0 / 6)) < chi_square_limit(5));
  CHECK(std::abs(radius) < 5 * 3 / std::sqrt(12 * 1200.0));
  CHECK(std::abs(brightness) < 5 * 0.4 / std::sqrt(12 * 1200.0));
  const auto few = random_sprites<double>(Rng(1), 7, options);
  CHECK(same_bits(few.inputs, data.inputs.rows(0, 7).clone()));
  CHECK(same_bits(few.targets, data.targets.rows(0, 7).clone()));
  CHECK(random_sprites(Rng(1), 0).inputs.shape() == Shape{0, 1, 16, 16});

  const auto clean = random_sprites<double>(Rng(2), 60), noisy = random_sprites<double>(Rng(2), 60, {.noise = 0.2});
  double square = 0;
  for (std::int64_t k = 0; k < clean.inputs.size(); ++k) {
    const double z = noisy.inputs.data()[k] - clean.inputs.data()[k];
    square += z * z / static_cast<double>(clean.inputs.size());
  }
  CHECK(square == doctest::Approx(0.04).epsilon(0.05));
}

TEST_CASE("moving sprites go their way and come back") {
  const auto data = moving_sprites<double>(Rng(3), 400, 11, 1, {.size = 10, .min_radius = 2, .max_radius = 3});
  CHECK(data.inputs.shape() == Shape{400, 11, 1, 10, 10});
  CHECK(chi_square(data.labels, std::vector<double>(4, 0.25)) < chi_square_limit(3));
  const int down[] = {0, 0, -1, 1}, across[] = {-1, 1, 0, 0};
  for (std::int64_t n = 0; n < 40; ++n) {
    const auto direction = data.labels(n);
    const auto figure = static_cast<Figure>(static_cast<int>(data.targets(n, 0)));
    const Sprite sprite{figure, data.targets(n, 1), data.targets(n, 2), data.targets(n, 3), {data.targets(n, 4)}};
    const auto first = render_sprites<double>({{sprite}}, {.size = 10});
    for (int t = 0; t < 11; ++t)
      for (int i = 0; i < 10; ++i)
        for (int j = 0; j < 10; ++j) {
          const int row = ((i - t * down[direction]) % 10 + 10) % 10;
          const int column = ((j - t * across[direction]) % 10 + 10) % 10;
          CHECK(data.inputs(n, t, 0, i, j) == doctest::Approx(first(0, 0, row, column)));
        }
  }
  const auto few = moving_sprites<double>(Rng(3), 3, 11, 1, {.size = 10, .min_radius = 2, .max_radius = 3});
  CHECK(same_bits(few.inputs, data.inputs.rows(0, 3).clone()));
  CHECK(moving_sprites(Rng(3), 2, 0).inputs.shape() == Shape{2, 0, 1, 16, 16});
}

TEST_CASE("wrong sprites and options are Errors") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fails_with([] { render_sprites({}, {.size = 0}); }, "render_sprites", "size is 0"));
  CHECK(fails_with([] { render_sprites({}, {.channels = 2}); }, "channels is 2", "1 or 3"));
  CHECK(fails_with([] { render_sprites({{{.radius = 0}}}); }, "radius is 0"));
  CHECK(fails_with([&] { render_sprites({{{.x = nan}}}); }, "x is nan"));
  CHECK(fails_with([] { render_sprites({{{.y = 1e30}}}); }, "y is 1e+30"));
  CHECK(fails_with([] { random_sprites(Rng(), -1); }, "random_sprites", "count is -1"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.channels = 0}); }, "channels is 0"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.figures = 7}); }, "figures is 7"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.min_radius = 0}); }, "min_radius is 0"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.max_radius = 2}); }, "max_radius is 2"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.max_radius = 9}); }, "max_radius is 9", "half"));
  CHECK(fails_with([&] { random_sprites(Rng(), 1, {.min_brightness = nan}); }, "min_brightness is nan"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.max_brightness = 0.5}); }, "max_brightness is 0.5"));
  CHECK(fails_with([] { random_sprites(Rng(), 1, {.noise = -1}); }, "noise is -1"));
  CHECK(fails_with([] { moving_sprites(Rng(), 1, -2); }, "moving_sprites", "frames is -2"));
  CHECK(fails_with([&] { moving_sprites(Rng(), 1, 2, nan); }, "speed is nan"));
  CHECK(fails_with([] { moving_sprites(Rng(), 1, 2, 1, {.figures = 0}); }, "figures is 0"));
}
