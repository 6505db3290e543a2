// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "regimen/core/tensor.hpp"
#include "regimen/loss/reduction.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

struct CtcOptions {
  std::int64_t blank = 0;
  bool zero_infinity = false;     ///< an infinite loss, of a target that does not fit, counts as 0
  bool divide_by_length = false;  ///< each loss by its number of labels, at least 1: PyTorch's mean does so
  Reduction reduction = Reduction::mean;
};

namespace detail {

/// Calls f with each entry of the leading axis, in order. It halves the axis, so that the gradients of `count` slices
/// are put together in log(count) passes instead of `count`.
template <class T, class Device, class F>
void each_entry(const Tensor<T, Device>& x, const F& f) {
  const std::int64_t count = x.size(0);
  if (count == 1) f(squeeze(x, 0));
  if (count <= 1) return;
  each_entry(slice(x, 0, 0, count / 2), f);
  each_entry(slice(x, 0, count / 2, count), f);
}

template <class Device>
void check_lengths(const char* name, const Tensor<std::int64_t, Device>& lengths, std::int64_t samples,
                   std::int64_t limit) {
  if (!(lengths.shape() == Shape{samples}))
    fail("ctc", {name, " are ", lengths.shape(), " for ", samples, " samples"}, "give one a sample");
  for (const std::int64_t length : lengths.span())
    if (length < 0 || length > limit) fail("ctc", {"one of ", name, " is ", length}, {"they are from 0 to ", limit});
}

template <class T, class Device>
void check_ctc(const Tensor<T, Device>& log_probs, const Tensor<std::int64_t, Device>& input_lengths,
               std::int64_t blank) {
  if (log_probs.rank() != 3) fail("ctc", {"log_probs are ", log_probs.shape()}, "they are [steps, samples, classes]");
  if (blank < 0 || blank >= log_probs.size(2))
    fail("ctc", {"blank is ", blank, " and log_probs ", log_probs.shape()}, "it is one of the classes");
  check_lengths("input_lengths", input_lengths, log_probs.size(1), log_probs.size(0));
}

}  // namespace detail

