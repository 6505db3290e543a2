// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/cross_entropy.hpp"
#include "regimen/cpu/embedding.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/softmax.hpp"

namespace regimen {

/// Options of softmax_cross_entropy with labels.
template <class T = float, class Device = Cpu>
struct CrossEntropyOptions {
  double smoothing = 0;                  ///< e: the part of the target that is spread over all classes, in [0, 1]
  Tensor<T, Device> class_weights = {};  ///< w: one factor a class, or none; a constant, it gets no gradient
};

namespace detail {

/// g (softmax(x) sum_j t_j - t) by rows: the gradient of cross-entropies with targets t, written with recorded
/// operations.
template <class T, class Device>
Tensor<T, Device> cross_entropy_gradient(const Tensor<T, Device>& x, const Tensor<T, Device>& t,
                                         const Tensor<T, Device>& g) {
  return unsqueeze(g, -1) * (softmax(x) * sum(t, -1, {.keepdim = true}) - t);
}

/// The distributions that labels, smoothing and class weights stand for, of x's shape.
template <class T, class Device>
Tensor<T, Device> cross_entropy_targets(const Shape& shape, const Tensor<std::int64_t, Device>& labels,
                                        double smoothing, const Tensor<T, Device>& weights) {
  const auto t = Tensor<T, Device>::empty(shape);
  const Rows rows(shape);
  T* to = t.mutable_data();
  const T spread = static_cast<T>(smoothing) / static_cast<T>(rows.length);
  for (std::int64_t i = 0; i < rows.count; ++i, to += rows.length) {
    for (std::int64_t j = 0; j < rows.length; ++j) to[j] = spread * (weights.defined() ? weights.data()[j] : T{1});
    const std::int64_t y = labels.data()[i];
    to[y] += (1 - static_cast<T>(smoothing)) * (weights.defined() ? weights.data()[y] : T{1});
  }
  return t;
}

}  // namespace detail

/// Cross-entropy of labels under the softmax of logits [..., n]: one loss a row, of the labels' shape [...].
///
///   loss = (1 - e) w[y] (-log p[y]) + e / n sum_j w[j] (-log p[j])          p = softmax(logits)
///
/// with w = 1 without class weights: PyTorch's per-element loss, with its smoothing and weights; its mean with weights
/// divides by the sum of w[y]. Softmax and loss are one pass, and the gradient needs the logits and one number a row;
/// both are fused unless the gradient itself is recorded. Throws Error for labels outside [0, n), a smoothing outside
/// [0, 1], or shapes that do not agree.
template <class T, class Device>
Tensor<T, Device> softmax_cross_entropy(
    const Tensor<T, Device>& logits, const std::type_identity_t<Tensor<std::int64_t, Device>>& labels,
    const CrossEntropyOptions<std::type_identity_t<T>, std::type_identity_t<Device>>& options = {}) {
  const char* const operation = "softmax_cross_entropy";
  if (logits.rank() == 0 || !(labels.shape() == logits.shape().without(-1)))
    detail::fail(operation, {"logits are ", logits.shape(), " and labels ", labels.shape()},
                 "labels have the logits' shape without the innermost axis, that of the classes");
  const detail::Rows rows(logits.shape());
  if (!(options.smoothing >= 0 && options.smoothing <= 1))
    detail::fail(operation, {"smoothing is ", options.smoothing}, "it must be in [0, 1]");
  if (options.class_weights.defined() && !(options.class_weights.shape() == Shape{rows.length}))
    detail::fail(operation, {"class weights are ", options.class_weights.shape(), " and logits ", logits.shape()},
                 "give one weight a class");
  const std::int64_t wrong = kernel::find_out_of_range(Device{}, rows.count, labels.data(), rows.length);
  if (wrong >= 0)
    detail::fail(operation, {"label ", labels.data()[wrong], " at position ", wrong, ", logits are ", logits.shape()},
                 {"labels are in [0, ", rows.length, ")"});

  const auto kernel_options = [smoothing = options.smoothing](const T* weights) {
    return kernel::CrossEntropyOptions<T>{static_cast<T>(smoothing), weights};
  };
  const Tensor<T, Device> w = options.class_weights.detach();
  const auto lse = Tensor<T, Device>::empty(labels.shape()), loss = Tensor<T, Device>::empty(labels.shape());
  kernel::cross_entropy(Device{}, rows.count, rows.length, logits.data(), labels.data(),
                        kernel_options(w.defined() ? w.data() : nullptr), lse.mutable_data(), loss.mutable_data());
  if (!is_recorded(logits)) return loss;
  return record(
      operation, loss,
      [rows, kernel_options, smoothing = options.smoothing, x = Saved(logits), labels = Saved(labels),
       weighted = w.defined(), w = Saved(w.defined(), w), lse](const auto& backward) {
        const auto &values = backward(x), &g = backward.gradient();
        const auto weights = weighted ? backward(w) : Tensor<T, Device>{};
        if (is_recorded(values, g)) {
          const auto t = detail::cross_entropy_targets(values.shape(), backward(labels), smoothing, weights);
          return backward.add(0, detail::cross_entropy_gradient(values, t, g));
        }
        const auto dx = Tensor<T, Device>::empty(values.shape());
        kernel::cross_entropy_backward(Device{}, rows.count, rows.length, values.data(), backward(labels).data(),
                                       kernel_options(weighted ? weights.data() : nullptr), lse.data(), g.data(),
                                       dx.mutable_data());
        backward.add(0, dx);
      },
      logits);
}

/// Cross-entropy of distributions t under the softmax of logits, both [..., n]: one loss a row, of shape [...].
///
///   loss = sum_j t[j] (-log p[j])          p = softmax(logits)
///
/// Rows of t need not sum to 1; t gets a gradient where it is recorded. A target of 0 gives 0 even where the logit is
/// -infinity. Throws Error where the shapes differ.
template <class T, class Device>
Tensor<T, Device> softmax_cross_entropy(const Tensor<T, Device>& logits, const Tensor<T, Device>& targets) {
  const char* const operation = "softmax_cross_entropy";
  if (logits.rank() == 0 || !(targets.shape() == logits.shape()))
    detail::fail(operation, {"logits are ", logits.shape(), " and targets ", targets.shape()},
                 "targets are distributions over the innermost axis and have the logits' shape");
  const detail::Rows rows(logits.shape());
  const Shape shape = logits.shape().without(-1);
  const auto lse = Tensor<T, Device>::empty(shape), loss = Tensor<T, Device>::empty(shape);
  kernel::cross_entropy_soft(Device{}, rows.count, rows.length, logits.data(), targets.data(), lse.mutable_data(),
                             loss.mutable_data());
  if (!is_recorded(logits, targets)) return loss;
  return record(
      operation, loss,
      [rows, x = Saved(logits), t = Saved(targets), lse](const auto& backward) {
        const auto &values = backward(x), &weights = backward(t), &g = backward.gradient();
        if (backward.needs(1)) backward.add(1, -(unsqueeze(g, -1) * log_softmax(values)));
        if (!backward.needs(0)) return;
        if (is_recorded(values, weights, g)) return backward.add(0, detail::cross_entropy_gradient(values, weights, g));
        const auto dx = Tensor<T, Device>::empty(values.shape());
        kernel::cross_entropy_soft_backward(Device{}, rows.count, rows.length, values.data(), weights.data(),
                                            lse.data(), g.data(), dx.mutable_data());
        backward.add(0, dx);
      },
      logits, targets);
}

}  // namespace regimen
