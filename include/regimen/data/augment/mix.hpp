// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// A batch whose samples are mixed with others of it: sample i is weight[i] of itself and 1 - weight[i] of sample
/// partner[i], and so is its loss:
///
///   weight[i] loss(prediction[i], target[i]) + (1 - weight[i]) loss(prediction[i], target[partner[i]])
template <class T = float>
struct Mixed {
  Tensor<T> inputs;
  Tensor<std::int64_t> partner;  ///< [N]
  Tensor<T> weight;              ///< [N], in [0, 1]
};

namespace detail {

template <class T>
void check_mixed(const Shape& x, const Mixed<T>& mixed, const char* operation) {
  if (x.rank() < 1 || !(mixed.partner.shape() == x.sub(0, 1)) || !(mixed.weight.shape() == x.sub(0, 1)))
    fail(operation, {"samples are ", x, ", partners ", mixed.partner.shape(), " and weights ", mixed.weight.shape()},
         "there is one of each a sample");
  for (const std::int64_t j : mixed.partner.span())
    if (j < 0 || j >= x.begin()[0])
      fail(operation, {"partner ", j, " is outside the ", x.begin()[0], " samples"}, "partners are of the same batch");
}

}  // namespace detail

/// Samples [N, ...] mixed as in `mixed`: weight[i] x[i] + (1 - weight[i]) x[partner[i]]. Throws Error for other numbers
/// of samples, or samples that are recorded for gradients.
template <class T>
Tensor<T> mix(const Tensor<T>& x, const Mixed<T>& mixed) {
  detail::check_mixed(x.shape(), mixed, "mix");
  if (is_recorded(x))
    detail::fail("mix", "the samples " + x.shape().to_string() + " are recorded, and it has no gradient",
                 "detach() them first");
  auto result = Tensor<T>::empty(x.shape());
  const std::int64_t count = x.size(0), row = count == 0 ? 0 : x.size() / count;
  T* out = result.mutable_data();
  for (std::int64_t i = 0; i < count; ++i) {
    const T *own = x.data() + i * row, *other = x.data() + mixed.partner.data()[i] * row;
    const T weight = mixed.weight.data()[i];
    for (std::int64_t k = 0; k < row; ++k) out[i * row + k] = weight * own[k] + (1 - weight) * other[k];
  }
  return result;
}

/// Class labels [N] as mixed one-hot targets [N, classes], for cross-entropy with probabilities. Throws Error for a
/// label outside the classes, or another number of labels.
template <class T>
Tensor<T> mix_labels(const Tensor<std::int64_t>& labels, std::int64_t classes, const Mixed<T>& mixed) {
  detail::check_count("mix_labels", "classes", classes, 1);
  detail::check_mixed(labels.shape(), mixed, "mix_labels");
  for (const std::int64_t label : labels.span())
    if (label < 0 || label >= classes)
      detail::fail("mix_labels", {"label ", label, " is outside the ", classes, " classes"},
                   "labels are 0 to classes - 1");
  auto result = Tensor<T>::zeros({labels.size(), classes});
  T* out = result.mutable_data();
  for (std::int64_t i = 0; i < labels.size(); ++i) {
    const T weight = mixed.weight.data()[i];
    out[i * classes + labels.data()[i]] += weight;
    out[i * classes + labels.data()[mixed.partner.data()[i]]] += 1 - weight;
  }
  return result;
}

}  // namespace regimen
