// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// Samples to learn from, one an entry of the leading axes: inputs [n, ...], and where there are some, class labels [n]
/// and real-valued targets [n, ...]. A tensor that is left out is undefined.
template <class T = float>
struct Dataset {
  Tensor<T> inputs = {};
  Tensor<std::int64_t> labels = {};
  Tensor<T> targets = {};

  /// Number of samples. Throws Error where the tensors disagree about it.
  std::int64_t size() const;
};

/// Some samples of a Dataset, and which they are.
template <class T = float>
struct Batch {
  Tensor<T> inputs = {};
  Tensor<std::int64_t> labels = {};
  Tensor<T> targets = {};
  Tensor<std::int64_t> indices = {};

  std::int64_t size() const { return indices.size(); }
};

namespace detail {

/// Entries `indices` of x's leading axis, in order, copied into one new tensor; undefined where x is. The indices are
/// in range.
template <class T>
Tensor<T> gather_entries(const Tensor<T>& x, const Tensor<std::int64_t>& indices) {
  if (!x.defined()) return {};
  auto result = Tensor<T>::empty(x.shape().with(0, indices.size()));
  const std::int64_t row = x.size(0) == 0 ? 0 : x.size() / x.size(0);
  if (row == 0) return result;
  const T* from = x.data();
  T* to = result.mutable_data();
  const std::int64_t* index = indices.data();
  constexpr std::int64_t bytes_worth_a_thread = 1 << 18;
  parallel_for(indices.size(), bytes_worth_a_thread / (row * static_cast<std::int64_t>(sizeof(T))) + 1,
               [=](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t i = begin; i < end; ++i)
                   std::memcpy(to + i * row, from + index[i] * row, static_cast<std::size_t>(row) * sizeof(T));
               });
  return result;
}

inline void check_indices(const Tensor<std::int64_t>& indices, std::int64_t count, const char* operation) {
  if (indices.rank() != 1) fail(operation, "the indices are " + indices.shape().to_string(), "indices are a vector");
  for (const std::int64_t index : indices.span())
    if (index < 0 || index >= count)
      fail(operation, "index " + std::to_string(index) + " is outside the " + std::to_string(count) + " samples");
}

}  // namespace detail

template <class T>
std::int64_t Dataset<T>::size() const {
  const bool right = inputs.rank() != 0 && (!labels.defined() || labels.shape() == Shape{inputs.size(0)}) &&
                     (!targets.defined() || (targets.rank() != 0 && targets.size(0) == inputs.size(0)));
  if (!right)
    detail::fail("Dataset",
                 {"inputs are ", inputs.shape(), (labels.defined() ? ", labels " + labels.shape().to_string() : ""),
                  (targets.defined() ? ", targets " + targets.shape().to_string() : "")},
                 "the leading axes must agree, and labels be a vector");
  return inputs.size(0);
}

/// The samples of the given indices, in that order, copied once; an index may stand there more than once. Throws Error
/// for an index outside [0, size).
template <class T>
Batch<T> gather(const Dataset<T>& dataset, const Tensor<std::int64_t>& indices) {
  detail::check_indices(indices, dataset.size(), "gather");
  return {detail::gather_entries(dataset.inputs, indices), detail::gather_entries(dataset.labels, indices),
          detail::gather_entries(dataset.targets, indices), indices};
}

/// A Dataset of the samples of the given indices. Throws Error for an index outside [0, size).
template <class T>
Dataset<T> subset(const Dataset<T>& dataset, const Tensor<std::int64_t>& indices) {
  Batch<T> batch = gather(dataset, indices);
  return {batch.inputs, batch.labels, batch.targets};
}

}  // namespace regimen
