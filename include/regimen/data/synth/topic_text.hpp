// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

struct TopicTextOptions {
  std::int64_t topics = 4;
  std::int64_t topic_words = 20;     ///< of each topic
  std::int64_t general_words = 200;  ///< that occur in every topic
  double share = 0.3;                ///< of the words of a document that are topic words
  double spill = 0;                  ///< probability that a topic word is of another topic, all equally likely
  double zipf = 1;                   ///< general word j has a probability in proportion to (j + 1)^-zipf
  std::vector<double> prior = {};    ///< weights of the topics; equal without
};

/// Documents as bags of words, to be classified by topic. Words 0, ..., general_words - 1 are general, and then come
/// topic_words of each topic. All words are independent given the topic:
///
///   P(general word j) = (1 - share) (j + 1)^-zipf / sum         P(word of the topic) = share (1 - spill) / topic_words
///   P(word of another topic) = share spill / ((topics - 1) topic_words)
///
/// so the best possible classifier is known: posterior().
class TopicText {
 public:
  /// Throws Error for sizes below 1, weights that are not positive or not one a topic, or shares outside [0, 1].
  explicit TopicText(const TopicTextOptions& options = {}) : options_(options), prior_(options.prior) {
    detail::check_count("TopicText", "topics", options.topics, 1);
    detail::check_count("TopicText", "topic_words", options.topic_words, 1);
    detail::check_count("TopicText", "general_words", options.general_words, 1);
    detail::check_fraction("TopicText", "share", options.share);
    detail::check_fraction("TopicText", "spill", options.spill);
    detail::check_not_negative("TopicText", "zipf", options.zipf);
    if (prior_.empty()) prior_.assign(static_cast<std::size_t>(options.topics), 1);
    if (static_cast<std::int64_t>(prior_.size()) != options.topics)
      detail::fail("TopicText", {prior_.size(), " weights for ", options.topics, " topics"}, "give one a topic");
    double sum = 0;
    for (const double weight : prior_) {
      detail::check_positive("TopicText", "weight", weight);
      sum += weight;
    }
    for (double& weight : prior_) weight /= sum;
    sum = 0;
    for (std::int64_t j = 0; j < options.general_words; ++j) {
      general_.push_back(std::pow(static_cast<double>(j + 1), -options.zipf));
      sum += general_.back();
    }
    for (double& p : general_) p /= sum;
  }

  std::int64_t vocabulary() const { return options_.general_words + options_.topics * options_.topic_words; }

  /// P(word | topic). Throws Error for a word or topic that is none.
  double probability(std::int64_t word, std::int64_t topic) const {
    if (word < 0 || word >= vocabulary() || topic < 0 || topic >= options_.topics)
      detail::fail("TopicText::probability", {"there is no word ", word, " or no topic ", topic});
    if (word < options_.general_words) return (1 - options_.share) * general_[static_cast<std::size_t>(word)];
    const std::int64_t of = (word - options_.general_words) / options_.topic_words;
    const double each = options_.share / static_cast<double>(options_.topic_words);
    if (options_.topics == 1) return each;
    return each * (of == topic ? 1 - options_.spill : options_.spill / static_cast<double>(options_.topics - 1));
  }

  /// Documents [count, length] and their topics, as labels; document i is a function of `rng` and i alone. Throws Error
  /// for negative sizes.
  Dataset<std::int64_t> sample(const Rng& rng, std::int64_t count, std::int64_t length) const {
    detail::check_count("TopicText::sample", "count", count, 0);
    detail::check_count("TopicText::sample", "length", length, 0);
    Dataset<std::int64_t> data{Tensor<std::int64_t>::empty({count, length}), Tensor<std::int64_t>::empty({count})};
    std::int64_t* word = data.inputs.mutable_data();
    for (std::int64_t i = 0; i < count; ++i) {
      Rng own = rng.split(static_cast<std::uint64_t>(i));
      const std::int64_t topic = own.categorical(prior_);
      data.labels.mutable_data()[i] = topic;
      for (std::int64_t t = 0; t < length; ++t) {
        if (!own.bernoulli(options_.share)) {
          *word++ = own.categorical(general_);
          continue;
        }
        std::int64_t of = topic;
        if (options_.topics > 1 && own.bernoulli(options_.spill))
          of = (topic + 1 + own.below(options_.topics - 1)) % options_.topics;
        *word++ = options_.general_words + of * options_.topic_words + own.below(options_.topic_words);
      }
    }
    return data;
  }

  /// P(topic | document) of documents [n, length], as [n, topics]; NaN where no topic can have made it. Throws Error
  /// for another shape, or a word outside the vocabulary.
  Tensor<double> posterior(const Tensor<std::int64_t>& documents) const {
    if (documents.rank() != 2)
      detail::fail("TopicText::posterior", {"documents are ", documents.shape()}, "pass [n, length]");
    const std::int64_t count = documents.size(0), length = documents.size(1), topics = options_.topics;
    auto result = Tensor<double>::empty({count, topics});
    for (std::int64_t i = 0; i < count; ++i) {
      double* row = result.mutable_data() + i * topics;
      for (std::int64_t k = 0; k < topics; ++k) {
        row[k] = std::log(prior_[static_cast<std::size_t>(k)]);
        for (std::int64_t t = 0; t < length; ++t) row[k] += std::log(probability(documents.data()[i * length + t], k));
      }
      const double largest = *std::max_element(row, row + topics);
      double sum = 0;
      for (std::int64_t k = 0; k < topics; ++k) sum += row[k] = std::exp(row[k] - largest);
      for (std::int64_t k = 0; k < topics; ++k) row[k] /= sum;
    }
    return result;
  }

 private:
  TopicTextOptions options_;
  std::vector<double> prior_, general_;
};

}  // namespace regimen
