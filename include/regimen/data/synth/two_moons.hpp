// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

/// Two-dimensional classes that no line divides: inputs [count, 2] and labels [count]. Sample i is of class i modulo
/// their number, and a function of `rng` and i alone.
namespace regimen {
namespace detail {

/// place(rng, label, point) writes the point before the noise.
template <class T, class Place>
Dataset<T> planar_classes(const char* operation, const Rng& rng, std::int64_t count, std::int64_t classes, double noise,
                          const Place& place) {
  check_count(operation, "count", count, 0);
  check_not_negative(operation, "noise", noise);
  Dataset<T> data{Tensor<T>::empty({count, 2}), Tensor<std::int64_t>::empty({count})};
  for (std::int64_t i = 0; i < count; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    double point[2];
    place(own, i % classes, point);
    data.labels.mutable_data()[i] = i % classes;
    for (int k = 0; k < 2; ++k) data.inputs.mutable_data()[2 * i + k] = static_cast<T>(point[k] + noise * own.normal());
  }
  return data;
}

}  // namespace detail

/// Two half circles of radius 1 that reach into each other, t uniform in [0, pi):
///
///   class 0: (cos t, sin t)      class 1: (1 - cos t, 1/2 - sin t)
///
/// and normal noise. Throws Error for a negative count or noise.
///
/// Source: as scikit-learn's make_moons, with random t.
template <class T = float>
Dataset<T> two_moons(const Rng& rng, std::int64_t count, double noise = 0.1) {
  return detail::planar_classes<T>("two_moons", rng, count, 2, noise, [](Rng& own, std::int64_t label, double* point) {
    const double t = 3.14159265358979323846 * own.uniform();
    point[0] = label == 0 ? std::cos(t) : 1 - std::cos(t);
    point[1] = label == 0 ? std::sin(t) : 0.5 - std::sin(t);
  });
}

struct SpiralOptions {
  std::int64_t classes = 2;
  double turns = 1;  ///< of each arm
  double noise = 0.02;
};

/// Arms r (cos, sin)(2 pi (turns r + k / classes)) of class k, r uniform in [0, 1), and normal noise. Throws Error for
/// a negative count or noise, no classes, or turns that are not finite.
template <class T = float>
Dataset<T> spirals(const Rng& rng, std::int64_t count, const SpiralOptions& options = {}) {
  detail::check_count("spirals", "classes", options.classes, 1);
  detail::check_finite("spirals", "turns", options.turns);
  return detail::planar_classes<T>(
      "spirals", rng, count, options.classes, options.noise, [&](Rng& own, std::int64_t label, double* point) {
        const double r = own.uniform(), start = static_cast<double>(label) / static_cast<double>(options.classes);
        const double angle = 2 * 3.14159265358979323846 * (options.turns * r + start);
        point[0] = r * std::cos(angle);
        point[1] = r * std::sin(angle);
      });
}

/// Circles about the origin, of radius (k + 1) / classes for class k, and normal noise. Throws Error for a negative
/// count or noise, or no classes.
template <class T = float>
Dataset<T> rings(const Rng& rng, std::int64_t count, std::int64_t classes = 2, double noise = 0.05) {
  detail::check_count("rings", "classes", classes, 1);
  return detail::planar_classes<T>("rings", rng, count, classes, noise,
                                   [classes](Rng& own, std::int64_t label, double* point) {
                                     const double angle = 2 * 3.14159265358979323846 * own.uniform();
                                     const double r = static_cast<double>(label + 1) / static_cast<double>(classes);
                                     point[0] = r * std::cos(angle);
                                     point[1] = r * std::sin(angle);
                                   });
}

}  // namespace regimen
