// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct ContrastiveDivergenceOptions {
  double regularisation = 0;  ///< >= 0: factor of the mean squares of the energies, which holds them near 0
};

/// What trains an energy-based model, whose density is proportional to exp(-E): the energies of data, any shape, less
/// those of samples that a few steps of a Markov chain drew from the model, any shape, as one number []:
///
///   mean E(data) - mean E(samples) + a (mean E(data)^2 + mean E(samples)^2)
///
/// Its gradient is an estimate of that of the mean -log density where the chain has come to its end. The samples are
/// constants: take their energies of stop_gradient()ed samples. Throws Error for no energies and a negative
/// regularisation.
///
/// Source: Hinton (2002), Training products of experts by minimizing contrastive divergence; the regularisation is Du &
/// Mordatch's (2019), Implicit generation and modeling with energy-based models.
template <class T, class Device>
Tensor<T, Device> contrastive_divergence(const Tensor<T, Device>& data_energies,
                                         const Tensor<T, Device>& sample_energies,
                                         const ContrastiveDivergenceOptions& options = {}) {
  if (data_energies.size() == 0 || sample_energies.size() == 0)
    detail::fail("contrastive_divergence",
                 {"energies of data are ", data_energies.shape(), " and of samples ", sample_energies.shape()},
                 "there must be some of both");
  const double a = options.regularisation;
  if (!(a >= 0)) detail::fail("contrastive_divergence", {"regularisation is ", a}, "it must be >= 0");
  const auto difference = mean(data_energies) - mean(sample_energies);
  if (a == 0) return difference;
  return difference + (mean(square(data_energies)) + mean(square(sample_energies))) * static_cast<T>(a);
}

}  // namespace regimen
