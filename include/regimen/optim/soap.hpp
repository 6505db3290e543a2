// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <utility>

#include "regimen/cpu/adaptive.hpp"
#include "regimen/cpu/qr.hpp"
#include "regimen/ops/eigh.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/optim/part_states.hpp"

namespace regimen {

struct SoapOptions {
  Schedule lr = 3e-3;
  double beta1 = 0.95;
  double beta2 = 0.95;  ///< of Adam's second moment and of both factors
  double epsilon = 1e-8;
  std::int64_t every = 10;       ///< updates between two turns of the bases; at least 1
  std::int64_t limit = 10000;    ///< longer sides of a matrix keep their axes; at least 1
  double weight_decay = 1e-2;    ///< decoupled, times lr
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// SOAP: Adam in the eigenbasis of Shampoo's factors. With the orthonormal bases Q and S of a matrix's rows and
/// columns:
///
///   g' = Q^T g S     m, v <- Adam's moments of g'     u' = (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
///   p <- p - lr (Q u' S^T + weight_decay p)
///   L <- beta2 L + (1 - beta2) g g^T     R <- beta2 R + (1 - beta2) g^T g
///   every `every` updates:  Q <- the orthonormal factor of L Q, S of R S, and m is turned with them
///
/// The first update sets L, R and their eigenvectors, and moves nothing. A matrix is a parameter of two axes or more,
/// its leading axis against all others; a side longer than `limit` is not turned, and the other parameters not at all:
/// there it is AdamW. State: two arrays, and two squares a side that is turned. Throws Error for options outside their
/// ranges and a first gradient that is not finite. Brings Eigen.
///
/// N. Vyas et al., SOAP: improving and stabilizing Shampoo using Adam, 2024, algorithms 3 and 4.
template <class T = float, class Device = Cpu>
class Soap {
 public:
  explicit Soap(const SoapOptions& options) : options_(options), state_("soap") {
    detail::check_decay("soap", "beta1", options.beta1);
    detail::check_decay("soap", "beta2", options.beta2);
    detail::check_not_negative("soap", "epsilon", options.epsilon);
    detail::check_count("soap", "every", options.every, 1);
    detail::check_count("soap", "limit", options.limit, 1);
    detail::check_not_negative("soap", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("soap", options_.lr, progress);
    const NoGrad guard;
    const std::int64_t number = state_.begin(parameters, [&](const detail::Part& part) { return shapes(part); }) - 1;
    auto numbers = kernel::adam_step<T>(0, options_, number);
    std::size_t i = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      auto& state = state_.of(i++);
      const auto g = parameters.gradients().view(part.offset, matrix(part));
      const Sides sides = sides_of(part, state);
      if (number > 0) {
        const auto turned = into(sides, g);
        const auto u = Tensor<T, Device>::empty(g.shape());
        kernel::adam_direction<T>(Device{}, part.size, numbers, turned.data(), turned.data(), state[0].mutable_data(),
                                  state[1].mutable_data(), u.mutable_data());
        T* p = parameters.values().mutable_data() + part.offset;
        detail::decay(part, lr, options_.weight_decay, options_.decay_mask, parameters);
        kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(-lr), out_of(sides, u).data(), p);
      }
      if (sides.left) average(part, g, true, sides.left[0]);
      if (sides.right) average(part, g, false, sides.right[0]);
      if (number % options_.every != 0 || (!sides.left && !sides.right)) return;
      const auto m = out_of(sides, state[0]);
      for (Tensor<T, Device>* side : {sides.left, sides.right})
        if (side != nullptr) side[1] = number == 0 ? vectors(side[0]) : orthonormal(matmul(side[0], side[1]));
      state[0] = into(sides, m);
    });
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  /// The factor and the basis of each side that is turned, null for the others.
  struct Sides {
    Tensor<T, Device>*left = nullptr, *right = nullptr;
  };

  static Shape matrix(const detail::Part& part) {
    return part.is_matrix() ? Shape{part.rows(), part.columns()} : Shape{part.size, 1};
  }
  bool turns_left(const detail::Part& part) const { return part.is_matrix() && part.rows() <= options_.limit; }
  bool turns_right(const detail::Part& part) const { return part.is_matrix() && part.columns() <= options_.limit; }

  /// m, v, and the factor and the basis of each side.
  std::vector<Shape> shapes(const detail::Part& part) const {
    std::vector<Shape> result{matrix(part), matrix(part)};
    if (turns_left(part)) result.insert(result.end(), 2, {part.rows(), part.rows()});
    if (turns_right(part)) result.insert(result.end(), 2, {part.columns(), part.columns()});
    return result;
  }
  Sides sides_of(const detail::Part& part, std::vector<Tensor<T, Device>>& state) const {
    Tensor<T, Device>* next = state.data() + 2;
    Sides result;
    if (turns_left(part)) result.left = std::exchange(next, next + 2);
    if (turns_right(part)) result.right = next;
    return result;
  }

  static Tensor<T, Device> into(const Sides& sides, Tensor<T, Device> x) {
    if (sides.left) x = matmul(sides.left[1], x, {.transpose_a = true});
    if (sides.right) x = matmul(x, sides.right[1]);
    return x;
  }
  static Tensor<T, Device> out_of(const Sides& sides, Tensor<T, Device> x) {
    if (sides.left) x = matmul(sides.left[1], x);
    if (sides.right) x = matmul(x, sides.right[1], {.transpose_b = true});
    return x;
  }

  /// factor <- beta2 factor + (1 - beta2) g g^T, or g^T g.
  void average(const detail::Part& part, const Tensor<T, Device>& g, bool left, const Tensor<T, Device>& factor) const {
    const std::int64_t n = factor.size(0), columns = part.columns();
    kernel::scale<T>(Device{}, n * n, static_cast<T>(options_.beta2), factor.mutable_data());
    kernel::gemm<T>(Device{}, !left, left, n, n, part.size / n, g.data(), columns, g.data(), columns,
                    factor.mutable_data(), n, {.alpha = static_cast<T>(1 - options_.beta2), .accumulate = true});
  }

  /// Eigenvectors, those of the largest eigenvalues first: in that order orthonormal() keeps them.
  static Tensor<T, Device> vectors(const Tensor<T, Device>& factor) {
    const auto found = eigh(factor).vectors;
    const std::int64_t n = found.size(0);
    const auto result = Tensor<T, Device>::empty(found.shape());
    T* out = result.mutable_data();
    for (std::int64_t i = 0; i < n; ++i)
      std::reverse_copy(found.data() + i * n, found.data() + (i + 1) * n, out + i * n);
    return result;
  }
  static Tensor<T, Device> orthonormal(const Tensor<T, Device>& x) {
    const auto q = Tensor<T, Device>::empty(x.shape());
    kernel::qr<T>(Device{}, 1, x.size(0), x.size(0), x.data(), q.mutable_data());
    return q;
  }

  SoapOptions options_;
  detail::PartStates<T, Device> state_;
};

/// soap({.lr = 3e-3, .every = 10})
template <class T = float, class Device = Cpu>
Soap<T, Device> soap(const SoapOptions& options) {
  return Soap<T, Device>(options);
}

}  // namespace regimen
