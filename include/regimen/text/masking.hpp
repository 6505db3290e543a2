// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

struct MaskTokensOptions {
  std::int64_t mask = 0;                   ///< the token that stands for a hidden one
  std::int64_t vocabulary = 0;             ///< random tokens are from 0 to below this, at least 1
  double probability = 0.15;               ///< of a token, or a word, to be chosen, in [0, 1]
  double masked = 0.8, random = 0.1;       ///< parts of the chosen tokens, of sum at most 1; the others stay
  std::vector<std::int64_t> special = {};  ///< tokens that are never chosen, as separators and padding
  Tensor<std::int64_t> words = {};  ///< of the tokens' shape: neighbours in a row with the same number are one word
};

struct MaskedTokens {
  Tensor<std::int64_t> inputs;     ///< the tokens with the chosen ones hidden
  Tensor<std::int64_t> positions;  ///< [k]: where chosen tokens are, in row-major order, ascending
  Tensor<std::int64_t> labels;     ///< [k]: what they were
};

/// Masked language modelling: chooses tokens of [..., length], each with the given probability independently, and puts
/// in place of 80% of them the mask token, of 10% a random one. With words all tokens of a word that are not special
/// are chosen or none (whole-word masking), and each is replaced by its own draw. The loss is over the chosen alone:
///
///   const auto batch = mask_tokens(tokens, rng, {.mask = 256, .vocabulary = 257});
///   const auto hidden = index_select(reshape(model(batch.inputs), {-1, width}), 0, batch.positions);
///   const auto loss = cross_entropy(head(hidden), batch.labels);
///
/// Throws Error for a scalar, options outside their ranges, a mask outside the vocabulary, and words of another shape.
///
/// Source: Devlin et al. (2019), BERT, section 3.1. Deviation: there exactly 15% of the tokens are chosen.
inline MaskedTokens mask_tokens(const Tensor<std::int64_t>& tokens, Rng& rng, const MaskTokensOptions& options) {
  if (tokens.rank() == 0) detail::fail("mask_tokens", "tokens are a scalar", "they are [..., length]");
  if (options.words.defined() && !(options.words.shape() == tokens.shape()))
    detail::fail("mask_tokens", {"tokens are ", tokens.shape(), " and words ", options.words.shape()},
                 "shapes must agree");
  if (options.mask < 0 || options.mask >= options.vocabulary)
    detail::fail("mask_tokens", {"the mask is ", options.mask, " of a vocabulary of ", options.vocabulary},
                 "give both; the mask is one of the tokens");
  if (!(options.probability >= 0 && options.probability <= 1))
    detail::fail("mask_tokens", {"probability is ", options.probability}, "it must be in [0, 1]");
  if (!(options.masked >= 0 && options.random >= 0 && options.masked + options.random <= 1))
    detail::fail("mask_tokens", {"masked is ", options.masked, " and random ", options.random},
                 "they are not negative, and their sum is at most 1");
  const auto inputs = tokens.clone();
  std::int64_t* const input = inputs.mutable_data();
  const std::int64_t length = tokens.size(-1);
  std::vector<std::int64_t> positions, labels;
  bool chosen = false;
  for (std::int64_t i = 0; i < tokens.size(); ++i) {
    const std::int64_t token = tokens.data()[i];
    const bool continues =
        options.words.defined() && i % length != 0 && options.words.data()[i] == options.words.data()[i - 1];
    if (!continues) chosen = rng.uniform() < options.probability;
    if (!chosen || std::find(options.special.begin(), options.special.end(), token) != options.special.end()) continue;
    positions.push_back(i);
    labels.push_back(token);
    const double kind = rng.uniform();
    if (kind < options.masked)
      input[i] = options.mask;
    else if (kind < options.masked + options.random)
      input[i] = rng.below(options.vocabulary);
  }
  const Shape count{static_cast<std::int64_t>(labels.size())};
  return {inputs, Tensor<std::int64_t>::from(positions, count), Tensor<std::int64_t>::from(labels, count)};
}

struct CorruptSpansOptions {
  double density = 0.15;                     ///< part of the tokens that is hidden, in (0, 1)
  double mean_length = 3;                    ///< of the spans, at least 1
  std::vector<std::int64_t> sentinels = {};  ///< tokens that stand for the first span, the second and so on
};

struct CorruptedSpans {
  std::vector<std::int64_t> inputs;   ///< the tokens, with a sentinel in place of each span
  std::vector<std::int64_t> targets;  ///< each sentinel and its span, and one more sentinel at the end
};

namespace detail {

/// Lengths of `parts` runs, each at least 1, of sum `total`; all such lists are equally likely.
inline std::vector<std::int64_t> random_partition(std::int64_t total, std::int64_t parts, Rng& rng) {
  std::vector<std::int64_t> lengths;
  std::int64_t length = 0, cuts = parts - 1;
  for (std::int64_t left = total; left > 0; --left) {  // `cuts` of the places after all but the last are cut
    ++length;
    if (left == 1 || rng.below(left - 1) < cuts) {
      lengths.push_back(length);
      length = 0;
      --cuts;
    }
  }
  return lengths;
}

}  // namespace detail

/// The span corruption of T5: round(density n) of n tokens, but at least 1 and not all, are hidden in
/// round(hidden / mean_length) spans, at least 1, of random lengths, each behind a gap of random length, at least 1. As
/// in the authors' code the tokens so begin with a gap and end with a span.
///
///   a b c d e f g, spans (c d) and (g)   ->   inputs a b <0> e f <1>, targets <0> c d <1> g <2>
///
/// Throws Error for fewer than 2 tokens, options outside their ranges, and too few sentinels: there must be one more
/// than spans.
///
/// Source: Raffel et al. (2020), Exploring the limits of transfer learning with a unified text-to-text transformer,
/// section 3.1.4.
inline CorruptedSpans corrupt_spans(std::span<const std::int64_t> tokens, Rng& rng,
                                    const CorruptSpansOptions& options) {
  const auto n = static_cast<std::int64_t>(tokens.size());
  if (n < 2) detail::fail("corrupt_spans", {"there are ", n, " tokens"}, "give at least 2");
  if (!(options.density > 0 && options.density < 1))
    detail::fail("corrupt_spans", {"density is ", options.density}, "it must be in (0, 1)");
  if (!(options.mean_length >= 1))
    detail::fail("corrupt_spans", {"mean_length is ", options.mean_length}, "it must be at least 1");
  const auto hidden = std::clamp<std::int64_t>(std::llround(options.density * static_cast<double>(n)), 1, n - 1);
  const auto spans = std::clamp<std::int64_t>(std::llround(static_cast<double>(hidden) / options.mean_length), 1,
                                              std::min(hidden, n - hidden));
  if (static_cast<std::int64_t>(options.sentinels.size()) <= spans)
    detail::fail("corrupt_spans", {options.sentinels.size(), " sentinels for ", spans, " spans"},
                 "give one more than there are spans");
  const auto lengths = detail::random_partition(hidden, spans, rng);
  const auto gaps = detail::random_partition(n - hidden, spans, rng);
  CorruptedSpans result;
  auto at = tokens.begin();
  for (std::size_t s = 0; s < lengths.size(); ++s) {
    result.inputs.insert(result.inputs.end(), at, at + gaps[s]);
    at += gaps[s];
    result.inputs.push_back(options.sentinels[s]);
    result.targets.push_back(options.sentinels[s]);
    result.targets.insert(result.targets.end(), at, at + lengths[s]);
    at += lengths[s];
  }
  result.targets.push_back(options.sentinels[lengths.size()]);
  return result;
}

}  // namespace regimen
