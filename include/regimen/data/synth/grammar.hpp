// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// left -> right[0] right[1] ..., used with probability weight over the weights of all rules with this left side.
struct GrammarRule {
  std::int64_t left;
  std::vector<std::int64_t> right;
  double weight = 1;
};

/// A probabilistic context-free grammar. Symbols 0, ..., vocabulary - 1 are the tokens, those from `vocabulary` on are
/// nonterminals, of which the first is the start. log_probability() gives the likelihood of a sentence, summed over all
/// its derivations, and so the least loss that a language model of this text can have.
///
///   // S -> a S b (0.4) | a b (0.6): a^n b^n
///   const std::int64_t a = 0, b = 1, s = 2;
///   const Grammar grammar(2, {{s, {a, s, b}, 0.4}, {s, {a, b}, 0.6}});
///   const auto sentence = grammar.sample(rng, 20);
class Grammar {
 public:
  /// Throws Error for no rules, an empty right side, a nonterminal without rules, a weight that is not positive, or
  /// nonterminals that lead to themselves with nothing added (A -> B, B -> A).
  Grammar(std::int64_t vocabulary, std::vector<GrammarRule> rules) : vocabulary_(vocabulary), rules_(std::move(rules)) {
    detail::check_count("Grammar", "vocabulary", vocabulary, 1);
    if (rules_.empty()) detail::fail("Grammar", "there are no rules", "give those of the start at least");
    for (const GrammarRule& rule : rules_) {
      detail::check_positive("Grammar", "weight", rule.weight);
      if (rule.left < vocabulary || rule.left >= vocabulary + static_cast<std::int64_t>(rules_.size()))
        detail::fail("Grammar", {"a rule of symbol ", rule.left},
                     {"nonterminals count from ", vocabulary, " on, without gaps"});
      if (rule.right.empty())
        detail::fail("Grammar", {"a rule of symbol ", rule.left, " has an empty right side"}, "give it a symbol");
      nonterminals_ = std::max(nonterminals_, rule.left - vocabulary + 1);
    }
    rules_of_.resize(static_cast<std::size_t>(nonterminals_));
    weights_of_.resize(static_cast<std::size_t>(nonterminals_));
    for (std::size_t r = 0; r < rules_.size(); ++r) {
      const auto n = static_cast<std::size_t>(rules_[r].left - vocabulary);
      rules_of_[n].push_back(r);
      weights_of_[n].push_back(rules_[r].weight);
      for (const std::int64_t symbol : rules_[r].right)
        if (symbol < 0 || symbol >= vocabulary + nonterminals_)
          detail::fail("Grammar", {"symbol ", symbol, " is no token, and has no rule"}, "give it a rule");
    }
    for (std::int64_t n = 0; n < nonterminals_; ++n) {
      std::vector<double>& weights = weights_of_[static_cast<std::size_t>(n)];
      if (weights.empty()) detail::fail("Grammar", {"symbol ", vocabulary + n, " has no rule"}, "give it a rule");
      double sum = 0;
      for (const double weight : weights) sum += weight;
      for (double& weight : weights) weight /= sum;
    }
    order_nonterminals();
  }

  std::int64_t vocabulary() const { return vocabulary_; }

  /// A sentence of at most max_length tokens; longer ones are drawn again, up to 10000 times. Throws Error where all of
  /// those are too long, or max_length < 1.
  std::vector<std::int64_t> sample(Rng& rng, std::int64_t max_length) const {
    detail::check_count("Grammar::sample", "max_length", max_length, 1);
    std::vector<std::int64_t> sentence, open;
    for (int attempt = 0; attempt < 10000; ++attempt) {
      sentence.clear();
      open.assign(1, vocabulary_);
      // Every open symbol gives a token at least, so what is too long is so for good.
      while (!open.empty() && static_cast<std::int64_t>(sentence.size() + open.size()) <= max_length) {
        const std::int64_t symbol = open.back();
        open.pop_back();
        if (symbol < vocabulary_) {
          sentence.push_back(symbol);
          continue;
        }
        const auto n = static_cast<std::size_t>(symbol - vocabulary_);
        const auto choice = static_cast<std::size_t>(rng.categorical(weights_of_[n]));
        const std::vector<std::int64_t>& right = rules_[rules_of_[n][choice]].right;
        open.insert(open.end(), right.rbegin(), right.rend());
      }
      if (open.empty()) return sentence;
    }
    detail::fail("Grammar::sample", {"10000 sentences were longer than ", max_length, " tokens"},
                 "raise max_length, or the weight of rules that end");
  }

