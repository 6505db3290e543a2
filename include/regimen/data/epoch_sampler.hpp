// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/state.hpp"
#include "regimen/core/tensor.hpp"

namespace regimen {

/// How an epoch is cut into batches.
struct Batching {
  std::int64_t batch_size = 32;
  bool drop_last = false;  ///< leave out the last batch of an epoch where it is smaller than the others
};

/// The samples of an epoch in an order, cut into batches. The order is all that differs between such samplers:
///
///   struct Order {
///     std::int64_t count() const;                               // indices in an epoch
///     Tensor<std::int64_t> order(std::int64_t epoch) const;     // these indices; the same for the same epoch
///     void save(State&) const; void load(const State&);
///   };
///
/// State: what Order saves, the epoch, and the position in it; the order itself is made anew.
template <class Order>
class EpochSampler {
 public:
  /// Throws Error unless an epoch has at least one batch.
  EpochSampler(Order order, const Batching& batching) : order_(std::move(order)), batching_(batching) {
    if (batching.batch_size < 1 || usable() < 1)
      detail::fail("Sampler", {"an epoch of ", order_.count(), " samples has no batch of ", batching.batch_size},
                   "both must be positive, and with drop_last a batch fit into the epoch");
  }

  Tensor<std::int64_t> next() {
    if (!indices_.defined()) indices_ = order_.order(epoch_);
    const std::int64_t end = std::min(position_ + batching_.batch_size, usable());
    auto batch = indices_.rows(position_, end).clone();
    position_ = end;
    if (position_ == usable()) {
      position_ = 0;
      ++epoch_;
      indices_ = {};
    }
    return batch;
  }

  std::int64_t epoch() const { return epoch_; }

  void save(State& state) const {
    state.put("count", order_.count());
    state.put("batch_size", batching_.batch_size);
    state.put("drop_last", batching_.drop_last);
    state.put("epoch", epoch_);
    state.put("position", position_);
    order_.save(state.scope("order"));
  }
  /// Throws Error for the state of a sampler of another count or batching.
  void load(const State& state) {
    const auto count = state.get<std::int64_t>("count"), batch_size = state.get<std::int64_t>("batch_size");
    const auto epoch = state.get_count("epoch"), position = state.get_count("position");
    if (count != order_.count() || batch_size != batching_.batch_size ||
        state.get<bool>("drop_last") != batching_.drop_last)
      detail::fail("Sampler::load",
                   {"the state is of ", count, " samples in batches of ", batch_size, ", this sampler has ",
                    order_.count(), " in batches of ", batching_.batch_size},
                   "construct it as the saved one was");
    if (position >= usable() || position % batch_size != 0)
      detail::fail("Sampler::load", {"no batch begins at ", position}, "the state is corrupt");
    order_.load(state.part("order"));
    epoch_ = epoch;
    position_ = position;
    indices_ = {};
  }

 private:
  /// Samples of an epoch that get into batches.
  std::int64_t usable() const {
    return order_.count() - (batching_.drop_last ? order_.count() % batching_.batch_size : 0);
  }

  Order order_;
  Batching batching_;
  std::int64_t epoch_ = 0, position_ = 0;
  Tensor<std::int64_t> indices_;  // of the epoch under way; undefined until it begins
};

namespace detail {

/// 0, 1, 2, ...
class SequentialOrder {
 public:
  explicit SequentialOrder(std::int64_t count) : count_(count) {}
  std::int64_t count() const { return count_; }
  Tensor<std::int64_t> order(std::int64_t) const {
    auto indices = Tensor<std::int64_t>::empty({count_});
    std::int64_t* out = indices.mutable_data();
    for (std::int64_t i = 0; i < count_; ++i) out[i] = i;
    return indices;
  }
  void save(State&) const {}
  void load(const State&) {}

 private:
  std::int64_t count_;
};

/// A random order, of stream rng.split(epoch).
class RandomOrder {
 public:
  explicit RandomOrder(const Rng& rng) : rng_(rng) {}
  void save(State& state) const { state.put("rng", rng_); }
  void load(const State& state) { rng_ = state.get<Rng>("rng"); }

 protected:
  Rng of(std::int64_t epoch) const { return rng_.split(static_cast<std::uint64_t>(epoch)); }

 private:
  Rng rng_;
};

class ShuffledOrder : public RandomOrder {
 public:
  ShuffledOrder(std::int64_t count, const Rng& rng) : RandomOrder(rng), count_(count) {}
  std::int64_t count() const { return count_; }
  Tensor<std::int64_t> order(std::int64_t epoch) const { return of(epoch).permutation(count_); }

