// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct AssociativeRecallOptions {
  std::int64_t keys = 32;    ///< their tokens are 0, ..., keys - 1
  std::int64_t values = 32;  ///< their tokens are keys, ..., keys + values - 1
  std::int64_t pairs = 8;    ///< of a key and its value in a sequence, the keys distinct
  std::int64_t queries = 8;  ///< keys of the sequence that are asked for, each once
  bool answers = false;      ///< each query is followed by its answer
};

/// Multi-query associative recall: sequences that bind keys to values anew, so that only a model which looks back can
/// answer.
///
///   k_1 v_1 ... k_P v_P  q_1 ... q_Q              targets: the value of each q_i
///   k_1 v_1 ... k_P v_P  q_1 a_1 ... q_Q a_Q      with `answers`
///
/// inputs [count, 2 P + Q], or [count, 2 P + 2 Q], and targets [count, Q]: what is to follow each query, whose places
/// are recall_places(options). Keys, their order and values are uniform. Sequence i is a function of `rng` and i alone.
/// With one query it is the few-shot copying by which induction heads form. Throws Error unless
/// 0 <= queries <= pairs <= keys, and values >= 1.
///
///   const auto data = associative_recall(rng, 1000, options);
///   const auto answers = index_select(model(data.inputs), 1, recall_places(options));  // [1000, Q, vocabulary]
///   const auto loss = cross_entropy(answers, data.targets);
///
/// Source: Arora et al. (2023), Zoology: measuring and improving recall in efficient language models.
inline Dataset<std::int64_t> associative_recall(const Rng& rng, std::int64_t count,
                                                const AssociativeRecallOptions& options = {}) {
  detail::check_count("associative_recall", "count", count, 0);
  detail::check_count("associative_recall", "values", options.values, 1);
  detail::check_count("associative_recall", "queries", options.queries, 0);
  detail::check_count("associative_recall", "pairs", options.pairs, options.queries);
  detail::check_count("associative_recall", "keys", options.keys, options.pairs);
  const std::int64_t pairs = options.pairs, queries = options.queries, stride = options.answers ? 2 : 1;
  Dataset<std::int64_t> data{Tensor<std::int64_t>::empty({count, 2 * pairs + stride * queries}),
                             {},
                             Tensor<std::int64_t>::empty({count, queries})};
  std::int64_t *token = data.inputs.mutable_data(), *answer = data.targets.mutable_data();
  for (std::int64_t i = 0; i < count; ++i) {
    Rng own = rng.split(static_cast<std::uint64_t>(i));
    const auto keys = own.permutation(options.keys);
    const std::int64_t* pair = token;
    for (std::int64_t k = 0; k < pairs; ++k) {
      *token++ = keys.data()[k];
      *token++ = options.keys + own.below(options.values);
    }
    const auto asked = own.permutation(pairs);
    for (std::int64_t k = 0; k < queries; ++k) {
      *token++ = pair[2 * asked.data()[k]];
      *answer = pair[2 * asked.data()[k] + 1];
      if (options.answers) *token++ = *answer;
      ++answer;
    }
  }
  return data;
}

/// Places of the queries in the sequences of associative_recall: [Q].
inline Tensor<std::int64_t> recall_places(const AssociativeRecallOptions& options) {
  detail::check_count("recall_places", "pairs", options.pairs, 0);
  detail::check_count("recall_places", "queries", options.queries, 0);
  auto places = Tensor<std::int64_t>::empty({options.queries});
  for (std::int64_t k = 0; k < options.queries; ++k)
    places.mutable_data()[k] = 2 * options.pairs + (options.answers ? 2 : 1) * k;
  return places;
}

}  // namespace regimen
