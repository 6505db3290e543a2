// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

/// Families of regression tasks, for learning in context and meta-learning: each sample is a task of `points` examples,
/// inputs [tasks, points, dimension] and targets [tasks, points]. Task i is a function of `rng` and i alone.
namespace regimen {

struct LinearTaskOptions {
  std::int64_t dimension = 2;
  std::int64_t nonzero = -1;  ///< coordinates of w that are not 0, chosen at random; -1 for all
  double noise = 0;           ///< standard deviation of the noise added to y
};

/// y = w . x / sqrt(m) + noise, x and the m nonzero coordinates of w standard normal: without noise E y^2 = 1. Throws
/// Error for negative sizes or noise, no dimension, or nonzero above it.
///
/// Source: Garg et al. (2022), What can transformers learn in-context?
template <class T = float>
Dataset<T> linear_tasks(const Rng& rng, std::int64_t tasks, std::int64_t points,
                        const LinearTaskOptions& options = {}) {
  detail::check_count("linear_tasks", "tasks", tasks, 0);
  detail::check_count("linear_tasks", "points", points, 0);
  detail::check_count("linear_tasks", "dimension", options.dimension, 1);
  const std::int64_t d = options.dimension, nonzero = options.nonzero == -1 ? d : options.nonzero;
  detail::check_option(nonzero >= 1 && nonzero <= d, "linear_tasks", "nonzero", static_cast<double>(nonzero),
                       "in 1, ..., dimension, or -1");
  detail::check_not_negative("linear_tasks", "noise", options.noise);
  Dataset<T> data{Tensor<T>::empty({tasks, points, d}), {}, Tensor<T>::empty({tasks, points})};
  T *x = data.inputs.mutable_data(), *y = data.targets.mutable_data();
  const double scale = 1 / std::sqrt(static_cast<double>(nonzero));
  for (std::int64_t i = 0; i < tasks; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    auto w = own.normal<double>({d});
    const auto order = own.permutation(d);
    for (std::int64_t k = nonzero; k < d; ++k) w.mutable_data()[order.data()[k]] = 0;
    for (std::int64_t j = 0; j < points; ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < d; ++k) {
        const double value = own.normal();
        *x++ = static_cast<T>(value);
        sum += w.data()[k] * value;
      }
      *y++ = static_cast<T>(scale * sum + options.noise * own.normal());
    }
  }
  return data;
}

struct SineTaskOptions {
  double min_amplitude = 0.1, max_amplitude = 5;
  double frequency = 1;
  double range = 5;  ///< x is uniform in [-range, range)
  double noise = 0;  ///< standard deviation of the noise added to y
};

/// y = a sin(frequency x + p) + noise, dimension 1: a uniform in [min_amplitude, max_amplitude), p uniform in
/// [0, 2 pi). Throws Error for negative sizes, amplitudes or noise, max_amplitude below min_amplitude, or a frequency
/// or range that is not positive.
///
/// Source: Finn et al. (2017), Model-agnostic meta-learning, section 5.1, where p is in [0, pi).
template <class T = float>
Dataset<T> sine_tasks(const Rng& rng, std::int64_t tasks, std::int64_t points, const SineTaskOptions& options = {}) {
  detail::check_count("sine_tasks", "tasks", tasks, 0);
  detail::check_count("sine_tasks", "points", points, 0);
  detail::check_not_negative("sine_tasks", "min_amplitude", options.min_amplitude);
  detail::check_not_negative("sine_tasks", "max_amplitude - min_amplitude",
                             options.max_amplitude - options.min_amplitude);
  detail::check_positive("sine_tasks", "frequency", options.frequency);
  detail::check_positive("sine_tasks", "range", options.range);
  detail::check_not_negative("sine_tasks", "noise", options.noise);
  Dataset<T> data{Tensor<T>::empty({tasks, points, 1}), {}, Tensor<T>::empty({tasks, points})};
  T *x = data.inputs.mutable_data(), *y = data.targets.mutable_data();
  for (std::int64_t i = 0; i < tasks; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    const double amplitude = options.min_amplitude + own.uniform() * (options.max_amplitude - options.min_amplitude);
    const double phase = 2 * 3.14159265358979323846 * own.uniform();
    for (std::int64_t j = 0; j < points; ++j) {
      const double value = options.range * (2 * own.uniform() - 1);
      *x++ = static_cast<T>(value);
      *y++ = static_cast<T>(amplitude * std::sin(options.frequency * value + phase) + options.noise * own.normal());
    }
  }
  return data;
}

}  // namespace regimen
