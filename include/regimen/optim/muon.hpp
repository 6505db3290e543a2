// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/optim/adamw.hpp"
#include "regimen/optim/part_states.hpp"
#include "regimen/optim/partition.hpp"

namespace regimen {

/// A matrix with g's singular vectors and singular values near 1, by `steps` quintic Newton-Schulz iterations of
///
///   x = g / (|g| + 1e-7)     x <- a x + (b A + c A^2) x,   A = x x^T,   a = 3.4445,  b = -4.7750,  c = 2.0315
///
/// for g [m, n]; a tall g is transposed on the way. |g| is the Frobenius norm. Singular values above about 1e-2 |g| end
/// in [0.68, 1.14] after 5 steps: the coefficients are the fastest from small values, and do not converge to 1. Zeros
/// stay zeros. Differentiable. Throws Error unless g is a matrix and steps is at least 0.
///
/// K. Jordan et al., Muon: an optimizer for hidden layers in neural networks, 2024.
template <class T, class Device>
Tensor<T, Device> newton_schulz(const Tensor<T, Device>& g, std::int64_t steps = 5) {
  if (g.rank() != 2) detail::fail("newton_schulz", {"g is ", g.shape()}, "give a matrix");
  detail::check_count("newton_schulz", "steps", steps, 0);
  const bool tall = g.size(0) > g.size(1);
  auto x = tall ? transpose(g) : g;
  x = x / (norm(x) + T(1e-7));
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto a = matmul(x, x, {.transpose_b = true});
    x = T(3.4445) * x + matmul(T(-4.7750) * a + T(2.0315) * matmul(a, a), x);
  }
  return tall ? transpose(x) : x;
}

struct MuonOptions {
  Schedule lr = 0.02;
  double momentum = 0.95;  ///< in [0, 1)
  bool nesterov = true;
  std::int64_t steps = 5;        ///< of the Newton-Schulz iteration; at least 1
  double weight_decay = 0;       ///< decoupled, times lr
  std::string decay_mask = "*";  ///< names of the matrices that decay
  std::string mask = "*";        ///< names of the matrices that Muon updates; leave out embeddings and the last layer
  AdamwOptions others = {.lr = 3e-4, .beta2 = 0.95, .epsilon = 1e-10, .weight_decay = 0};  ///< all other parameters'
};

/// Muon: momentum, orthogonalised, for matrices; AdamW for the other parameters.
///
///   m <- momentum m + (1 - momentum) g     d = m, with Nesterov's momentum (1 - momentum) g + momentum m
///   p <- (1 - lr weight_decay) p - lr sqrt(max(1, rows / columns)) newton_schulz(d)
///
/// A matrix is a parameter of two axes or more, its leading axis against all others, whose name fits `mask`. State: one
/// array for the matrices, two for the others. Cost: about 20 rows columns min(rows, columns) multiplications a step.
/// Throws Error for options outside their ranges.
///
/// K. Jordan et al., Muon: an optimizer for hidden layers in neural networks, 2024.
template <class T = float, class Device = Cpu>
class Muon {
 public:
  explicit Muon(const MuonOptions& options) : options_(options), state_("muon"), others_(options.others) {
    detail::check_decay("muon", "momentum", options.momentum);
    detail::check_count("muon", "steps", options.steps, 1);
    detail::check_not_negative("muon", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("muon", options_.lr, progress);
    static_cast<void>(detail::learning_rate("muon", options_.others.lr, progress));
    state_.begin(parameters, [&](const detail::Part& part) {
      return is_ours(part.name, part.shape) ? std::vector<Shape>{{part.size}} : std::vector<Shape>{};
    });
    std::size_t i = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      auto& state = state_.of(i++);
      if (state.empty()) return;
      const Shape matrix{part.rows(), part.columns()};
      const T momentum = static_cast<T>(options_.momentum);
      const T* g = parameters.gradients().data() + part.offset;
      T* p = parameters.values().mutable_data() + part.offset;
      T* m = state[0].mutable_data();
      kernel::ema<T>(Device{}, part.size, momentum, g, m);
      Tensor<T, Device> direction = state[0];
      if (options_.nesterov) {
        direction = direction.clone();
        kernel::ema<T>(Device{}, part.size, momentum, g, direction.mutable_data());
      }
      const auto u = newton_schulz(direction.reshaped(matrix), options_.steps);
      const double ratio = static_cast<double>(part.rows()) / static_cast<double>(part.columns());
      detail::decay(part, lr, options_.weight_decay, options_.decay_mask, parameters);
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(-lr * (ratio > 1 ? std::sqrt(ratio) : 1)), u.data(), p);
    });
    auto& others =
        partition_.of(parameters, 2, [&](const auto& entry) { return is_ours(entry.name, entry.value.shape()); })[0];
    if (!others.entries().empty()) others_.update(others, progress);
  }

  void save(State& state) const {
    state_.save(state);
    others_.save(state.scope("others"));
  }
  void load(const State& state) {
    auto others = others_;
    others.load(state.part("others"));
    state_.load(state);
    others_ = std::move(others);
  }

 private:
  bool is_ours(const std::string& name, const Shape& shape) const {
    return shape.rank() >= 2 && matches(options_.mask, name);
  }

  MuonOptions options_;
  detail::PartStates<T, Device> state_;
  detail::Partition<T, Device> partition_;
  Adamw<T, Device> others_;
};

/// muon({.lr = 0.02, .mask = "blocks.*", .others = {.lr = 1e-3}})
template <class T = float, class Device = Cpu>
Muon<T, Device> muon(const MuonOptions& options) {
  return Muon<T, Device>(options);
}

}  // namespace regimen
