// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

enum class Figure { square, disc, triangle, cross, diamond, ring };
inline constexpr std::int64_t figure_count = 6;

/// A figure in an image: its centre and its half width in pixels, x to the right and y down from the top left corner,
/// where pixel (i, j) is [j, j + 1) x [i, i + 1).
struct Sprite {
  Figure figure = Figure::square;
  double x = 0, y = 0, radius = 1;
  std::array<double, 3> colour = {1, 1, 1};  ///< a grey image takes the first
};

struct CanvasOptions {
  std::int64_t size = 16;     ///< pixels of a side
  std::int64_t channels = 1;  ///< 1 or 3
  bool wrap = false;          ///< what leaves the image at one side comes in at the other
};

namespace detail {

/// Whether a point is in the figure of radius 1 about the origin.
inline bool in_figure(Figure figure, double x, double y) {
  const double a = std::abs(x), b = std::abs(y), square = x * x + y * y;
  switch (figure) {
    case Figure::square:
      return a <= 1 && b <= 1;
    case Figure::disc:
      return square <= 1;
    case Figure::triangle:
      return b <= 1 && a <= (y + 1) / 2;
    case Figure::cross:
      return a <= 1 && b <= 1 && (3 * a <= 1 || 3 * b <= 1);
    case Figure::diamond:
      return a + b <= 1;
    case Figure::ring:
      return square <= 1 && 4 * square >= 1;
  }
  return false;
}

/// Draws over an image [channels, size, size]; a pixel takes as much of the colour as of its 4 x 4 points are inside.
template <class T>
void draw_sprite(const Sprite& sprite, const CanvasOptions& canvas, T* image) {
  const std::int64_t size = canvas.size, plane = size * size;
  const auto first = [&](double centre) { return static_cast<std::int64_t>(std::floor(centre - sprite.radius)); };
  const auto last = [&](double centre) { return static_cast<std::int64_t>(std::floor(centre + sprite.radius)); };
  for (std::int64_t i = first(sprite.y); i <= last(sprite.y); ++i)
    for (std::int64_t j = first(sprite.x); j <= last(sprite.x); ++j) {
      const bool outside = i < 0 || i >= size || j < 0 || j >= size;
      if (outside && !canvas.wrap) continue;
      int inside = 0;
      for (int point = 0; point < 16; ++point) {
        const double y = static_cast<double>(i) + (point / 4 + 0.5) / 4 - sprite.y;
        const double x = static_cast<double>(j) + (point % 4 + 0.5) / 4 - sprite.x;
        inside += in_figure(sprite.figure, x / sprite.radius, y / sprite.radius) ? 1 : 0;
      }
      const std::int64_t row = ((i % size) + size) % size, column = ((j % size) + size) % size;
      for (std::int64_t c = 0; c < canvas.channels; ++c) {
        T& pixel = image[c * plane + row * size + column];
        pixel += static_cast<T>(inside / 16.0) * (static_cast<T>(sprite.colour[static_cast<std::size_t>(c)]) - pixel);
      }
    }
}

inline void check_canvas(const char* operation, const CanvasOptions& canvas) {
  check_count(operation, "size", canvas.size, 1);
  check_option(canvas.channels == 1 || canvas.channels == 3, operation, "channels",
               static_cast<double>(canvas.channels), "1 or 3");
}

}  // namespace detail

/// Images [N, channels, size, size] of sprites on black, those of one image drawn in order, each over the ones before.
/// Throws Error for other options, a radius outside (0, 2^20], or a centre beyond +-2^20.
template <class T = float>
Tensor<T> render_sprites(const std::vector<std::vector<Sprite>>& images, const CanvasOptions& canvas = {}) {
  detail::check_canvas("render_sprites", canvas);
  const auto count = static_cast<std::int64_t>(images.size());
  auto result = Tensor<T>::zeros({count, canvas.channels, canvas.size, canvas.size});
  T* out = result.mutable_data();
  for (const std::vector<Sprite>& sprites : images) {
    for (const Sprite& sprite : sprites) {
      detail::check_option(sprite.radius > 0 && sprite.radius <= 0x1p20, "render_sprites", "radius", sprite.radius,
                           "in (0, 2^20]");
      detail::check_option(std::abs(sprite.x) <= 0x1p20, "render_sprites", "x", sprite.x, "within +-2^20");
      detail::check_option(std::abs(sprite.y) <= 0x1p20, "render_sprites", "y", sprite.y, "within +-2^20");
      detail::draw_sprite(sprite, canvas, out);
    }
    out += canvas.channels * canvas.size * canvas.size;
  }
  return result;
}

struct SpriteOptions {
  std::int64_t size = 16;     ///< pixels of a side
  std::int64_t channels = 1;  ///< 1 for grey, 3 for a hue of red, green, blue, yellow, magenta and cyan
  std::int64_t figures = 3;   ///< the first of Figure
  double min_radius = 2.5, max_radius = 4;
  double min_brightness = 0.6, max_brightness = 1;
  double noise = 0;  ///< standard deviation of the noise added to every element
};

