// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/distance.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct TripletOptions {
  double margin = 1;      ///< > 0: how much nearer the positive is to be
  double p = 2;           ///< of the distance's norm, >= 1; may be infinity
  double epsilon = 1e-6;  ///< added to each difference, so that no distance is 0
  bool swap = false;      ///< the negative's distance is the smaller of those from the anchor and from the positive
  Reduction reduction = Reduction::mean;
};

/// max(0, m + |a - p| - |a - n|) for anchors a, positives p and negatives n, all [n, ..., d], with the norm over the
/// last axis; mean over the axes between. As PyTorch's triplet_margin_loss. Throws Error where the shapes differ, and
/// for options outside their ranges.
///
/// Source: Schroff et al. (2015), FaceNet; swap: Balntas et al. (2016), Learning local feature descriptors with
/// triplets.
template <class T, class Device>
Tensor<T, Device> triplet(const Tensor<T, Device>& anchors, const Tensor<T, Device>& positives,
                          const Tensor<T, Device>& negatives, const TripletOptions& options = {}) {
  if (anchors.rank() == 0 || !(positives.shape() == anchors.shape()) || !(negatives.shape() == anchors.shape()))
    detail::fail(
        "triplet",
        {"anchors are ", anchors.shape(), ", positives ", positives.shape(), " and negatives ", negatives.shape()},
        "shapes must agree, and the last axis holds a point's coordinates");
  if (!(options.margin > 0)) detail::fail("triplet", {"margin is ", options.margin}, "the margin must be positive");
  if (!(options.p >= 1)) detail::fail("triplet", {"p is ", options.p}, "it must be >= 1");
  const PairwiseDistanceOptions distance{.p = options.p, .epsilon = options.epsilon};
  const auto near = pairwise_distance(anchors, positives, distance);
  auto far = pairwise_distance(anchors, negatives, distance);
  if (options.swap) far = minimum(far, pairwise_distance(positives, negatives, distance));
  return detail::reduce_elements(relu(near - far + static_cast<T>(options.margin)), options.reduction);
}

}  // namespace regimen
