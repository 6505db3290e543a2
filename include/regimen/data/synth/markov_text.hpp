// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/distributions.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {

/// Text of a Markov chain of order k over the tokens 0, ..., V - 1, in its stationary state:
///
///   P(x_t = v | the past) = probabilities[c, v],   c = (x_{t-k} ... x_{t-1}) read as a number of base V
///
/// Its entropy is known, so a language model's loss on it has a known floor.
///
///   const MarkovText text = random_markov_text(rng.split("text"), {.vocabulary = 20, .order = 2});
///   const auto tokens = text.sample(rng.split("train"), 1000, 24);  // [1000, 24]
///   const double floor = text.entropy_rate();                       // nats a token
class MarkovText {
 public:
  /// probabilities [V^k, V]; each row is divided by its sum, which must be 1 to within 1e-6. Throws Error for other
  /// shapes or rows, or a chain so slow that its stationary distribution is not found.
  explicit MarkovText(const Tensor<double>& probabilities) : probabilities_(probabilities.clone()) {
    if (probabilities.rank() != 2 || probabilities.size() == 0)
      detail::fail("MarkovText", {"probabilities are ", probabilities.shape()}, "pass a row a context: [V^order, V]");
    std::int64_t contexts = 1;
    for (; contexts < probabilities.size(0) && vocabulary() > 1; ++order_) contexts *= vocabulary();
    if (contexts != probabilities.size(0))
      detail::fail("MarkovText", {"probabilities are ", probabilities.shape()}, "the rows must be a power of V");
    double* row = probabilities_.mutable_data();
    for (std::int64_t c = 0; c < contexts; ++c, row += vocabulary()) {
      double sum = 0;
      bool right = true;
      for (std::int64_t v = 0; v < vocabulary(); ++v) {
        right = right && row[v] >= 0;
        sum += row[v];
      }
      if (!right || !(std::abs(sum - 1) <= 1e-6))
        detail::fail("MarkovText", {"row ", c, " sums to ", sum}, "a row is numbers >= 0 of sum 1");
      for (std::int64_t v = 0; v < vocabulary(); ++v) row[v] /= sum;
    }
    find_stationary();
  }

  std::int64_t vocabulary() const { return probabilities_.size(1); }
  std::int64_t order() const { return order_; }
  const Tensor<double>& probabilities() const { return probabilities_; }

  /// Probability of each context [V^k] in the long run: pi P = pi. Where the chain falls into several parts, that from
  /// a uniform start.
  const Tensor<double>& stationary() const { return stationary_; }

  /// -sum_c pi(c) sum_v P(v | c) log P(v | c): nats a token, the least loss that a model of this text can have.
  double entropy_rate() const { return cross_entropy(*this); }

  /// -sum_c pi(c) sum_v P(v | c) log Q(v | c): loss of the chain Q on this text; infinite where Q excludes what occurs.
  /// Throws Error for another vocabulary, or a Q of higher order.
  double cross_entropy(const MarkovText& model) const {
    if (model.vocabulary() != vocabulary() || model.order() > order())
      detail::fail("MarkovText::cross_entropy",
                   {"the model has ", model.vocabulary(), " tokens and order ", model.order(), ", the text ",
                    vocabulary(), " and order ", order()},
                   "it needs the same tokens, and an order not above the text's");
    double sum = 0;
    for (std::int64_t c = 0; c < contexts(); ++c)
      for (std::int64_t v = 0; v < vocabulary(); ++v) {
        const double p = stationary_.data()[c] * row(c)[static_cast<std::size_t>(v)];
        if (p > 0) sum -= p * std::log(model.row(c % model.contexts())[static_cast<std::size_t>(v)]);
      }
    return sum;
  }

