// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "regimen/core/state.hpp"
#include "regimen/curriculum/difficulty.hpp"
#include "regimen/curriculum/pacing.hpp"

namespace regimen {

struct CurriculumOptions {
  std::int64_t batch_size = 32;
  CurriculumOrder order = CurriculumOrder::easy_first;
  Schedule pace = 1.0;  ///< part of the examples in the pool at batch t, in (0, 1]; see curriculum/pacing.hpp
  std::int64_t rescore_every =
      0;  ///< batches between two new orders by the observed losses; 0: the scores stay as given
};

/// A Sampler that draws from a pool of the examples that come first in an order of difficulty; the pool grows by a
/// pace.
///
/// Batch t = 0, 1, ... is drawn uniformly from the first round(pace(t) N) examples of the order (at least one) without
/// replacement: no example comes again before every other one of the pool has come. What joins the pool joins the pass
/// under way. Batches have batch_size different examples, or all of a smaller pool; one that finishes a pass is filled
/// up from the next. With pace 1 this is ordinary shuffling.
///
/// Scores are given (difficulty by a rule, a teacher's loss) and may be replaced at any time by set_scores(), or are
/// the model's own losses: with rescore_every = k, observe() overwrites the scores of the examples that it hears of,
/// and every k batches the examples are put in order anew. The random order is drawn once and ignores scores.
///
/// epoch() counts N examples drawn as one epoch, whatever the pool, so that runs of different paces compare at equal
/// work.
///
/// Y. Bengio et al., Curriculum learning, 2009; X. Wu, E. Dyer and B. Neyshabur, When do curricula work?, 2021,
/// algorithm 1.
class CurriculumSampler {
 public:
  /// scores [N]: larger is harder. Throws Error for no examples, a score that is NaN, and options outside their ranges.
  CurriculumSampler(const Tensor<float>& scores, const Rng& rng, const CurriculumOptions& options)
      : options_(options),
        rng_(rng.split("draws")),
        scores_(scores.span().begin(), scores.span().end()),
        used_(scores_.size(), 0) {
    detail::check_count("CurriculumSampler", "batch_size", options.batch_size, 1);
    detail::check_count("CurriculumSampler", "rescore_every", options.rescore_every, 0);
    if (scores_.empty()) detail::fail("CurriculumSampler", "there are no examples", "give one score an example: [N]");
    Rng order = rng.split("order");
    order_ = list(difficulty_order(scores, options.order, order));
  }

  /// The next batch's indices.
  Tensor<std::int64_t> next() {
    const std::int64_t pool = pool_at(step_);
    if (options_.rescore_every > 0 && step_ > 0 && step_ % options_.rescore_every == 0) sort();
    resize(pool);
    const std::int64_t size = pool < options_.batch_size ? pool : options_.batch_size;
    auto batch = Tensor<std::int64_t>::empty({size});
    std::int64_t* index = batch.mutable_data();
    const auto rest = static_cast<std::int64_t>(left_.size());
    const std::int64_t old = size < rest ? size : rest;  // from the pass under way
    draw(old, index);
    if (old < size) {
      // A new pass. What this batch has from the last one waits until the batch is full, so that it has no double.
      for (std::int64_t i = 0; i < count(); ++i) at(used_, i) = 0;
      for (std::int64_t i = 0; i < old; ++i) at(used_, index[i]) = 1;
      collect();
      draw(size - old, index + old);
      for (std::int64_t i = 0; i < old; ++i) {
        at(used_, index[i]) = 0;
        left_.push_back(index[i]);
      }
    }
    ++step_;
    drawn_ += size;
    return batch;
  }

  /// With rescore_every, remembers the losses of these examples as their scores. Throws Error for lists of different
  /// lengths, an index outside [0, N) or a loss that is NaN.
  void observe(const Tensor<std::int64_t>& indices, const Tensor<float>& losses) {
    if (!(indices.shape() == losses.shape()))
      detail::fail("CurriculumSampler::observe", {"indices are ", indices.shape(), " and losses ", losses.shape()},
                   "pass one loss an example");
    for (std::int64_t i = 0; i < indices.size(); ++i) {
      check_index("CurriculumSampler::observe", indices.data()[i]);
      if (std::isnan(losses.data()[i]))
        detail::fail("CurriculumSampler::observe", {"the loss of example ", indices.data()[i], " is NaN"},
                     "stop at a loss that is not finite");
    }
    if (options_.rescore_every == 0) return;
    for (std::int64_t i = 0; i < indices.size(); ++i) at(scores_, indices.data()[i]) = losses.data()[i];
  }

  /// Puts the examples in the order of new scores at once; the pass under way goes on with what it has not yet drawn.
  /// Throws Error for another number of scores or a NaN.
  void set_scores(const Tensor<float>& scores) {
    if (scores.rank() != 1 || scores.size() != count())
      detail::fail("CurriculumSampler::set_scores",
                   {"scores are ", scores.shape(), " and there are ", count(), " examples"},
                   "give one score an example: [N]");
    Rng unused;
    static_cast<void>(difficulty_order(scores, CurriculumOrder::easy_first, unused));  // refuses NaN
    scores_.assign(scores.span().begin(), scores.span().end());
    sort();
  }

  /// The examples drawn so far over N.
  std::int64_t epoch() const { return drawn_ / count(); }

  /// The number of examples in the pool of the next batch.
  std::int64_t pool() const { return pool_at(step_); }

