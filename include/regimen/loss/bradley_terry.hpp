// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct BradleyTerryOptions {
  double margin = 0;     ///< m: how much higher the chosen score is to be
  double smoothing = 0;  ///< e: the probability that a preference is stated the wrong way round, in [0, 0.5]
  Reduction reduction = Reduction::mean;
};

/// -log of the probability that the chosen of two is preferred, sigmoid(d) with d = chosen - rejected - m, for scores
/// [n, ...] of both; mean over a sample's elements:
///
///   (1 - e) softplus(-d) + e softplus(d)
///
/// Throws Error where the shapes differ or smoothing is outside [0, 0.5].
///
/// Source: Bradley & Terry (1952), Rank analysis of incomplete block designs. Reward models of Christiano et al.
/// (2017); margin as in Touvron et al. (2023), Llama 2; smoothing as in conservative DPO (Mitchell 2023).
template <class T, class Device>
Tensor<T, Device> bradley_terry(const Tensor<T, Device>& chosen, const Tensor<T, Device>& rejected,
                                const BradleyTerryOptions& options = {}) {
  if (!(chosen.shape() == rejected.shape()))
    detail::fail("bradley_terry", {"chosen scores are ", chosen.shape(), " and rejected ones ", rejected.shape()},
                 "there is one of each in a pair");
  const double e = options.smoothing;
  if (!(e >= 0 && e <= 0.5)) detail::fail("bradley_terry", {"smoothing is ", e}, "it must be in [0, 0.5]");
  const auto d = chosen - rejected - static_cast<T>(options.margin);
  auto losses = softplus(-d);
  if (e != 0) losses = losses * static_cast<T>(1 - e) + softplus(d) * static_cast<T>(e);
  return detail::reduce_elements(losses, options.reduction);
}

}  // namespace regimen
