// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct HingeOptions {
  double margin = 1;     ///< m > 0
  bool squared = false;  ///< the square of each hinge, whose gradient is continuous
  Reduction reduction = Reduction::mean;
};

namespace detail {

template <class T>
T hinge_margin(const char* operation, const HingeOptions& options) {
  if (!(options.margin > 0))
    fail(operation, "margin is " + std::to_string(options.margin), "the margin must be positive");
  return static_cast<T>(options.margin);
}

/// s[j] - s[y] + m, without m where j = y: what hinges of classes are made of.
template <class T, class Device>
Tensor<T, Device> margins(const char* operation, const Tensor<T, Device>& scores,
                          const Tensor<std::int64_t, Device>& labels, T margin) {
  if (scores.rank() == 0 || !(labels.shape() == scores.shape().without(-1)))
    fail(operation, "scores are " + scores.shape().to_string() + " and labels " + labels.shape().to_string(),
         "labels have the scores' shape without the last axis, that of the classes");
  const auto others = (T{1} - one_hot<T>(labels, scores.size(-1))) * margin;
  return scores - gather(scores, -1, unsqueeze(labels, -1)) + others;
}

}  // namespace detail

/// max(0, m - t s), or its square, for scores s [n, ...] and targets t of the same shape, each -1 or 1; mean over a
/// sample's elements. The gradient at the hinge is 0. Throws Error for other targets or where the shapes differ.
template <class T, class Device>
Tensor<T, Device> hinge(const Tensor<T, Device>& scores, const Tensor<T, Device>& targets,
                        const HingeOptions& options = {}) {
  detail::check_same_shape("hinge", scores, targets);
  const T margin = detail::hinge_margin<T>("hinge", options);
  for (const T t : targets.span())
    if (t != T{1} && t != T{-1})
      detail::fail("hinge", {"a target is ", t}, "targets are -1 or 1; map labels y to 2 y - 1");
  const auto losses = relu(margin - scores * targets);
  return detail::reduce_elements(options.squared ? square(losses) : losses, options.reduction);
}

/// max(0, m + max_{j != y} s[j] - s[y]), or its square, for scores s [n, ..., classes] and labels y [n, ...]: how far
/// the best wrong class comes within the margin. Mean over the axes between the first and the classes.
///
/// Source: Crammer & Singer (2001), On the algorithmic implementation of multiclass kernel-based vector machines.
/// Throws Error for labels outside [0, classes) or shapes that do not agree.
template <class T, class Device>
Tensor<T, Device> crammer_singer_hinge(const Tensor<T, Device>& scores, const Tensor<std::int64_t, Device>& labels,
                                       const HingeOptions& options = {}) {
  const T margin = detail::hinge_margin<T>("crammer_singer_hinge", options);
  const auto losses = max(detail::margins("crammer_singer_hinge", scores, labels, margin), -1);
  return detail::reduce_elements(options.squared ? square(losses) : losses, options.reduction);
}

/// sum_{j != y} max(0, m + s[j] - s[y]) / classes, or with their squares, for scores s [n, ..., classes] and labels y
/// [n, ...]: every class within the margin counts. Mean over the axes between the first and the classes.
///
/// Source: Weston & Watkins (1999), Support vector machines for multi-class pattern recognition; divided as PyTorch's
/// multi_margin_loss. Throws Error for labels outside [0, classes) or shapes that do not agree.
template <class T, class Device>
Tensor<T, Device> multi_margin_hinge(const Tensor<T, Device>& scores, const Tensor<std::int64_t, Device>& labels,
                                     const HingeOptions& options = {}) {
  const T margin = detail::hinge_margin<T>("multi_margin_hinge", options);
  const auto terms = relu(detail::margins("multi_margin_hinge", scores, labels, margin));
  return detail::reduce_elements(mean(options.squared ? square(terms) : terms, -1), options.reduction);
}

}  // namespace regimen
