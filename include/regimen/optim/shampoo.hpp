// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>

#include "regimen/cpu/optimizer.hpp"
#include "regimen/ops/eigh.hpp"
#include "regimen/optim/part_states.hpp"

namespace regimen {
namespace detail {

/// s^-power of a symmetric s [n, n] whose eigenvalues are at least `floor` > 0, but for rounding.
template <class T, class Device>
Tensor<T, Device> inverse_root(const Tensor<T, Device>& s, double power, double floor) {
  const auto [values, vectors] = eigh(s);
  T* w = values.mutable_data();
  for (std::int64_t i = 0; i < values.size(); ++i)
    w[i] = static_cast<T>(std::pow(std::max(static_cast<double>(w[i]), floor), -power));
  return matmul(vectors * values, vectors, {.transpose_b = true});
}

}  // namespace detail

struct ShampooOptions {
  Schedule lr = 0.1;
  double momentum = 0;           ///< of the preconditioned gradients, in [0, 1)
  double epsilon = 1e-4;         ///< the factors begin as epsilon I; positive
  std::int64_t every = 1;        ///< updates between two computations of the roots; at least 1
  std::int64_t block = 512;      ///< largest side of a matrix that is preconditioned as a whole; at least 1
  double weight_decay = 0;       ///< decoupled, times lr
  std::string decay_mask = "*";  ///< names of the parameters that decay
};

/// Shampoo: each matrix G of gradients is preconditioned from both sides.
///
///   L <- L + G G^T     R <- R + G^T G     u = L^-1/4 G R^-1/4
///   m <- momentum m + u     p <- (1 - lr weight_decay) p - lr m
///
/// A matrix is a parameter of two axes or more, its leading axis against all others; one with a side longer than
/// `block` is cut into blocks, each with its own L and R. For the other parameters, u is Adagrad's: s <- s + g^2, u = g
/// / sqrt(s), s beginning as epsilon. State: four squares a block and, with momentum, an array. Cost of the roots: two
/// eigenproblems a block. Throws Error for options outside their ranges and gradients that are not finite. Brings
/// Eigen.
///
/// V. Gupta, T. Koren and Y. Singer, Shampoo: preconditioned stochastic tensor optimization, 2018, algorithm 1.
template <class T = float, class Device = Cpu>
class Shampoo {
 public:
  explicit Shampoo(const ShampooOptions& options) : options_(options), state_("shampoo") {
    detail::check_decay("shampoo", "momentum", options.momentum);
    detail::check_positive("shampoo", "epsilon", options.epsilon);
    detail::check_count("shampoo", "every", options.every, 1);
    detail::check_count("shampoo", "block", options.block, 1);
    detail::check_not_negative("shampoo", "weight_decay", options.weight_decay);
  }

  void update(Parameters<T, Device>& parameters, const Progress& progress) {
    const double lr = detail::learning_rate("shampoo", options_.lr, progress);
    const NoGrad guard;
    const std::int64_t number = state_.begin(parameters, [&](const detail::Part& part) { return shapes(part); });
    std::size_t i = 0;
    detail::each_parameter(parameters, [&](const detail::Part& part) {
      auto& state = state_.of(i++);
      const T* g = parameters.gradients().data() + part.offset;
      T* p = parameters.values().mutable_data() + part.offset;
      const auto direction = Tensor<T, Device>::zeros({part.size});
      T* u = direction.mutable_data();
      if (part.is_matrix()) {
        precondition(part, number, g, state, u);
      } else {
        if (number == 1) state[0].fill(static_cast<T>(options_.epsilon));
        kernel::adagrad<T>(Device{}, part.size, {T(-1), T(0), T(0)}, g, state[0].mutable_data(), u);
      }
      if (options_.momentum != 0) {
        T* m = state.back().mutable_data();
        kernel::scale<T>(Device{}, part.size, static_cast<T>(options_.momentum), m);
        kernel::add_scaled<T>(Device{}, part.size, T(1), u, m);
        u = m;
      }
      detail::decay(part, lr, options_.weight_decay, options_.decay_mask, parameters);
      kernel::add_scaled<T>(Device{}, part.size, static_cast<T>(-lr), u, p);
    });
  }

  void save(State& state) const { state_.save(state); }
  void load(const State& state) { state_.load(state); }

 private:
  /// Calls f(row, column, height, width) on each block.
  template <class F>
  void each_block(const detail::Part& part, const F& f) const {
    for (std::int64_t row = 0; row < part.rows(); row += options_.block)
      for (std::int64_t column = 0; column < part.columns(); column += options_.block)
        f(row, column, std::min(options_.block, part.rows() - row), std::min(options_.block, part.columns() - column));
  }

  /// Of a matrix, for each block L, R and their roots; of others the sum of squares; with momentum, m.
  std::vector<Shape> shapes(const detail::Part& part) const {
    std::vector<Shape> result;
    if (part.is_matrix())
      each_block(part, [&](std::int64_t, std::int64_t, std::int64_t height, std::int64_t width) {
        for (int i = 0; i < 2; ++i) {
          result.push_back({height, height});
          result.push_back({width, width});
        }
      });
    else
      result = {{part.size}};
    if (options_.momentum != 0) result.push_back({part.size});
    return result;
  }

  void precondition(const detail::Part& part, std::int64_t number, const T* g, std::vector<Tensor<T, Device>>& state,
                    T* u) const {
    const std::int64_t columns = part.columns();
    auto tensor = state.begin();
    each_block(part, [&](std::int64_t row, std::int64_t column, std::int64_t height, std::int64_t width) {
      const auto &left = *tensor++, &right = *tensor++;
      auto &left_root = *tensor++, &right_root = *tensor++;
      const T* block = g + row * columns + column;
      T *l = left.mutable_data(), *r = right.mutable_data();
      if (number == 1) {
        for (std::int64_t k = 0; k < height; ++k) l[k * height + k] = static_cast<T>(options_.epsilon);
        for (std::int64_t k = 0; k < width; ++k) r[k * width + k] = static_cast<T>(options_.epsilon);
      }
      kernel::gemm<T>(Device{}, false, true, height, height, width, block, columns, block, columns, l, height,
                      {.accumulate = true});
      kernel::gemm<T>(Device{}, true, false, width, width, height, block, columns, block, columns, r, width,
                      {.accumulate = true});
      if ((number - 1) % options_.every == 0) {
        left_root = detail::inverse_root(left, 0.25, options_.epsilon);
        right_root = detail::inverse_root(right, 0.25, options_.epsilon);
      }
      const auto half = Tensor<T, Device>::empty({height, width});
      kernel::gemm<T>(Device{}, false, false, height, width, height, left_root.data(), height, block, columns,
                      half.mutable_data(), width);
      kernel::gemm<T>(Device{}, false, false, height, width, width, half.data(), width, right_root.data(), width,
                      u + row * columns + column, columns);
    });
  }

  ShampooOptions options_;
  detail::PartStates<T, Device> state_;
};

/// shampoo({.lr = 0.1, .every = 20})
template <class T = float, class Device = Cpu>
Shampoo<T, Device> shampoo(const ShampooOptions& options) {
  return Shampoo<T, Device>(options);
}

}  // namespace regimen