  /// Sequences [count, length]; sequence i is a function of `rng` and i alone. Throws Error for negative sizes.
  Tensor<std::int64_t> sample(const Rng& rng, std::int64_t count, std::int64_t length) const {
    detail::check_count("MarkovText::sample", "count", count, 0);
    detail::check_count("MarkovText::sample", "length", length, 0);
    auto tokens = Tensor<std::int64_t>::empty({count, length});
    std::int64_t* out = tokens.mutable_data();
    parallel_for(count, 4096 / (length + 1) + 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        Rng own = rng.split(static_cast<std::uint64_t>(i));
        std::int64_t context = own.categorical(stationary_.span()), place = contexts();
        for (std::int64_t t = 0; t < length; ++t) {
          std::int64_t& token = out[i * length + t];
          if (t < order_) {
            place /= vocabulary();
            token = context / place % vocabulary();
          } else {
            token = own.categorical(row(context));
            context = next(context, token);
          }
        }
      }
    });
    return tokens;
  }

  /// log P of sequences [n, length], the first k tokens by the stationary distribution; -infinity where one cannot be.
  /// Throws Error for a length below k, or a token outside the vocabulary.
  Tensor<double> log_probability(const Tensor<std::int64_t>& tokens) const {
    if (tokens.rank() != 2 || tokens.size(1) < order_)
      detail::fail("MarkovText::log_probability", {"tokens are ", tokens.shape()},
                   {"pass [n, length] with a length of at least ", order_});
    for (const std::int64_t token : tokens.span())
      if (token < 0 || token >= vocabulary())
        detail::fail("MarkovText::log_probability", {"token ", token, " is outside the vocabulary of ", vocabulary()},
                     "tokens are in [0, vocabulary)");
    auto result = Tensor<double>::empty({tokens.size(0)});
    for (std::int64_t i = 0; i < tokens.size(0); ++i) {
      const std::int64_t* x = tokens.data() + i * tokens.size(1);
      std::int64_t context = 0;
      for (std::int64_t t = 0; t < order_; ++t) context = next(context, x[t]);
      double sum = std::log(stationary_.data()[context]);
      for (std::int64_t t = order_; t < tokens.size(1); ++t) {
        sum += std::log(row(context)[static_cast<std::size_t>(x[t])]);
        context = next(context, x[t]);
      }
      result.mutable_data()[i] = sum;
    }
    return result;
  }

 private:
  std::int64_t contexts() const { return probabilities_.size(0); }
  std::int64_t next(std::int64_t context, std::int64_t token) const {
    return (context * vocabulary() + token) % contexts();
  }
  std::span<const double> row(std::int64_t context) const {
    return {probabilities_.data() + context * vocabulary(), static_cast<std::size_t>(vocabulary())};
  }

  /// Power iteration of (P + I) / 2, which has the same stationary distributions as P and no periods.
  void find_stationary() {
    std::vector<double> pi(static_cast<std::size_t>(contexts()), 1 / static_cast<double>(contexts())), moved;
    const std::int64_t limit = std::clamp<std::int64_t>((std::int64_t{1} << 32) / probabilities_.size(), 1000, 1000000);
    for (std::int64_t step = 0;; ++step) {
      moved.assign(pi.size(), 0);
      for (std::int64_t c = 0; c < contexts(); ++c) {
        const double p = pi[static_cast<std::size_t>(c)];
        if (p == 0) continue;
        std::int64_t to = next(c, 0);  // the successors of a context are V in a row
        for (const double q : row(c)) moved[static_cast<std::size_t>(order_ == 0 ? 0 : to++)] += p * q;
      }
      double change = 0, sum = 0;
      for (std::size_t c = 0; c < pi.size(); ++c) {
        const double half = 0.5 * (pi[c] + moved[c]);
        change += std::abs(half - pi[c]);
        sum += pi[c] = half;
      }
      for (double& p : pi) p /= sum;
      if (change < 1e-14) break;
      if (step == limit)
        detail::fail("MarkovText", {"the chain has not settled after ", step, " steps"},
                     "make its probabilities less extreme");
    }
    stationary_ = Tensor<double>::from(pi, {contexts()});
  }

  Tensor<double> probabilities_, stationary_;
  std::int64_t order_ = 0;
};

struct MarkovTextOptions {
  std::int64_t vocabulary = 32;
  std::int64_t order = 1;
  double scale = 2;   ///< of the logits: 0 gives uniform text, large values a nearly certain one
  double shared = 0;  ///< in [0, 1]: correlation of the logits of two domains
};

