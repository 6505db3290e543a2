// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <limits>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/straight_through.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct GumbelSoftmaxOptions {
  double temperature = 1;  ///< towards 0 the samples become one-hot and the gradients large
  bool hard = false;       ///< one-hot samples, with the gradient of the soft ones
};

/// Samples of the Gumbel-softmax (concrete) distribution over the last axis, differentiable by the logits:
///
///   y = softmax((logits + noise) / temperature),  noise = -log(-log u),  u uniform in (0, 1)
///
/// The largest entry is entry k with probability softmax(logits)[k]. Takes from rng what uniform<T>(logits.shape())
/// takes. Throws Error unless the temperature is positive and finite, for a scalar, and with `hard` for a last axis of
/// size 0.
///
/// Source: Jang, Gu & Poole (2017); Maddison, Mnih & Teh (2017).
template <class T, class Device>
Tensor<T, Device> gumbel_softmax(const Tensor<T, Device>& logits, Rng& rng, const GumbelSoftmaxOptions& options = {}) {
  if (!(options.temperature > 0 && options.temperature <= std::numeric_limits<T>::max()))
    detail::fail("gumbel_softmax", {"temperature is ", options.temperature, " for logits of shape ", logits.shape()},
                 "it must be positive and finite");
  if (logits.rank() == 0)
    detail::fail("gumbel_softmax", {"logits is ", logits.shape()}, "the last axis is of the categories");
  const auto u = rng.uniform<T>(logits.shape(), std::numeric_limits<T>::min(), 1);
  const auto soft = softmax((logits - log(-log(u))) * static_cast<T>(1 / options.temperature), -1);
  if (!options.hard) return soft;
  return straight_through(one_hot<T>(argmax(soft.detach(), -1), logits.size(-1)), soft);
}

}  // namespace regimen
