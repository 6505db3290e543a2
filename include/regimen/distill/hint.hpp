// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/loss/mse.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"

namespace regimen {

/// Maps a student's hidden layer [..., student_width] to the width of the teacher's, [..., teacher_width]: r(h) = h W^T
/// + b. It is trained with the student and thrown away afterwards. Where both have the same width it may be left out;
/// FitNets use a convolution for feature maps, which hint_loss takes as well.
template <class T = float, class Device = Cpu>
struct HintRegressor {
  /// Throws Error for a width that is not positive.
  HintRegressor(std::int64_t student_width, std::int64_t teacher_width, Rng& rng)
      : map(student_width, teacher_width, rng) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& student_hidden) const { return map(student_hidden); }

  Linear<T, Device> map;
  REGIMEN_MODULE(map)
};

struct HintOptions {
  Reduction reduction = Reduction::mean;
};

/// Hint-based training: half the squared distance of what the regressor makes of the student's hidden layer to the
/// teacher's hidden layer u, both [n, ...].
///
///   loss = (r(h) - u)^2 / 2, mean over a sample's elements
///
///   const auto loss = hint_loss(regressor(student.lower(x)), teacher.lower(x));
///
/// FitNets take the sum over a sample's elements; the mean keeps a learning rate's meaning whatever the width. The
/// teacher is a constant: no gradient flows to it. Throws Error where the shapes differ.
///
/// A. Romero et al., FitNets: hints for thin deep nets, 2015, equation 3.
template <class T, class Device>
Tensor<T, Device> hint_loss(const Tensor<T, Device>& regressed, const Tensor<T, Device>& teacher_hidden,
                            const HintOptions& options = {}) {
  if (!(regressed.shape() == teacher_hidden.shape()))
    detail::fail(
        "hint_loss",
        {"the regressor's output is ", regressed.shape(), " and the teacher's hidden layer ", teacher_hidden.shape()},
        "map the student's layer with a HintRegressor(student_width, teacher_width, rng)");
  return mse(regressed, stop_gradient(teacher_hidden), {.reduction = options.reduction}) * 0.5;
}

}  // namespace regimen
