// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

struct SampleOptions {
  double temperature = 1;  ///< > 0: logits are divided by it
  std::int64_t top_k = 0;  ///< only the k likeliest tokens; 0 for all
  double top_p = 1;        ///< then only the likeliest tokens up to this sum of probabilities, in (0, 1]
};

namespace detail {

/// Logits [n, classes] without NaN and +infinity, and not all -infinity in a row.
template <class T, class Device>
void check_logits(const char* operation, const Tensor<T, Device>& logits) {
  if (logits.rank() != 2 || logits.size(1) == 0)
    fail(operation, {"logits are ", logits.shape()}, "they are [n, vocabulary], with at least one token");
  for (std::int64_t i = 0; i < logits.size(0); ++i) {
    const T* row = logits.data() + i * logits.size(1);
    bool any = false;
    for (std::int64_t j = 0; j < logits.size(1); ++j) {
      any = any || row[j] > -std::numeric_limits<T>::infinity();
      if (!(row[j] <= std::numeric_limits<T>::max()))
        fail(operation, {"logit ", j, " of row ", i, " is ", row[j]}, "it is NaN or infinite");
    }
    if (!any) fail(operation, {"all logits of row ", i, " are -infinity"}, "leave at least one token");
  }
}

/// log softmax of a row, in double.
template <class T>
std::vector<double> log_probabilities(const T* logits, std::int64_t count) {
  const auto top = static_cast<double>(*std::max_element(logits, logits + count));
  std::vector<double> result;
  double total = 0;
  for (std::int64_t j = 0; j < count; ++j) {
    result.push_back(static_cast<double>(logits[j]) - top);
    total += std::exp(result.back());
  }
  for (double& value : result) value -= std::log(total);
  return result;
}

}  // namespace detail

/// The distributions [n, vocabulary] that sample_tokens() draws from: softmax(logits / temperature) without the tokens
/// that top_k and then top_p leave out, of sum 1 again. top_p keeps the fewest of the likeliest tokens whose
/// probabilities, after top_k, sum to top_p. Of equally likely tokens the first come first. Throws Error for other
/// shapes, NaN, +infinity or nothing but -infinity in a row, and options outside their ranges.
///
/// Sources: top-k: Fan et al. (2018), Hierarchical neural story generation; top-p: Holtzman et al. (2020), The curious
/// case of neural text degeneration (nucleus sampling).
template <class T, class Device>
Tensor<double> sampling_distribution(const Tensor<T, Device>& logits, const SampleOptions& options = {}) {
  if (!(options.temperature > 0 && std::isfinite(options.temperature)))
    detail::fail("sampling_distribution", {"temperature is ", options.temperature},
                 "it must be positive and finite; argmax() is the limit of 0");
  if (options.top_k < 0) detail::fail("sampling_distribution", {"top_k is ", options.top_k}, "it must be >= 0");
  if (!(options.top_p > 0 && options.top_p <= 1))
    detail::fail("sampling_distribution", {"top_p is ", options.top_p}, "it must be in (0, 1]");
  detail::check_logits("sampling_distribution", logits);
  const std::int64_t n = logits.size(0), vocabulary = logits.size(1);
  const auto result = Tensor<double>::zeros({n, vocabulary});
  std::vector<std::int64_t> order(static_cast<std::size_t>(vocabulary));
  std::vector<double> weight(order.size());
  for (std::int64_t i = 0; i < n; ++i) {
    const T* const row = logits.data() + i * vocabulary;
    const auto top = static_cast<double>(*std::max_element(row, row + vocabulary));
    for (std::int64_t j = 0; j < vocabulary; ++j)
      weight[static_cast<std::size_t>(j)] = std::exp((static_cast<double>(row[j]) - top) / options.temperature);
    std::iota(order.begin(), order.end(), 0);
    auto last = order.end();
    if (options.top_k != 0 || options.top_p < 1) {
      const auto likelier = [row](std::int64_t a, std::int64_t b) {
        return row[a] != row[b] ? row[a] > row[b] : a < b;
      };
      if (options.top_k != 0 && options.top_k < vocabulary) last = order.begin() + options.top_k;
      std::partial_sort(order.begin(), last, order.end(), likelier);
    }
    const auto sum = [&](auto end) {
      double total = 0;
      for (auto token = order.begin(); token != end; ++token) total += weight[static_cast<std::size_t>(*token)];
      return total;
    };
    if (options.top_p < 1) {
      const double enough = options.top_p * sum(last);
      double reached = 0;
      for (auto token = order.begin(); token != last; ++token)
        if ((reached += weight[static_cast<std::size_t>(*token)]) >= enough) last = token + 1;
    }
    const double total = sum(last);
    for (auto token = order.begin(); token != last; ++token)
      result.mutable_data()[i * vocabulary + *token] = weight[static_cast<std::size_t>(*token)] / total;
  }
  return result;
}

/// A token [n] for each row of logits [n, vocabulary], drawn from its sampling_distribution(). Throws Error as that.
/// argmax(logits, -1) is greedy decoding.
template <class T, class Device>
Tensor<std::int64_t> sample_tokens(const Tensor<T, Device>& logits, Rng& rng, const SampleOptions& options = {}) {
  const auto distribution = sampling_distribution(logits, options);
  const auto tokens = Tensor<std::int64_t>::empty({logits.size(0)});
  for (std::int64_t i = 0; i < tokens.size(); ++i) tokens.mutable_data()[i] = rng.categorical(distribution[i].span());
  return tokens;
}