  /// log P(sentence) by the inside algorithm, -infinity where the grammar does not have it; time O(rules length^3).
  /// Throws Error for a token outside the vocabulary.
  double log_probability(const std::vector<std::int64_t>& sentence) const {
    for (const std::int64_t token : sentence)
      if (token < 0 || token >= vocabulary_)
        detail::fail("Grammar::log_probability", {"token ", token, " is outside the vocabulary of ", vocabulary_},
                     "tokens are in [0, vocabulary)");
    const std::size_t length = sentence.size();
    if (length == 0) return -std::numeric_limits<double>::infinity();
    // inside[begin][end - 1][n]: probability that nonterminal n gives the tokens [begin, end); the same of the rest of
    // a rule's right side from symbol k on, for all rules one after the other. Tokens are scaled by `scale`, so that
    // long sentences do not underflow.
    std::vector<std::size_t> first_suffix;
    std::size_t suffixes = 0;
    for (const GrammarRule& rule : rules_) {
      first_suffix.push_back(suffixes);
      suffixes += rule.right.size();
    }
    const auto count = static_cast<std::size_t>(nonterminals_);
    const double scale = static_cast<double>(vocabulary_);
    std::vector<double> inside(length * length * count, 0), suffix(length * length * suffixes, 0);
    const auto symbol_inside = [&](std::int64_t symbol, std::size_t begin, std::size_t end) {
      if (symbol < vocabulary_) return end - begin == 1 && sentence[begin] == symbol ? scale : 0.0;
      return inside[(begin * length + end - 1) * count + static_cast<std::size_t>(symbol - vocabulary_)];
    };
    for (std::size_t span = 1; span <= length; ++span)
      for (std::size_t begin = 0; begin + span <= length; ++begin) {
        const std::size_t end = begin + span;
        double* const here = suffix.data() + (begin * length + end - 1) * suffixes;
        // The parts that are made of smaller spans, then what has one symbol, the least nonterminal first.
        for (std::size_t r = 0; r < rules_.size(); ++r)
          for (std::size_t k = 0; k + 1 < rules_[r].right.size(); ++k)
            for (std::size_t middle = begin + 1; middle < end; ++middle)
              here[first_suffix[r] + k] += symbol_inside(rules_[r].right[k], begin, middle) *
                                           suffix[(middle * length + end - 1) * suffixes + first_suffix[r] + k + 1];
        for (const std::size_t n : order_) {
          double sum = 0;
          for (std::size_t j = 0; j < rules_of_[n].size(); ++j) {
            const std::size_t r = rules_of_[n][j];
            const bool one = rules_[r].right.size() == 1;
            sum += weights_of_[n][j] * (one ? symbol_inside(rules_[r].right[0], begin, end) : here[first_suffix[r]]);
          }
          inside[(begin * length + end - 1) * count + n] = sum;
        }
        for (std::size_t r = 0; r < rules_.size(); ++r) {
          const std::size_t last = rules_[r].right.size() - 1;
          here[first_suffix[r] + last] = symbol_inside(rules_[r].right[last], begin, end);
        }
      }
    return std::log(symbol_inside(vocabulary_, 0, length)) - static_cast<double>(length) * std::log(scale);
  }

 private:
  /// Puts nonterminals such that A comes after B where there is a rule A -> B.
  void order_nonterminals() {
    std::vector<std::vector<std::size_t>> waiting(rules_of_.size());  // for each B, the A
    std::vector<std::size_t> pending(rules_of_.size(), 0);
    for (const GrammarRule& rule : rules_)
      if (rule.right.size() == 1 && rule.right[0] >= vocabulary_) {
        const auto left = static_cast<std::size_t>(rule.left - vocabulary_);
        waiting[static_cast<std::size_t>(rule.right[0] - vocabulary_)].push_back(left);
        ++pending[left];
      }
    for (std::size_t n = 0; n < pending.size(); ++n)
      if (pending[n] == 0) order_.push_back(n);
    for (std::size_t i = 0; i < order_.size(); ++i)
      for (const std::size_t n : waiting[order_[i]])
        if (--pending[n] == 0) order_.push_back(n);
    for (std::size_t n = 0; n < pending.size(); ++n)
      if (pending[n] != 0)
        detail::fail("Grammar", {"symbol ", vocabulary_ + static_cast<std::int64_t>(n), " leads to itself alone"},
                     "leave out the circle of rules of one symbol");
  }

  std::int64_t vocabulary_, nonterminals_ = 0;
  std::vector<GrammarRule> rules_;
  std::vector<std::vector<std::size_t>> rules_of_;  // of each nonterminal
  std::vector<std::vector<double>> weights_of_;
  std::vector<std::size_t> order_;
};

}  // namespace regimen