namespace detail {

inline void check_sprite_options(const char* operation, const SpriteOptions& options) {
  check_canvas(operation, {options.size, options.channels});
  check_option(options.figures >= 1 && options.figures <= figure_count, operation, "figures",
               static_cast<double>(options.figures), "in 1, ..., 6");
  check_positive(operation, "min_radius", options.min_radius);
  check_option(options.max_radius >= options.min_radius && 2 * options.max_radius <= static_cast<double>(options.size),
               operation, "max_radius", options.max_radius, "at least min_radius, and at most half of the size");
  check_not_negative(operation, "min_brightness", options.min_brightness);
  check_option(options.max_brightness >= options.min_brightness && std::isfinite(options.max_brightness), operation,
               "max_brightness", options.max_brightness, "finite and at least min_brightness");
  check_not_negative(operation, "noise", options.noise);
}

/// A sprite that is inside the image, and its factors: x, y, radius, brightness, hue.
inline Sprite draw_random_sprite(Rng& rng, const SpriteOptions& options, std::array<double, 5>& factors) {
  constexpr std::array<double, 3> hues[] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}};
  Sprite sprite;
  sprite.figure = static_cast<Figure>(rng.below(options.figures));
  sprite.radius = options.min_radius + rng.uniform() * (options.max_radius - options.min_radius);
  const double room = static_cast<double>(options.size) - 2 * sprite.radius;
  sprite.x = sprite.radius + rng.uniform() * room;
  sprite.y = sprite.radius + rng.uniform() * room;
  const double brightness = options.min_brightness + rng.uniform() * (options.max_brightness - options.min_brightness);
  const std::int64_t hue = options.channels == 3 ? rng.below(6) : 0;
  for (std::size_t c = 0; c < 3; ++c) sprite.colour[c] = brightness * (options.channels == 3 ? hues[hue][c] : 1);
  factors = {sprite.x, sprite.y, sprite.radius, brightness, static_cast<double>(hue)};
  return sprite;
}

}  // namespace detail

/// Images [count, channels, size, size] of one sprite each, labels [count] its figure, and targets [count, 5] the other
/// factors: x, y, radius, brightness and hue. All factors are uniform and independent, but that the sprite is inside.
/// Image i is a function of `rng` and i alone. Throws Error for options outside their ranges.
template <class T = float>
Dataset<T> random_sprites(const Rng& rng, std::int64_t count, const SpriteOptions& options = {}) {
  detail::check_count("random_sprites", "count", count, 0);
  detail::check_sprite_options("random_sprites", options);
  const std::int64_t row = options.channels * options.size * options.size;
  Dataset<T> data{Tensor<T>::zeros({count, options.channels, options.size, options.size}),
                  Tensor<std::int64_t>::empty({count}), Tensor<T>::empty({count, 5})};
  for (std::int64_t i = 0; i < count; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    std::array<double, 5> factors;
    const Sprite sprite = detail::draw_random_sprite(own, options, factors);
    T* out = data.inputs.mutable_data() + i * row;
    detail::draw_sprite(sprite, {options.size, options.channels}, out);
    if (options.noise > 0)
      for (std::int64_t k = 0; k < row; ++k) out[k] += static_cast<T>(options.noise * own.normal());
    data.labels.mutable_data()[i] = static_cast<std::int64_t>(sprite.figure);
    std::transform(factors.begin(), factors.end(), data.targets.mutable_data() + 5 * i,
                   [](double factor) { return static_cast<T>(factor); });
  }
  return data;
}

/// Videos [count, frames, channels, size, size] of one sprite each, that moves by `speed` pixels a frame and comes in
/// again where it has left; labels [count] are its direction: 0 left, 1 right, 2 up, 3 down. Targets [count, 6] are the
/// figure, then the factors of the first frame as in random_sprites(). Video i is a function of `rng` and i alone.
/// Throws Error for options outside their ranges, or a speed beyond +-1000.
template <class T = float>
Dataset<T> moving_sprites(const Rng& rng, std::int64_t count, std::int64_t frames, double speed = 1,
                          const SpriteOptions& options = {}) {
  detail::check_count("moving_sprites", "count", count, 0);
  detail::check_count("moving_sprites", "frames", frames, 0);
  detail::check_option(std::abs(speed) <= 1000, "moving_sprites", "speed", speed, "within +-1000");
  detail::check_sprite_options("moving_sprites", options);
  const std::int64_t row = options.channels * options.size * options.size;
  Dataset<T> data{Tensor<T>::zeros({count, frames, options.channels, options.size, options.size}),
                  Tensor<std::int64_t>::empty({count}), Tensor<T>::empty({count, 6})};
  T* out = data.inputs.mutable_data();
  for (std::int64_t i = 0; i < count; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    std::array<double, 5> factors;
    Sprite sprite = detail::draw_random_sprite(own, options, factors);
    const std::int64_t direction = own.below(4);
    data.labels.mutable_data()[i] = direction;
    T* target = data.targets.mutable_data() + 6 * i;
    *target++ = static_cast<T>(sprite.figure);
    for (const double factor : factors) *target++ = static_cast<T>(factor);
    const double step = direction % 2 == 0 ? -speed : speed;
    for (std::int64_t t = 0; t < frames; ++t, out += row) {
      detail::draw_sprite(sprite, {options.size, options.channels, true}, out);
      if (options.noise > 0)
        for (std::int64_t k = 0; k < row; ++k) out[k] += static_cast<T>(options.noise * own.normal());
      (direction < 2 ? sprite.x : sprite.y) += step;
    }
  }
  return data;
}

}  // namespace regimen
