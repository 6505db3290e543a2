// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>

#include "regimen/cpu/gradient.hpp"
#include "regimen/optim/check.hpp"
#include "regimen/optim/each_parameter.hpp"
#include "regimen/optim/optimizer.hpp"

namespace regimen {

struct AgcOptions {
  double limit = 0.01;     ///< lambda, of a gradient's norm over its weights'; smaller for larger batches
  double epsilon = 1e-3;   ///< the least norm of weights, so that zeros can begin to move
  std::string mask = "*";  ///< names of the parameters whose gradients are clipped; the last layer's best are not
};

/// Gradient transform, adaptive gradient clipping: the gradient of each output's weights is limited by the norm of the
/// weights themselves. With rows i along a parameter's leading axis and all other axes as columns:
///
///   g_i <- g_i min(1, limit max(|p_i|, epsilon) / |g_i|)
///
/// A parameter of one axis or none, such as a bias, is one row, as in the authors' code. NaN stays. Throws Error for a
/// limit or an epsilon that is not positive.
///
///   chain(agc({.limit = 0.02}), sgd({.lr = 0.1, .momentum = 0.9, .nesterov = true}))
///
/// A. Brock et al., High-performance large-scale image recognition without normalization, 2021, equation 3.
class Agc {
 public:
  explicit Agc(const AgcOptions& options) : options_(options) {
    detail::check_positive("agc", "limit", options.limit);
    detail::check_positive("agc", "epsilon", options.epsilon);
  }

  template <class T, class Device>
  void update(Parameters<T, Device>& parameters, const Progress&) {
    const T* p = parameters.values().data();
    T* g = parameters.gradients().mutable_data();
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      if (!matches(options_.mask, part.name)) return;
      const std::int64_t rows = part.is_matrix() ? part.rows() : 1;
      kernel::clip_rows<T>(Device{}, rows, part.size / rows, options_.limit, options_.epsilon, p + part.offset,
                           g + part.offset);
    });
  }

  void save(State&) const {}
  void load(const State&) {}

 private:
  AgcOptions options_;
};

/// agc({.limit = 0.02})
inline Agc agc(const AgcOptions& options) { return Agc(options); }

}  // namespace regimen
