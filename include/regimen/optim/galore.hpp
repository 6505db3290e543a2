// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>

#include "regimen/cpu/adaptive.hpp"
#include "regimen/ops/eigh.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/optim/part_states.hpp"

namespace regimen {

struct GaloreOptions {
  Schedule lr = 1e-2;
  std::int64_t rank = 128;   ///< r; at least 1
  std::int64_t every = 200;  ///< T, updates between two choices of the subspace; at least 1
  double scale = 0.25;       ///< alpha, of the steps of projected matrices
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;       ///< decoupled, times lr
  std::string decay_mask = "*";  ///< names of the parameters that decay
  std::string mask = "*";        ///< names of the matrices that are projected
};

/// GaLore: Adam on gradients projected onto a subspace of few dimensions, for its small state. Every T updates, P gets
/// the r first singular vectors of the gradient g [m, n] of its shorter side:
///
///   m <= n:  r = P^T g, P [m, r]     m > n:  r = g P, P [n, r]
///   u = Adam's direction for r, whose moments go on when P changes     p <- p - lr (scale P u + weight_decay p)
///
/// (u P^T for m > n). The sign of a singular vector is such that its entry of largest absolute value is positive. A
/// matrix is a parameter of two axes or more, its leading axis against all others; those whose shorter side is longer
/// than r and whose names fit `mask` are projected, for the rest it is AdamW. State of a matrix: P and two arrays
/// [r, max(m, n)]. Throws Error for options outside their ranges and gradients that are not finite when P is chosen.
/// Brings Eigen.
///
/// J. Zhao et al., GaLore: memory-efficient LLM training by gradient low-rank projection, 2024, algorithm 2.
template <class T = float, class Device = Cpu>
class Galore {
 public:
  explicit Galore(const GaloreOptions& options) : options_(options), state_("galore") {
    detail::check_count("galore", "rank", options.rank, 1);
    detail::check_count("galore", "every", options.every, 1);
    detail::check_positive("galore", "scale", options.scale);
    detail::check_decay("galore", "beta1", options.beta1);
    detail::check_decay("galore", "beta2", options.beta2);
    detail::check_not_negative("galore", "epsilon", options.epsilon);
    detail::check_not_negative("galore", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("galore", options_.lr, progress);
    const NoGrad guard;
    const std::int64_t number = state_.begin(parameters, [&](const detail::Part& part) { return shapes(part); });
    const auto numbers = kernel::adam_step<T>(0, options_, number);
    std::size_t i = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      auto& state = state_.of(i++);
      const bool projected = state.size() == 3, wide = projected && part.rows() <= part.columns();
      auto g = parameters.gradients().view(part.offset, {part.size});
      if (projected) {
        g = g.reshaped({part.rows(), part.columns()});
        if ((number - 1) % options_.every == 0) choose(g, wide, state[2]);
        g = wide ? matmul(state[2], g, {.transpose_a = true}) : matmul(g, state[2]);
      }
      auto u = Tensor<T, Device>::empty(g.shape());
      kernel::adam_direction<T>(Device{}, g.size(), numbers, g.data(), g.data(), state[0].mutable_data(),
                                state[1].mutable_data(), u.mutable_data());
      if (projected) u = wide ? matmul(state[2], u) : matmul(u, state[2], {.transpose_b = true});
      T* p = parameters.values().mutable_data() + part.offset;
      detail::decay(part, lr, options_.weight_decay, options_.decay_mask, parameters);
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(projected ? -lr * options_.scale : -lr), u.data(), p);
    });
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  /// m, v and, of a projected matrix, P.
  std::vector<Shape> shapes(const detail::Part& part) const {
    if (!part.is_matrix() || !matches(options_.mask, part.name)) return {{part.size}, {part.size}};
    const std::int64_t rows = part.rows(), columns = part.columns(), r = options_.rank;
    if (std::min(rows, columns) <= r) return {{part.size}, {part.size}};
    const Shape moments = rows <= columns ? Shape{r, columns} : Shape{rows, r};
    return {moments, moments, {std::min(rows, columns), r}};
  }

  /// P <- the first left singular vectors of a wide g, the first right ones of a tall g, through its Gram matrix.
  static void choose(const Tensor<T, Device>& g, bool wide, const Tensor<T, Device>& p) {
    const auto vectors = eigh(matmul(g, g, {.transpose_a = !wide, .transpose_b = wide})).vectors;
    const std::int64_t n = p.size(0), r = p.size(1);
    T* out = p.mutable_data();
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < r; ++j) out[i * r + j] = vectors.data()[i * n + n - 1 - j];
  }

  GaloreOptions options_;
  detail::PartStates<T, Device> state_;
};

/// galore({.lr = 1e-2, .rank = 128, .mask = "blocks.*"})
template <class T = float, class Device = Cpu>
Galore<T, Device> galore(const GaloreOptions& options) {
  return Galore<T, Device>(options);
}

}  // namespace regimen
