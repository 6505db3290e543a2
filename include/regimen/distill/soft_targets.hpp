// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/loss/cross_entropy.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/softmax.hpp"

namespace regimen {

struct DistillationOptions {
  double temperature = 4;  ///< T, positive: larger shows more of how the teacher ranks the wrong classes
  double alpha = 0.9;      ///< the teacher's part, in [0, 1]; the labels have the rest
  Reduction reduction = Reduction::mean;
};

/// Knowledge distillation: the loss of a student's logits z against a teacher's logits v, both [n, ..., classes], and
/// labels y [n, ...].
///
///   loss = alpha T^2 KL(softmax(v / T) || softmax(z / T)) + (1 - alpha) (-log softmax(z)[y])
///
/// T^2 keeps the first term's gradient as large as the second's whatever T: for large T the term becomes
/// sum_j (z_j - v_j)^2 / (2 classes), with both logits centred, which is half the mean squared error of the logits. Its
/// gradient is T (softmax(z / T) - softmax(v / T)). Hinton et al. write the cross-entropy with the soft targets instead
/// of KL: the same gradient, and a loss that is 0 where the student agrees with the teacher only here.
///
/// The teacher is a constant: no gradient flows to it. A logit of -infinity of the teacher excludes the class. With
/// alpha = 1 the labels are not read and may be undefined, and with alpha = 0 nor is the teacher. Throws Error where
/// the shapes differ, for labels outside [0, classes), and for options outside their ranges.
///
/// G. Hinton, O. Vinyals and J. Dean, Distilling the knowledge in a neural network, 2015, section 2.
template <class T, class Device>
Tensor<T, Device> distillation_loss(const Tensor<T, Device>& student_logits,
                                    const std::type_identity_t<Tensor<T, Device>>& teacher_logits,
                                    const std::type_identity_t<Tensor<std::int64_t, Device>>& labels,
                                    const DistillationOptions& options = {}) {
  const char* const operation = "distillation_loss";
  const double temperature = options.temperature, alpha = options.alpha;
  if (!(temperature > 0) || !std::isfinite(temperature))
    detail::fail(operation, {"temperature is ", temperature}, "it must be positive and finite");
  if (!(alpha >= 0 && alpha <= 1)) detail::fail(operation, {"alpha is ", alpha}, "it must be in [0, 1]");
  const Shape& shape = student_logits.shape();
  if (shape.rank() == 0) detail::fail(operation, "the student's logits are []", "the last axis runs over the classes");
  if (alpha > 0 && !(teacher_logits.shape() == shape))
    detail::fail(operation, {"the student's logits are ", shape, " and the teacher's ", teacher_logits.shape()},
                 "both have one logit a class for the same samples");
  if (alpha < 1 && !(labels.shape() == shape.without(-1)))
    detail::fail(operation, {"the logits are ", shape, " and the labels ", labels.shape()},
                 "labels have the logits' shape without the axis of the classes");

  const CrossEntropyLossOptions<T, Device> reduction{.reduction = options.reduction};
  const auto soft = [&] {
    // KL as a cross-entropy less the teacher's entropy: classes that the teacher excludes count 0.
    const auto scale = static_cast<T>(1 / temperature);
    const auto v = stop_gradient(teacher_logits) * scale, p = softmax(v);
    const auto kl = cross_entropy(student_logits * scale, p, reduction) - cross_entropy(v, p, reduction);
    return kl * (alpha * temperature * temperature);
  };
  const auto hard = [&] { return cross_entropy(student_logits, labels, reduction) * (1 - alpha); };
  if (alpha == 0) return hard();
  if (alpha == 1) return soft();
  return soft() + hard();
}

}  // namespace regimen
