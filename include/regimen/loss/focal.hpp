// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

template <class T = float, class Device = Cpu>
struct FocalOptions {
  double gamma = 2;                      ///< >= 0: how fast the weight falls with the label's probability; 0 is plain
  Tensor<T, Device> class_weights = {};  ///< a: one factor a class, or none; a constant
  Reduction reduction = Reduction::mean;
};

struct BinaryFocalOptions {
  double gamma = 2;     ///< >= 0: how fast the weight falls with the target's probability; 0 is plain
  double alpha = 0.25;  ///< factor of the terms with target 1, in [0, 1]; those with target 0 have 1 - alpha
  Reduction reduction = Reduction::mean;
};

/// Focal loss, cross-entropy that gives little weight to what is right already, of labels y [n, ...] under
/// p = softmax(logits), logits [n, ..., classes]:
///
///   a[y] (1 - p[y])^gamma (-log p[y])          a = 1 where there are no weights
///
/// Mean over a sample's axes between the first and the classes; the mean over samples is the plain one, also with
/// weights. 1 - p[y] is the sum of the other classes' probabilities, without cancellation, so that gradients are finite
/// for any gamma. Throws Error for labels outside [0, classes), a negative gamma, or shapes that do not agree.
///
/// Source: Lin et al. (2017), Focal loss for dense object detection.
template <class T, class Device>
Tensor<T, Device> focal(const Tensor<T, Device>& logits, const Tensor<std::int64_t, Device>& labels,
                        const FocalOptions<T, Device>& options = {}) {
  if (logits.rank() == 0 || !(labels.shape() == logits.shape().without(-1)))
    detail::fail("focal", {"logits are ", logits.shape(), " and labels ", labels.shape()},
                 "labels have the logits' shape without the last axis, that of the classes");
  if (!(options.gamma >= 0)) detail::fail("focal", {"gamma is ", options.gamma}, "it must be >= 0");
  const auto& weights = options.class_weights;
  if (weights.defined() && !(weights.shape() == Shape{logits.size(-1)}))
    detail::fail("focal", {"class weights are ", weights.shape(), " and logits ", logits.shape()},
                 "give one weight a class");
  const auto log_p = log_softmax(logits, -1);
  auto losses = -squeeze(gather(log_p, -1, unsqueeze(labels, -1)), -1);
  if (options.gamma != 0) {
    const auto none = Tensor<T, Device>::scalar(kernel::reduction::lowest<T>);
    const auto others = logsumexp(where(one_hot<T>(labels, logits.size(-1)), none, log_p), -1);
    losses = losses * exp(others * static_cast<T>(options.gamma));
  }
  if (weights.defined())
    losses = losses * reshape(index_select(weights.detach(), 0, reshape(labels, Shape{labels.size()})), labels.shape());
  return detail::reduce_elements(losses, options.reduction);
}

/// Focal loss of targets t in [0, 1] under probabilities p = sigmoid(x), for logits x [n, ...] and targets of the same
/// shape; mean over a sample's elements:
///
///   alpha t (1 - p)^gamma (-log p) + (1 - alpha) (1 - t) p^gamma (-log(1 - p))
///
/// For targets 0 and 1 this is torchvision's sigmoid_focal_loss; a target between is a mixture of the two here, and has
/// one common factor there. Throws Error where the shapes differ, and for options outside their ranges.
///
/// Source: Lin et al. (2017), Focal loss for dense object detection.
template <class T, class Device>
Tensor<T, Device> binary_focal(const Tensor<T, Device>& logits, const Tensor<T, Device>& targets,
                               const BinaryFocalOptions& options = {}) {
  detail::check_same_shape("binary_focal", logits, targets);
  if (!(options.gamma >= 0)) detail::fail("binary_focal", {"gamma is ", options.gamma}, "it must be >= 0");
  if (!(options.alpha >= 0 && options.alpha <= 1))
    detail::fail("binary_focal", {"alpha is ", options.alpha}, "it must be in [0, 1]");
  const auto gamma = static_cast<T>(options.gamma), alpha = static_cast<T>(options.alpha);
  const auto from_one = softplus(-logits), from_zero = softplus(logits);  // -log p and -log(1 - p)
  const auto positive = targets * alpha * exp(from_zero * -gamma) * from_one;
  const auto negative = (T{1} - targets) * (T{1} - alpha) * exp(from_one * -gamma) * from_zero;
  return detail::reduce_elements(positive + negative, options.reduction);
}

}  // namespace regimen
