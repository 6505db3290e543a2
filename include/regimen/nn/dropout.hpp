// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/dropout.hpp"

namespace regimen {

/// In training, each element becomes 0 with probability p and is multiplied by 1 / (1 - p) otherwise, so that its mean
/// stays; in evaluation the input itself. Source: Srivastava et al. (2014), Dropout.
///
/// It has a stream of random numbers of its own, split off the one that it is made with, which moves on by one word so
/// that the next layer gets another stream. Each call in training advances it; a copy goes on by itself.
struct Dropout {
  /// Throws Error unless 0 <= p <= 1.
  Dropout(double probability, Rng& from) : p(probability), rng(from.split(from.next32())) {
    if (!(p >= 0 && p <= 1)) detail::fail("Dropout", {"p is ", p}, "p must be in [0, 1]");
  }

  template <class T, class Device>
  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (!mode.training) return x;
    return dropout(x, p, rng);
  }

  double p;
  mutable Rng rng;
  Mode mode;
  REGIMEN_MODULE(rng, mode)
};

}  // namespace regimen
