// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/state.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// Brings each column of the data to mean 0 and standard deviation 1:
///
///   apply(x) = (x - mean) / scale      mean_j = 1/n sum_i x_ij      scale_j^2 = 1/n sum_i (x_ij - mean_j)^2
///
/// where a column is an element of the samples: x is [n, ...], mean and scale [...]. A column that is constant gets the
/// scale 1, and so becomes 0. Fit it on the training samples, and apply it to these and to all others:
///
///   const auto standardise = Standardise<>::fit(train.inputs);
///   train.inputs = standardise.apply(train.inputs);
///   test.inputs = standardise.apply(test.inputs);
template <class T = float>
class Standardise {
 public:
  /// The means and scales of x's columns, summed in double. Throws Error where x has no sample or is not finite.
  static Standardise fit(const Tensor<T>& x) {
    if (x.rank() == 0 || x.size(0) == 0)
      detail::fail("Standardise::fit", {"shape ", x.shape(), " has no samples"}, "pass [N, ...], N at least 1");
    Standardise result;
    result.mean_ = Tensor<T>::empty(x.shape().without(0));
    result.scale_ = Tensor<T>::empty(x.shape().without(0));
    const std::int64_t rows = x.size(0), columns = result.mean_.size();
    const T* in = x.data();
    T *mean = result.mean_.mutable_data(), *scale = result.scale_.mutable_data();
    parallel_for(columns, (1 << 16) / rows + 1, [=](std::int64_t begin, std::int64_t end) {
      for (std::int64_t j = begin; j < end; ++j) {
        double sum = 0, squares = 0;
        bool constant = true;
        for (std::int64_t i = 0; i < rows; ++i) {
          sum += static_cast<double>(in[i * columns + j]);
          constant = constant && in[i * columns + j] == in[j];
        }
        const double center = constant ? static_cast<double>(in[j]) : sum / static_cast<double>(rows);
        for (std::int64_t i = 0; i < rows; ++i) {
          const double d = static_cast<double>(in[i * columns + j]) - center;
          squares += d * d;
        }
        mean[j] = static_cast<T>(center);
        scale[j] = constant ? T{1} : static_cast<T>(std::sqrt(squares / static_cast<double>(rows)));
      }
    });
    for (std::int64_t j = 0; j < columns; ++j)
      if (!std::isfinite(mean[j]) || !std::isfinite(scale[j]))
        detail::fail("Standardise::fit", {"column ", j, " of ", x.shape(), " is not finite"},
                     "fill in or leave out missing values first");
    return result;
  }

  const Tensor<T>& mean() const { return mean_; }
  const Tensor<T>& scale() const { return scale_; }

  /// Standardised values of samples [n, ...] of the columns that were fitted. Throws Error for others.
  Tensor<T> apply(const Tensor<T>& x) const {
    return map("Standardise::apply", x, [](T value, T mean, T scale) { return (value - mean) / scale; });
  }
  /// The values from standardised ones.
  Tensor<T> invert(const Tensor<T>& z) const {
    return map("Standardise::invert", z, [](T value, T mean, T scale) { return value * scale + mean; });
  }

  void save(State& state) const {
    state.put("mean", mean_);
    state.put("scale", scale_);
  }
  void load(const State& state) {
    const auto mean = state.get<Tensor<T>>("mean"), scale = state.get<Tensor<T>>("scale", mean.shape());
    mean_ = mean.clone();
    scale_ = scale.clone();
  }

 private:
  template <class F>
  Tensor<T> map(const char* operation, const Tensor<T>& x, F f) const {
    if (x.rank() == 0 || !(x.shape().without(0) == mean_.shape()))
      detail::fail(operation, {"samples are ", x.shape(), " and the columns ", mean_.shape()},
                   "pass samples as they were fitted");
    auto result = Tensor<T>::empty(x.shape());
    const std::int64_t columns = mean_.size();
    const T *in = x.data(), *mean = mean_.data(), *scale = scale_.data();
    T* out = result.mutable_data();
    parallel_for(x.size(0), (1 << 15) / (columns + 1) + 1, [=](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        for (std::int64_t j = 0; j < columns; ++j) out[i * columns + j] = f(in[i * columns + j], mean[j], scale[j]);
    });
    return result;
  }

  Tensor<T> mean_, scale_;
};

}  // namespace regimen
