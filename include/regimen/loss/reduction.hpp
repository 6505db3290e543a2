// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

/// What a loss makes of the losses [n] of its samples: themselves, their mean [] or their sum [].
///
/// The samples lie along the leading axis. A sample of several elements, [n, ...], has the mean of their losses, so
/// that a learning rate does not depend on how many outputs there are; a scalar is one sample, and stays [] in each
/// case.
enum class Reduction { none, mean, sum };

/// The mean of each sample: [n, ...] to [n].
template <class T, class Device>
Tensor<T, Device> per_sample(const Tensor<T, Device>& losses) {
  if (losses.rank() <= 1) return losses;
  return mean(flatten(losses, 1), 1);
}

/// [n] to [n] or [].
template <class T, class Device>
Tensor<T, Device> reduce(const Tensor<T, Device>& losses, Reduction reduction) {
  if (reduction == Reduction::none) return losses;
  return reduction == Reduction::mean ? mean(losses) : sum(losses);
}

namespace detail {

/// Losses of elements, [n, ...], reduced by samples. All samples have as many elements, so the mean over samples is
/// that over all elements.
template <class T, class Device>
Tensor<T, Device> reduce_elements(const Tensor<T, Device>& losses, Reduction reduction) {
  if (reduction == Reduction::mean) return mean(losses);
  return reduce(per_sample(losses), reduction);
}

template <class A, class B>
void check_same_shape(const char* operation, const A& predictions, const B& targets) {
  if (!(predictions.shape() == targets.shape())) [[unlikely]]
    fail(operation,
         "predictions are " + predictions.shape().to_string() + " and targets " + targets.shape().to_string(),
         "shapes must agree; reshape or broadcast one first");
}

}  // namespace detail
}  // namespace regimen
