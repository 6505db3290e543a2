// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// Which examples come first: easy ones (curriculum), hard ones (anti-curriculum), or any (the control that separates
/// the effect of the order from that of the growing pool).
enum class CurriculumOrder { easy_first, hard_first, random };

/// The examples' numbers in the order that training may meet them. scores [N]: one number an example, larger is harder:
/// given, a teacher's loss, or the model's own loss. Equal scores keep the examples' order. The random order draws from
/// rng and does not look at the scores; the others do not use rng.
/// Throws Error for scores that are no vector or hold NaN.
template <class T>
Tensor<std::int64_t> difficulty_order(const Tensor<T>& scores, CurriculumOrder order, Rng& rng) {
  if (scores.rank() != 1)
    detail::fail("difficulty_order", {"scores are ", scores.shape()}, "give one score an example: [N]");
  const std::int64_t count = scores.size();
  const T* score = scores.data();
  for (std::int64_t i = 0; i < count; ++i)
    if (score[i] != score[i])
      detail::fail("difficulty_order", {"the score of example ", i, " is NaN"}, "give every example a number");
  if (order == CurriculumOrder::random) return rng.permutation(count);
  auto result = Tensor<std::int64_t>::empty({count});
  std::int64_t* index = result.mutable_data();
  for (std::int64_t i = 0; i < count; ++i) index[i] = i;
  const bool easy = order == CurriculumOrder::easy_first;
  std::sort(index, index + count, [=](std::int64_t a, std::int64_t b) {
    if (score[a] != score[b]) return easy ? score[a] < score[b] : score[a] > score[b];
    return a < b;
  });
  return result;
}

}  // namespace regimen
