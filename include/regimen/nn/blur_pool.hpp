// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/conv.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

struct BlurPool2dOptions {
  std::int64_t size = 3;  ///< of the filter, 1 to 31
  std::int64_t stride = 2;
};

/// Each plane of x [..., height, width] blurred by a fixed binomial filter, such as (1 2 1) / 4 in both directions, and
/// sampled at every stride-th position, so that a shift of the image shifts the result: anti-aliased downsampling.
/// Edges are reflected: y [..., ceil(height / stride), ceil(width / stride)].
///
///   Sequential<> pool{MaxPool2d({.stride = 1}), BlurPool2d()};  // in the place of MaxPool2d()
///
/// Source: Zhang (2019), Making convolutional networks shift-invariant again. Throws Error for a size outside [1, 31],
/// a stride below 1, and images of fewer than size / 2 + 1 rows or columns.
struct BlurPool2d {
  explicit BlurPool2d(const BlurPool2dOptions& from = {}) : options(from) {
    if (options.size < 1 || options.size > 31 || options.stride < 1)
      detail::fail("BlurPool2d", {"size ", options.size, " and stride ", options.stride},
                   "the size is in [1, 31], and the stride positive");
  }

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    const std::int64_t k = options.size;
    if (x.rank() < 2 || x.size(-2) <= k / 2 || x.size(-1) <= k / 2)
      detail::fail("BlurPool2d", {"x is ", x.shape(), " for a filter of size ", k},
                   "x is [..., height, width] with more than size / 2 of both");
    const auto filter = Tensor<T, Device>::empty({1, 1, k, k});
    T* const weights = filter.mutable_data();
    std::vector<double> row{1};
    for (std::int64_t i = 1; i < k; ++i) {  // Pascal's triangle, halved in each row
      row.push_back(0);
      for (std::size_t j = row.size(); j-- > 0;) row[j] = (row[j] + (j > 0 ? row[j - 1] : 0)) / 2;
    }
    for (std::int64_t i = 0; i < k * k; ++i)
      weights[i] = static_cast<T>(row[static_cast<std::size_t>(i / k)] * row[static_cast<std::size_t>(i % k)]);
    const auto padded = reflected(reflected(x, -2), -1);
    const Shape planes{x.shape().sub(0, x.rank() - 2).size(), 1, padded.size(-2), padded.size(-1)};
    const auto y = conv2d(reshape(padded, planes), filter, {}, {.stride = options.stride});
    return reshape(y, x.shape().with(-2, y.size(2)).with(-1, y.size(3)));
  }

  BlurPool2dOptions options;
  REGIMEN_MODULE()

 private:
  /// x with (size - 1) / 2 entries before and size / 2 after those of an axis, mirrored at the first and last one.
  template <class T, class Device>
  Tensor<T, Device> reflected(const Tensor<T, Device>& x, int axis) const {
    if (options.size == 1) return x;
    const std::int64_t n = x.size(axis), before = (options.size - 1) / 2;
    const auto indices = Tensor<std::int64_t, Device>::empty({n + options.size - 1});
    std::int64_t* const from = indices.mutable_data();
    for (std::int64_t i = 0; i < indices.size(); ++i) {
      const std::int64_t at = i < before ? before - i : i - before;
      from[i] = at < n ? at : 2 * (n - 1) - at;
    }
    return index_select(x, axis, indices);
  }
};

}  // namespace regimen
