// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/batch_norm.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/norm.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

struct GhostBatchNormOptions {
  std::int64_t ghost = 128;  ///< rows of a ghost batch, at least 2
  double epsilon = 1e-5;
  double momentum = 0.1;  ///< m: the part of the running statistics that a ghost batch replaces, in [0, 1]
  bool affine = true;     ///< with weight and bias
};

/// Batch normalisation of x [n, channels], [n, channels, length] or [n, channels, height, width] in training by parts
/// of the batch, so that a large batch has the noise of a small one. The rows are cut, in order, into ghost batches of
/// `ghost` rows; the last one may be smaller, and a single row that is left over belongs to the one before. Each is
/// normalised by its own mean and biased variance, with a common weight and bias, and then moves the running
/// statistics, one after the other:
///
///   running <- (1 - m) running + m ghost's
///
/// with the unbiased variance. In evaluation with the running statistics. Where ghost >= n it is BatchNorm.
///
/// Source: Hoffer et al. (2017), Train longer, generalize better, algorithm 1. Deviation: the paper averages standard
/// deviations; here variances, as BatchNorm does. Throws Error in training for fewer than two elements a channel.
template <class T = float, class Device = Cpu>
struct GhostBatchNorm {
  explicit GhostBatchNorm(std::int64_t channels, const GhostBatchNormOptions& options = {})
      : running_mean(Tensor<T, Device>::zeros({channels})),
        running_variance(Tensor<T, Device>::ones({channels})),
        ghost(options.ghost),
        epsilon(options.epsilon),
        momentum(options.momentum) {
    if (!(momentum >= 0 && momentum <= 1))
      detail::fail("GhostBatchNorm", {"momentum is ", momentum}, "momentum must be in [0, 1]");
    if (ghost < 2) detail::fail("GhostBatchNorm", {"ghost is ", ghost}, "a ghost batch has at least 2 rows");
    if (!options.affine) return;
    weight = variable(Tensor<T, Device>::ones({channels}));
    bias = variable(Tensor<T, Device>::zeros({channels}));
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    const std::int64_t channels = running_mean.size();
    detail::check_batch_norm("GhostBatchNorm", x, channels, mode.training);
    if (!mode.training) return batch_norm(x, weight, bias, running_mean, running_variance, epsilon, false).y;
    const std::int64_t n = x.size(0), rest = n % ghost;
    const std::int64_t whole = n <= ghost ? 0 : n / ghost - (rest == 1 ? 1 : 0), cut = whole * ghost;
    if (cut == 0) return normalized(x, 1);
    if (cut == n) return normalized(x, whole);
    const auto first = normalized(slice(x, 0, 0, cut), whole);
    return concat({first, normalized(slice(x, 0, cut, n), 1)});
  }

  Tensor<T, Device> weight, bias;  ///< undefined where there is none
  Tensor<T, Device> running_mean, running_variance;
  std::int64_t ghost;
  double epsilon, momentum;
  Mode mode;
  REGIMEN_MODULE(weight, bias, running_mean, running_variance, mode)

 private:
  /// x as `count` ghost batches of equal size: batch normalisation of count times as many channels.
  Tensor<T, Device> normalized(const Tensor<T, Device>& x, std::int64_t count) const {
    const std::int64_t channels = running_mean.size(), rows = x.size(0) / count,
                       inner = x.shape().sub(2, x.rank()).size();
    const auto exchange = [&](const Tensor<T, Device>& v, std::int64_t a, std::int64_t b, const Shape& shape) {
      return count == 1 ? v : reshape(transpose(reshape(v, Shape{a, b, channels * inner}), 0, 1), shape);
    };
    const auto repeat = [&](const Tensor<T, Device>& v) {
      return count == 1 || !v.defined() ? v : reshape(broadcast_to(v, Shape{count, channels}), Shape{count * channels});
    };
    const auto result = batch_norm(exchange(x, count, rows, Shape{rows, count * channels, inner}), repeat(weight),
                                   repeat(bias), {}, {}, epsilon, true);
    const auto elements = static_cast<double>(rows * inner);
    for (std::int64_t i = 0; i < count; ++i) {
      detail::blend_statistics(running_mean, result.mean.view(i * channels, {channels}), momentum);
      detail::blend_statistics(running_variance, result.variance.view(i * channels, {channels}), momentum,
                               elements / (elements - 1));
    }
    return exchange(result.y, rows, count, x.shape());
  }
};

}  // namespace regimen
