// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/reduce.hpp"

/// First values of parameters: functions of a shape that draw from an Rng and return a constant; a module makes a
/// parameter of it by variable(x).
namespace regimen::init {

/// How many inputs one output of a weight sums over (in), and how many outputs one input goes to (out).
struct Fans {
  std::int64_t in = 0, out = 0;
};

/// Of a weight [out, in], or of a convolution's [filters, channels / groups, window...], whose taps count on both
/// sides; groups are not known from the shape, so that `out` counts all filters. Throws Error for rank 0 or 1.
inline Fans fans(const Shape& shape) {
  if (shape.rank() < 2)
    detail::fail("init::fans", {"shape ", shape, " has no fan-in and fan-out"},
                 "pass a weight [out, in] or [filters, channels, ...]; use uniform or normal for vectors");
  std::int64_t taps = 1;
  for (int i = 2; i < shape.rank(); ++i) taps *= shape[i];
  return {shape[1] * taps, shape[0] * taps};
}

enum class Fan { in, out };

struct KaimingOptions {
  Fan fan = Fan::in;            ///< in keeps the variance of values on the way forward, out that of gradients
  double gain = std::sqrt(2.);  ///< of the activation that follows: sqrt(2) for relu, 5/3 for tanh, 1 for none
};

struct XavierOptions {
  double gain = 1;
};

struct OrthogonalOptions {
  double gain = 1;
};

namespace init_detail {

/// Uniform with mean 0 and the given standard deviation.
template <class T>
Tensor<T> centred_uniform(const Shape& shape, Rng& rng, double stddev) {
  if (shape.size() == 0) return Tensor<T>::empty(shape);
  if (stddev == 0) return Tensor<T>::zeros(shape);
  const auto bound = static_cast<T>(std::sqrt(3.) * stddev);
  return rng.uniform<T>(shape, -bound, bound);
}

template <class T>
Tensor<T> centred_normal(const Shape& shape, Rng& rng, double stddev) {
  if (shape.size() == 0) return Tensor<T>::empty(shape);
  return rng.normal<T>(shape, 0, static_cast<T>(stddev));
}

inline double check_gain(const char* operation, double gain) {
  if (!(gain >= 0 && std::isfinite(gain))) detail::fail(operation, {"gain is ", gain}, "it must be finite and >= 0");
  return gain;
}

inline double kaiming_stddev(const char* operation, const Shape& shape, const KaimingOptions& options) {
  const auto [in, out] = fans(shape);
  const double gain = check_gain(operation, options.gain);
  return gain / std::sqrt(static_cast<double>(options.fan == Fan::in ? in : out));
}

inline double xavier_stddev(const char* operation, const Shape& shape, const XavierOptions& options) {
  const auto [in, out] = fans(shape);
  return check_gain(operation, options.gain) * std::sqrt(2 / static_cast<double>(in + out));
}

}  // namespace init_detail

/// Uniform in [low, high). Throws Error unless low < high and high - low is finite.
template <class T = float>
Tensor<T> uniform(const Shape& shape, Rng& rng, double low = 0, double high = 1) {
  return rng.uniform<T>(shape, static_cast<T>(low), static_cast<T>(high));
}

/// Normal with the given mean and standard deviation. Throws Error unless stddev >= 0.
template <class T = float>
Tensor<T> normal(const Shape& shape, Rng& rng, double mean = 0, double stddev = 1) {
  return rng.normal<T>(shape, static_cast<T>(mean), static_cast<T>(stddev));
}

template <class T = float>
Tensor<T> constant(const Shape& shape, double value) {
  return Tensor<T>::full(shape, static_cast<T>(value));
}

template <class T = float>
Tensor<T> zeros(const Shape& shape) {
  return Tensor<T>::zeros(shape);
}

/// Uniform in [-b, b) with b = gain sqrt(3 / fan): standard deviation gain / sqrt(fan).
///
/// Source: He et al. (2015), Delving deep into rectifiers. Throws Error for a rank below 2 or a negative gain.
template <class T = float>
Tensor<T> kaiming_uniform(const Shape& shape, Rng& rng, const KaimingOptions& options = {}) {
  return init_detail::centred_uniform<T>(shape, rng,
                                         init_detail::kaiming_stddev("init::kaiming_uniform", shape, options));
}

/// Normal with mean 0 and standard deviation gain / sqrt(fan). Otherwise as kaiming_uniform.
template <class T = float>
Tensor<T> kaiming_normal(const Shape& shape, Rng& rng, const KaimingOptions& options = {}) {
  return init_detail::centred_normal<T>(shape, rng,
                                        init_detail::kaiming_stddev("init::kaiming_normal", shape, options));
}

/// Uniform in [-b, b) with b = gain sqrt(6 / (in + out)): standard deviation gain sqrt(2 / (in + out)).
///
/// Source: Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks. Throws
/// Error for a rank below 2 or a negative gain.
template <class T = float>
Tensor<T> xavier_uniform(const Shape& shape, Rng& rng, const XavierOptions& options = {}) {
  return init_detail::centred_uniform<T>(shape, rng,
                                         init_detail::xavier_stddev("init::xavier_uniform", shape, options));
}

/// Normal with mean 0 and standard deviation gain sqrt(2 / (in + out)). Otherwise as xavier_uniform.
template <class T = float>
Tensor<T> xavier_normal(const Shape& shape, Rng& rng, const XavierOptions& options = {}) {
  return init_detail::centred_normal<T>(shape, rng, init_detail::xavier_stddev("init::xavier_normal", shape, options));
}

/// gain Q, where Q as a matrix [shape[0], rest] has orthonormal rows, Q Q^T = I, or orthonormal columns if it has more
/// rows than columns. Q is the Gram-Schmidt form of a normal matrix, so that every such Q is as likely as any other.
///
/// Each vector is made orthogonal to those before it twice, which leaves errors of rounding only (Giraud et al. 2005),
/// in double. Takes 4 n^2 m operations for n vectors of length m. Source: Saxe et al. (2014), Exact solutions to the
/// nonlinear dynamics of learning in deep linear neural networks. Throws Error for a rank below 2 or a negative gain.
template <class T = float>
Tensor<T> orthogonal(const Shape& shape, Rng& rng, const OrthogonalOptions& options = {}) {
  if (shape.rank() < 2)
    detail::fail("init::orthogonal", {"shape ", shape, " is no matrix"}, "pass [rows, columns, ...]");
  const double gain = init_detail::check_gain("init::orthogonal", options.gain);
  auto result = Tensor<T>::empty(shape);
  if (shape.size() == 0) return result;
  const std::int64_t rows = shape[0], columns = shape.size() / rows;
  const bool tall = rows > columns;
  const std::int64_t count = tall ? columns : rows, length = tall ? rows : columns;
  const auto vectors = Tensor<double>::empty({count, length});
  double* const q = vectors.mutable_data();
  for (std::int64_t k = 0; k < count;) {
    double* const v = q + k * length;
    for (std::int64_t j = 0; j < length; ++j) v[j] = rng.normal();
    const auto norm = [&] {
      return std::sqrt(kernel::reduce_row<double>(kernel::reduction::SumSquares<double>{}, length, v));
    };
    const double before = norm();
    for (int pass = 0; pass < 2; ++pass)
      for (std::int64_t i = 0; i < k; ++i) {
        const double* const u = q + i * length;
        const double share = kernel::reduce_row<double>(kernel::reduction::Dot<double>{}, length, u, v);
        kernel::map_range(
            length, [=](auto a, auto b) { return a - share * b; }, v, static_cast<const double*>(v), u);
      }
    const double after = norm();
    if (!(after > 1e-10 * before)) continue;  // it lay in the span of the others: draw another one
    for (std::int64_t j = 0; j < length; ++j) v[j] /= after;
    ++k;
  }
  T* const out = result.mutable_data();
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      out[i * columns + j] = static_cast<T>(gain * (tall ? q[j * length + i] : q[i * length + j]));
  return result;
}

}  // namespace regimen::init
