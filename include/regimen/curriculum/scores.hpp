// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>

#include "regimen/autodiff/grad_mode.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// The per-sample losses [n] of the samples with the indices [n].
template <class F>
concept SampleLosses = requires(F& f, const Tensor<std::int64_t>& indices) {
  typename decltype(f(indices))::Scalar;
  { f(indices).size() } -> std::convertible_to<std::int64_t>;
};

/// Difficulties of a data set's samples 0, ..., count - 1 for a CurriculumSampler: the losses that f gives them, larger
/// is harder. f is called with `chunk` consecutive indices at a time (the last may be fewer), not recorded, and answers
/// with one loss an index. Put a model with dropout into evaluation first: set_training(teacher, false).
///
///   const Tensor<float> scores = score_dataset(data.size(), 256, [&](const Tensor<std::int64_t>& indices) {
///     const auto batch = gather(data, indices);
///     return softmax_cross_entropy(teacher(batch.inputs), batch.labels);
///   });
///
/// The teacher may be another, trained model (scoring by transfer) or the same model trained before (self-taught).
/// Where the samples do not interact in f, the scores do not depend on `chunk` but for rounding. Throws Error for a
/// negative count, a chunk below 1, answers of another shape than the indices, and losses that are NaN.
///
/// G. Hacohen and D. Weinshall, On the power of curriculum learning in training deep networks, 2019, section 2.
template <SampleLosses F>
Tensor<float> score_dataset(std::int64_t count, std::int64_t chunk, F&& f) {
  if (count < 0) detail::fail("score_dataset", {"count is ", count}, "it is the number of samples");
  if (chunk < 1) detail::fail("score_dataset", {"chunk is ", chunk}, "score at least one sample at a time");
  const NoGrad guard;
  const auto scores = Tensor<float>::empty({count});
  float* const out = scores.mutable_data();
  for (std::int64_t begin = 0; begin < count; begin += chunk) {
    const std::int64_t size = chunk < count - begin ? chunk : count - begin;
    const auto indices = Tensor<std::int64_t>::empty({size});
    std::int64_t* const index = indices.mutable_data();
    for (std::int64_t i = 0; i < size; ++i) index[i] = begin + i;
    const auto losses = f(indices);
    if (!(losses.shape() == indices.shape()))
      detail::fail("score_dataset", {"the losses of ", size, " samples are ", losses.shape()},
                   {"give one loss a sample: ", indices.shape()});
    for (std::int64_t i = 0; i < size; ++i) {
      out[begin + i] = static_cast<float>(losses.data()[i]);
      if (std::isnan(out[begin + i]))
        detail::fail("score_dataset", {"the loss of sample ", begin + i, " is NaN"},
                     "look for the operation that gave it, or for a sample that is not finite");
    }
  }
  return scores;
}

}  // namespace regimen