/// Connectionist temporal classification: -log of the probability that a sequence of steps spells the target, summed
/// over all its alignments. An alignment has one class a step; equal neighbours count once, and then blanks are left
/// out. log_probs [T, n, classes] are log_softmax of the logits, targets [n, L] labels other than the blank; sample i
/// has the first input_lengths[i] steps and the first target_lengths[i] labels. With l' the target with blanks between,
/// before and after its labels, and a_0 = 1 before the first:
///
///   log a_t(s) = log_probs[t, l'_s] + log(a_t-1(s) + a_t-1(s - 1) + [l'_s is not blank, nor l'_s-2] a_t-1(s - 2))
///   loss = -log(a_T(2 L) + a_T(2 L - 1))
///
/// A target that needs more steps than there are has loss infinity, with gradient 0 (PyTorch: NaN). The gradient is
/// that by log_probs; PyTorch's is right behind a log_softmax alone. The mean is over samples; see divide_by_length.
/// Throws Error for shapes that do not agree, lengths outside their axes, and labels that are blank or no class.
///
/// Source: Graves et al. (2006), Connectionist temporal classification, equations 6 to 8.
template <class T, class Device>
Tensor<T, Device> ctc(const Tensor<T, Device>& log_probs, const Tensor<std::int64_t, Device>& targets,
                      const Tensor<std::int64_t, Device>& input_lengths,
                      const Tensor<std::int64_t, Device>& target_lengths, const CtcOptions& options = {}) {
  detail::check_ctc(log_probs, input_lengths, options.blank);
  const std::int64_t steps = log_probs.size(0), samples = log_probs.size(1), classes = log_probs.size(2);
  if (targets.rank() != 2 || targets.size(0) != samples)
    detail::fail("ctc", {"targets are ", targets.shape(), " and log_probs ", log_probs.shape()},
                 "targets are [samples, labels]");
  detail::check_lengths("target_lengths", target_lengths, samples, targets.size(1));

  // State s of a sample is at s + 2, behind two that are never reached: what s - 1 and s - 2 are for the first ones.
  // The walk begins in front of state 0, at 1.
  const std::int64_t states = 2 * targets.size(1) + 1;
  constexpr T never = -std::numeric_limits<T>::infinity();
  const auto labels = Tensor<std::int64_t, Device>::full({samples, states}, options.blank);
  const auto skips = Tensor<T, Device>::full({samples, states}, never);
  const auto last = Tensor<std::int64_t, Device>::empty({samples, 2});
  auto alpha = Tensor<T, Device>::full({samples, states + 2}, never);
  std::int64_t* const label = labels.mutable_data();
  std::int64_t* const end = last.mutable_data();
  T* const skip = skips.mutable_data();
  T* const begin = alpha.mutable_data();
  for (std::int64_t i = 0; i < samples; ++i) {
    const std::int64_t* const target = targets.data() + i * targets.size(1);
    const std::int64_t length = target_lengths.data()[i];
    for (std::int64_t k = 0; k < length; ++k) {
      if (target[k] < 0 || target[k] >= classes || target[k] == options.blank)
        detail::fail("ctc", {"label ", k, " of sample ", i, " is ", target[k], ", the blank is ", options.blank},
                     {"labels are in [0, ", classes, ") and not blank"});
      label[i * states + 2 * k + 1] = target[k];
      if (k == 0 || target[k] != target[k - 1]) skip[i * states + 2 * k + 1] = 0;
    }
    end[2 * i] = 2 * length + 2;
    end[2 * i + 1] = 2 * length + 1;
    begin[i * (states + 2) + 1] = 0;
  }

  std::int64_t t = 0;
  const auto step = [&](const auto& emission) {
    const auto reached = logsumexp(
        stack({slice(alpha, 1, 2, states + 2), slice(alpha, 1, 1, states + 1), slice(alpha, 1, 0, states) + skips}), 0);
    const auto next = pad(reached + emission, 1, {2, 0}, never);
    const auto running = Tensor<T, Device>::empty({samples, 1});
    bool all = true;
    for (std::int64_t i = 0; i < samples; ++i) {
      const bool runs = t < input_lengths.data()[i];
      running.mutable_data()[i] = runs ? T{1} : T{0};
      all = all && runs;
    }
    alpha = all ? next : where(running, next, alpha);
    ++t;
  };
  detail::each_entry(gather(log_probs, 2, broadcast_to(labels, Shape{steps, samples, states})), step);

  auto losses = -logsumexp(gather(alpha, 1, last), 1);
  if (options.zero_infinity) losses = where(equal(losses, -never), Tensor<T, Device>::zeros({samples}), losses);
  if (options.divide_by_length) losses = losses / maximum(target_lengths.template to<T>(), T{1});
  return reduce(losses, options.reduction);
}

/// The labels of the likeliest alignment: the likeliest class at each of a sample's first input_lengths[i] steps, equal
/// neighbours once, without blanks. log_probs [T, n, classes], or logits; one list of labels a sample. Throws Error for
/// shapes that do not agree and lengths outside [0, T].
template <class T, class Device>
std::vector<std::vector<std::int64_t>> ctc_greedy_decode(const Tensor<T, Device>& log_probs,
                                                         const Tensor<std::int64_t, Device>& input_lengths,
                                                         std::int64_t blank = 0) {
  detail::check_ctc(log_probs, input_lengths, blank);
  const std::int64_t samples = log_probs.size(1);
  std::vector<std::vector<std::int64_t>> decoded(static_cast<std::size_t>(samples));
  if (log_probs.size() == 0) return decoded;
  const auto best = argmax(log_probs, 2);
  for (std::int64_t i = 0; i < samples; ++i)
    for (std::int64_t t = 0, before = blank; t < input_lengths.data()[i]; ++t) {
      const std::int64_t label = best.data()[t * samples + i];
      if (label != before && label != blank) decoded[static_cast<std::size_t>(i)].push_back(label);
      before = label;
    }
  return decoded;
}

}  // namespace regimen