struct BeamSearchOptions {
  std::int64_t beams = 4;     ///< hypotheses that are kept, at least 1
  std::int64_t steps = 32;    ///< tokens at most, at least 1
  std::int64_t end = -1;      ///< the token that ends a hypothesis; -1 for none
  double length_penalty = 0;  ///< a >= 0: scores are log probabilities over ((5 + tokens) / 6)^a
};

struct Hypothesis {
  std::vector<std::int64_t> tokens;  ///< after the prompt, with the end token where it has one
  double log_probability = 0;        ///< of the tokens
  double score = 0;                  ///< log_probability over the length penalty
};

/// The likeliest continuations of a prompt that beam search finds, best first, `beams` at most: hypotheses that ended,
/// and those that have `steps` tokens. logits(tokens) gives [n, vocabulary], for what follows each row of
/// tokens [n, prompt + t]; all rows are of one length. One beam is greedy decoding. It stops early where no hypothesis
/// can still overtake the ended ones. Of equal scores the first beam and the lowest token win.
///
///   const auto best = beam_search([&](const auto& tokens) { return last_logits(model, tokens); }, prompt, {.end = 0});
///
/// Throws Error for options outside their ranges, and logits of other shapes or as in sampling_distribution().
///
/// Source: Wu et al. (2016), Google's neural machine translation system, section 7 (length penalty).
template <class Logits>
std::vector<Hypothesis> beam_search(const Logits& logits, const std::vector<std::int64_t>& prompt,
                                    const BeamSearchOptions& options = {}) {
  const std::int64_t beams = options.beams;
  if (beams < 1 || options.steps < 1)
    detail::fail("beam_search", {"beams is ", beams, " and steps ", options.steps}, "both must be at least 1");
  if (!(options.length_penalty >= 0 && std::isfinite(options.length_penalty)))
    detail::fail("beam_search", {"length_penalty is ", options.length_penalty}, "it must be finite and not negative");
  const auto penalty = [&](std::int64_t length) {
    return std::pow((5 + static_cast<double>(length)) / 6, options.length_penalty);
  };
  const auto better = [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; };
  std::vector<Hypothesis> live{{}}, ended;
  const auto prompt_size = static_cast<std::int64_t>(prompt.size());
  for (std::int64_t t = 0; t < options.steps && !live.empty(); ++t) {
    const auto rows = static_cast<std::int64_t>(live.size());
    const auto tokens = Tensor<std::int64_t>::empty({rows, prompt_size + t});
    std::int64_t* out = tokens.mutable_data();
    for (const Hypothesis& hypothesis : live) {
      out = std::copy(prompt.begin(), prompt.end(), out);
      out = std::copy(hypothesis.tokens.begin(), hypothesis.tokens.end(), out);
    }
    const auto next = logits(tokens);
    detail::check_logits("beam_search", next);
    if (next.size(0) != rows)
      detail::fail("beam_search", {"logits are ", next.shape(), " for tokens ", tokens.shape()}, "give a row for each");

    struct Candidate {
      double log_probability;
      std::int64_t beam, token;
    };
    std::vector<Candidate> candidates;
    const std::int64_t vocabulary = next.size(1);
    for (std::int64_t b = 0; b < rows; ++b) {
      const auto added = detail::log_probabilities(next.data() + b * vocabulary, vocabulary);
      for (std::int64_t j = 0; j < vocabulary; ++j)
        if (const double value = added[static_cast<std::size_t>(j)]; value > -std::numeric_limits<double>::infinity())
          candidates.push_back({live[static_cast<std::size_t>(b)].log_probability + value, b, j});
    }
    // Each beam has one candidate that ends, so that twice the beams leave enough that go on.
    const auto count = std::min(candidates.size(), 2 * static_cast<std::size_t>(beams));
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(count), candidates.end(),
                      [](const Candidate& a, const Candidate& b) {
                        if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
                        return a.beam != b.beam ? a.beam < b.beam : a.token < b.token;
                      });
    std::vector<Hypothesis> going;
    for (std::size_t c = 0; c < count && static_cast<std::int64_t>(going.size()) < beams; ++c) {
      const Candidate& candidate = candidates[c];
      Hypothesis hypothesis = live[static_cast<std::size_t>(candidate.beam)];
      hypothesis.tokens.push_back(candidate.token);
      hypothesis.log_probability = candidate.log_probability;
      hypothesis.score = candidate.log_probability / penalty(t + 1);
      const bool ends = candidate.token == options.end || t + 1 == options.steps;
      (ends ? ended : going).push_back(std::move(hypothesis));
    }
    live = std::move(going);
    std::stable_sort(ended.begin(), ended.end(), better);
    if (static_cast<std::int64_t>(ended.size()) > beams) ended.resize(static_cast<std::size_t>(beams));
    // Log probabilities only fall, and the penalty is largest for the most tokens.
    if (static_cast<std::int64_t>(ended.size()) == beams && !live.empty() &&
        live.front().log_probability / penalty(options.steps) <= ended.back().score)
      break;
  }
  return ended;
}

}  // namespace regimen