 private:
  std::int64_t count_;
};

class WeightedOrder : public RandomOrder {
 public:
  WeightedOrder(std::vector<double> weights, std::int64_t draws, bool replacement, const Rng& rng)
      : RandomOrder(rng), weights_(std::move(weights)), draws_(draws), replacement_(replacement) {
    std::int64_t positive = 0;
    double total = 0;
    for (const double w : weights_) {
      if (!(w >= 0)) fail("WeightedSampler", "a weight is " + std::to_string(w), "weights must be >= 0");
      if (w > 0) ++positive;
      total += w;
    }
    if (!(total > 0) || total - total != 0)
      fail("WeightedSampler", "the weights sum to " + std::to_string(total), "the sum must be positive and finite");
    if (draws_ == 0) draws_ = replacement_ ? static_cast<std::int64_t>(weights_.size()) : positive;
    if (draws_ < 0 || (!replacement_ && draws_ > positive))
      fail("WeightedSampler",
           std::to_string(draws_) + " draws an epoch of " + std::to_string(positive) + " samples of positive weight",
           "draw fewer, or with replacement");
  }
  std::int64_t count() const { return draws_; }
  Tensor<std::int64_t> order(std::int64_t epoch) const {
    Rng rng = of(epoch);
    return replacement_ ? with_replacement(rng) : without_replacement(rng);
  }

 private:
  Tensor<std::int64_t> with_replacement(Rng& rng) const {
    std::vector<double> sums(weights_.size());
    double sum = 0;
    std::size_t last = 0;  // of positive weight
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      sums[i] = sum += weights_[i];
      if (weights_[i] > 0) last = i;
    }
    auto indices = Tensor<std::int64_t>::empty({draws_});
    std::int64_t* out = indices.mutable_data();
    for (std::int64_t i = 0; i < draws_; ++i) {
      const auto found = std::upper_bound(sums.begin(), sums.end(), rng.uniform() * sum);
      out[i] = std::min(found - sums.begin(), static_cast<std::ptrdiff_t>(last));
    }
    return indices;
  }

  /// The draws_ smallest of the times E_i / w_i, where E_i are standard exponential: as drawing one after the other.
  ///
  /// Source: Efraimidis & Spirakis (2006), Weighted random sampling with a reservoir.
  Tensor<std::int64_t> without_replacement(Rng& rng) const {
    std::vector<std::pair<double, std::int64_t>> times;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const double exponential = -std::log1p(-rng.uniform());
      if (weights_[i] > 0) times.emplace_back(exponential / weights_[i], static_cast<std::int64_t>(i));
    }
    std::partial_sort(times.begin(), times.begin() + draws_, times.end());
    auto indices = Tensor<std::int64_t>::empty({draws_});
    std::int64_t* out = indices.mutable_data();
    for (std::int64_t i = 0; i < draws_; ++i) out[i] = times[static_cast<std::size_t>(i)].second;
    return indices;
  }

  std::vector<double> weights_;
  std::int64_t draws_;
  bool replacement_;
};

}  // namespace detail

/// Samples 0, ..., count - 1 in order, epoch after epoch.
class SequentialSampler : public EpochSampler<detail::SequentialOrder> {
 public:
  explicit SequentialSampler(std::int64_t count, const Batching& batching = {})
      : EpochSampler(detail::SequentialOrder(count), batching) {}
};

/// Every sample once an epoch, in an order that is new and equally likely each time. Epoch e's is a function of the
/// Rng's stream and e alone.
class ShuffledSampler : public EpochSampler<detail::ShuffledOrder> {
 public:
  ShuffledSampler(std::int64_t count, const Rng& rng, const Batching& batching = {})
      : EpochSampler(detail::ShuffledOrder(count, rng), batching) {}
};

struct WeightedOptions {
  std::int64_t batch_size = 32;
  bool drop_last = false;   ///< as in Batching
  bool replacement = true;  ///< whether an epoch may hold a sample more than once
  std::int64_t draws = 0;   ///< samples an epoch; 0 for as many as there are weights, without replacement positive ones
};

/// Samples drawn with probability in proportion to their weights: independently, or within an epoch without
/// replacement. Weights of 1 / (size of the class) balance classes. Throws Error unless the weights are finite, >= 0,
/// and not all 0, or where an epoch has more draws without replacement than there are samples of positive weight.
class WeightedSampler : public EpochSampler<detail::WeightedOrder> {
 public:
  WeightedSampler(std::vector<double> weights, const Rng& rng, const WeightedOptions& options = {})
      : EpochSampler(detail::WeightedOrder(std::move(weights), options.draws, options.replacement, rng),
                     {options.batch_size, options.drop_last}) {}
};

}  // namespace regimen
