// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/autodiff/record.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/cpu/segment.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"

/// Reductions of the rows of values[n, ...] by group: row k belongs to segment ids[k], in any order, and the result is
/// [segments, ...]. A segment without rows is 0. As PyTorch's scatter_reduce along axis 0 on zeros, without them. Throw
/// Error unless ids is a vector of n numbers in [0, segments).
namespace regimen {
namespace detail {

template <class T, class Device>
void check_segments(const char* operation, const Tensor<T, Device>& values, const Tensor<std::int64_t, Device>& ids,
                    std::int64_t segments) {
  if (values.rank() == 0 || ids.rank() != 1 || ids.size() != values.size(0))
    fail(operation, {"values are ", values.shape(), " and ids ", ids.shape()}, "give one id a row: [n, ...] and [n]");
  if (segments < 0) fail(operation, {segments, " segments for values of ", values.shape()}, "there are 0 or more");
  check_indices(operation, ids, segments, "values are", values.shape());
}

}  // namespace detail

/// y_s = sum of values_k over ids_k = s, added in order of k.
template <class T, class Device>
Tensor<T, Device> segment_sum(const Tensor<T, Device>& values, const Tensor<std::int64_t, Device>& ids,
                              std::int64_t segments) {
  detail::check_segments("segment_sum", values, ids, segments);
  return detail::add_selected(values.shape().with(0, segments), 0, ids, values);
}

/// The mean of a segment's rows.
template <class T, class Device>
Tensor<T, Device> segment_mean(const Tensor<T, Device>& values, const Tensor<std::int64_t, Device>& ids,
                               std::int64_t segments) {
  detail::check_segments("segment_mean", values, ids, segments);
  Shape shape{segments};
  while (shape.rank() < values.rank()) shape.append(1);
  const auto counts = Tensor<std::int64_t, Device>::zeros(shape);
  std::int64_t* count = counts.mutable_data();
  for (const std::int64_t id : ids.span()) ++count[id];
  std::replace(count, count + segments, std::int64_t{0}, std::int64_t{1});
  return detail::add_selected(values.shape().with(0, segments), 0, ids, values) / counts.template to<T>();
}

/// The largest of a segment's elements, NaN where one is. The gradient goes to the largest element, in equal parts
/// where several are.
template <class T, class Device>
Tensor<T, Device> segment_max(const Tensor<T, Device>& values, const Tensor<std::int64_t, Device>& ids,
                              std::int64_t segments) {
  detail::check_segments("segment_max", values, ids, segments);
  const auto y = Tensor<T, Device>::empty(values.shape().with(0, segments));
  kernel::segment_max(Device{}, ids.size(), values.shape().sub(1, values.rank()).size(), segments, values.data(),
                      ids.data(), y.mutable_data());
  if (!is_recorded(values)) return y;
  return record(
      "segment_max", y,
      [values = Saved(values.detach()), ids = Saved(ids), y = save_output(y)](const auto& backward) {
        const auto& of = backward(ids);
        const auto& best = backward(y);
        const auto is_best = equal(backward(values), detail::selected(best, 0, of));
        const auto share = is_best / detail::selected(detail::add_selected(best.shape(), 0, of, is_best), 0, of);
        backward.add(0, detail::selected(backward.gradient(), 0, of) * share);
      },
      values);
}

}  // namespace regimen