/// Markov texts whose rows are softmax(logits), and which share a part of them:
///
///   logits_d = scale (shared G_0 + sqrt(1 - shared^2) G_d),   G normal
///
/// Domain d is a function of `rng` and d alone. Throws Error for options outside their ranges, or more than 2^28
/// probabilities.
inline std::vector<MarkovText> markov_domains(const Rng& rng, std::int64_t count,
                                              const MarkovTextOptions& options = {}) {
  detail::check_count("markov_domains", "count", count, 0);
  detail::check_count("markov_domains", "vocabulary", options.vocabulary, 1);
  detail::check_count("markov_domains", "order", options.order, 0);
  detail::check_not_negative("markov_domains", "scale", options.scale);
  detail::check_fraction("markov_domains", "shared", options.shared);
  const std::int64_t v = options.vocabulary, order = v == 1 ? 0 : options.order;
  const double size = std::pow(static_cast<double>(v), static_cast<double>(order + 1));
  detail::check_option(size <= 0x1p28, "markov_domains", "vocabulary^(order + 1)", size, "at most 2^28");
  std::int64_t contexts = 1;
  for (std::int64_t k = 0; k < order; ++k) contexts *= v;
  const auto common = rng.split("shared").normal<double>({contexts, v});
  const double own = std::sqrt(1 - options.shared * options.shared);
  std::vector<MarkovText> domains;
  for (std::int64_t d = 0; d < count; ++d) {
    auto rows = rng.split(static_cast<std::uint64_t>(d)).normal<double>({contexts, v});
    for (std::int64_t c = 0; c < contexts; ++c) {
      double* row = rows.mutable_data() + c * v;
      double largest = -std::numeric_limits<double>::infinity(), sum = 0;
      for (std::int64_t j = 0; j < v; ++j) {
        row[j] = options.scale * (options.shared * common.data()[c * v + j] + own * row[j]);
        largest = std::max(largest, row[j]);
      }
      for (std::int64_t j = 0; j < v; ++j) sum += row[j] = std::exp(row[j] - largest);
      for (std::int64_t j = 0; j < v; ++j) row[j] /= sum;
    }
    domains.emplace_back(rows);
  }
  return domains;
}

/// The first of markov_domains(rng, 1, options).
inline MarkovText random_markov_text(const Rng& rng, const MarkovTextOptions& options = {}) {
  return markov_domains(rng, 1, options).front();
}

/// Rows [rows, columns] from Dirichlet(alpha, ..., alpha), for a MarkovText: small alpha gives rows of few large
/// probabilities. Throws Error for no rows or columns, or unless alpha > 0.
inline Tensor<double> dirichlet_rows(Rng rng, std::int64_t rows, std::int64_t columns, double alpha) {
  detail::check_count("dirichlet_rows", "rows", rows, 1);
  detail::check_count("dirichlet_rows", "columns", columns, 1);
  detail::check_positive("dirichlet_rows", "alpha", alpha);
  auto result = Tensor<double>::empty({rows, columns});
  const std::vector<double> alphas(static_cast<std::size_t>(columns), alpha);
  for (std::int64_t i = 0; i < rows; ++i) {
    const auto row = draw_dirichlet(rng, alphas);
    std::copy(row.begin(), row.end(), result.mutable_data() + i * columns);
  }
  return result;
}

/// Rows [V, V] of a text in which every token has successor j with shares[j], a random permutation of the tokens for
/// each j; its stationary distribution is uniform. Throws Error for no tokens or shares, a negative share, or a sum
/// that is not 1 to within 1e-6.
inline Tensor<double> successor_rows(Rng rng, std::int64_t vocabulary, const std::vector<double>& shares) {
  detail::check_count("successor_rows", "vocabulary", vocabulary, 1);
  double sum = 0;
  for (const double share : shares) {
    detail::check_fraction("successor_rows", "share", share);
    sum += share;
  }
  detail::check_option(std::abs(sum - 1) <= 1e-6, "successor_rows", "the sum of the shares", sum, "1");
  auto result = Tensor<double>::zeros({vocabulary, vocabulary});
  for (const double share : shares) {
    const auto successor = rng.permutation(vocabulary);
    for (std::int64_t v = 0; v < vocabulary; ++v) result.mutable_data()[v * vocabulary + successor.data()[v]] += share;
  }
  return result;
}

/// The text with probabilities (1 - share) a + share b, as of a domain that has moved from a towards b. Throws Error
/// for other vocabularies or orders, or unless 0 <= share <= 1.
inline MarkovText interpolate(const MarkovText& a, const MarkovText& b, double share) {
  detail::check_fraction("interpolate", "share", share);
  if (!(a.probabilities().shape() == b.probabilities().shape()))
    detail::fail("interpolate", {"probabilities are ", a.probabilities().shape(), " and ", b.probabilities().shape()},
                 "pass texts of the same vocabulary and order");
  auto rows = a.probabilities().clone();
  for (std::int64_t i = 0; i < rows.size(); ++i)
    rows.mutable_data()[i] += share * (b.probabilities().data()[i] - rows.data()[i]);
  return MarkovText(rows);
}

}  // namespace regimen