  [[gnu::cold]] void save(State& state) const {
    state.put("batch_size", options_.batch_size);
    state.put("direction", static_cast<std::int64_t>(options_.order));
    state.put("step", step_);
    state.put("drawn", drawn_);
    state.put("pool", pool_);
    state.put("rng", rng_);
    state.put("scores", Tensor<float>::from(scores_, {count()}));
    state.put("order", Tensor<std::int64_t>::from(order_, {count()}));
    state.put("used", Tensor<std::int64_t>::from(used_, {count()}));
    state.put("left", Tensor<std::int64_t>::from(left_, {static_cast<std::int64_t>(left_.size())}));
  }

  /// Throws Error for the state of a sampler of other options or another number of examples, or a damaged one.
  [[gnu::cold]] void load(const State& state) {
    const auto batch_size = state.get<std::int64_t>("batch_size"), direction = state.get<std::int64_t>("direction");
    if (batch_size != options_.batch_size || direction != static_cast<std::int64_t>(options_.order))
      detail::fail("CurriculumSampler::load",
                   {"the state is of batches of ", batch_size, " in order ", direction, ", this sampler has ",
                    options_.batch_size, " in order ", static_cast<std::int64_t>(options_.order)},
                   "construct it as the saved one was");
    const auto step = state.get<std::int64_t>("step"), drawn = state.get<std::int64_t>("drawn"),
               pool = state.get<std::int64_t>("pool");
    const auto rng = state.get<Rng>("rng");
    const auto scores = state.get<Tensor<float>>("scores", Shape{count()});
    const auto order = state.get<Tensor<std::int64_t>>("order", Shape{count()}),
               used = state.get<Tensor<std::int64_t>>("used", Shape{count()}),
               left = state.get<Tensor<std::int64_t>>("left");
    bool right = step >= 0 && drawn >= 0 && pool >= 0 && pool <= count() && left.rank() == 1;
    for (const float score : scores.span()) right = right && !std::isnan(score);
    // Every example is once in the order; those of the pool that are not used are once in what is left; no other is.
    std::vector<int> places(scores_.size(), 0);
    for (std::int64_t i = 0; right && i < count(); ++i) {
      const std::int64_t example = order.data()[i];
      right = example >= 0 && example < count() && at(places, example) == 0 &&
              (used.data()[example] == 0 || used.data()[example] == 1);
      if (right) at(places, example) = i < pool && used.data()[example] == 0 ? 2 : 1;
    }
    std::int64_t expected = 0;
    for (const int place : places) expected += place == 2;
    right = right && expected == left.size();
    for (std::int64_t i = 0; right && i < left.size(); ++i) {
      const std::int64_t example = left.data()[i];
      right = example >= 0 && example < count() && at(places, example) == 2;
      if (right) at(places, example) = 3;
    }
    if (!right)
      detail::fail("CurriculumSampler::load", "the parts of the state contradict each other", "it is damaged");
    step_ = step;
    drawn_ = drawn;
    pool_ = pool;
    rng_ = rng;
    scores_.assign(scores.span().begin(), scores.span().end());
    order_ = list(order);
    used_ = list(used);
    left_ = list(left);
  }

 private:
  static std::vector<std::int64_t> list(const Tensor<std::int64_t>& tensor) {
    return {tensor.span().begin(), tensor.span().end()};
  }
  template <class V>
  static V& at(std::vector<V>& values, std::int64_t i) {
    return values[static_cast<std::size_t>(i)];
  }

  std::int64_t count() const { return static_cast<std::int64_t>(scores_.size()); }

  void check_index(const char* operation, std::int64_t index) const {
    if (index < 0 || index >= count())
      detail::fail(operation, {"index ", index, " of ", count(), " examples"}, "pass the indices that next() gave");
  }

  std::int64_t pool_at(std::int64_t step) const {
    const double pace = options_.pace(step);
    if (!(pace > 0 && pace <= 1))
      detail::fail("CurriculumSampler",
                   {"the pace at batch ", step, " is ", detail::number_text(pace), " (", options_.pace.name(), ")"},
                   "it must be in (0, 1]");
    const auto pool = static_cast<std::int64_t>(std::llround(pace * static_cast<double>(count())));
    return pool < 1 ? 1 : pool;
  }

  /// Draws n of what is left.
  void draw(std::int64_t n, std::int64_t* index) {
    for (std::int64_t i = 0; i < n; ++i) {
      std::int64_t& drawn = at(left_, rng_.below(static_cast<std::int64_t>(left_.size())));
      index[i] = drawn;
      at(used_, drawn) = 1;
      drawn = left_.back();
      left_.pop_back();
    }
  }

  /// What is left: the pool's examples that are not used.
  void collect() {
    left_.clear();
    for (std::int64_t i = 0; i < pool_; ++i)
      if (at(used_, at(order_, i)) == 0) left_.push_back(at(order_, i));
  }

  void resize(std::int64_t pool) {
    const std::int64_t before = pool_;
    pool_ = pool;
    if (pool < before) return collect();
    for (std::int64_t i = before; i < pool; ++i)
      if (at(used_, at(order_, i)) == 0) left_.push_back(at(order_, i));
  }

  /// The order by the present scores; the random order stays.
  void sort() {
    if (options_.order == CurriculumOrder::random) return;
    order_ = list(difficulty_order(Tensor<float>::from(scores_, {count()}), options_.order, rng_));
    collect();
  }

  CurriculumOptions options_;
  Rng rng_;
  std::vector<float> scores_;
  std::vector<std::int64_t> order_;  // a permutation; the first pool_ are the pool
  std::vector<std::int64_t> used_;   // 1 for what the pass under way has drawn
  std::vector<std::int64_t> left_;   // the pool without that, in any order
  std::int64_t pool_ = 0, step_ = 0, drawn_ = 0;
};

}  // namespace regimen
