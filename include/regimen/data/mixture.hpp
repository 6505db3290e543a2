// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/state.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/optim/check.hpp"
#include "regimen/optim/schedule/schedule.hpp"

namespace regimen {

/// Domain numbers [sum of sizes]: sizes[0] zeros, sizes[1] ones, ... , as of datasets laid one after the other. Throws
/// Error for a negative size.
inline Tensor<std::int64_t> contiguous_domains(const std::vector<std::int64_t>& sizes) {
  std::vector<std::int64_t> domains;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    detail::check_count("contiguous_domains", "size", sizes[d], 0);
    domains.insert(domains.end(), static_cast<std::size_t>(sizes[d]), static_cast<std::int64_t>(d));
  }
  return Tensor<std::int64_t>::from(domains, {static_cast<std::int64_t>(domains.size())});
}

/// Weights in proportion to sizes^(1 / temperature), of sum 1: the sizes' shares at temperature 1, equal shares at
/// infinity. Throws Error unless every size is positive and temperature > 0.
///
/// Source: Arivazhagan et al. (2019), Massively multilingual neural machine translation in the wild.
inline std::vector<double> temperature_weights(const std::vector<std::int64_t>& sizes, double temperature) {
  detail::check_option(temperature > 0, "temperature_weights", "temperature", temperature, "positive");
  if (sizes.empty()) detail::fail("temperature_weights", "there are no sizes", "give one a domain");
  std::int64_t largest = 0;
  for (const std::int64_t size : sizes) {
    detail::check_count("temperature_weights", "size", size, 1);
    largest = std::max(largest, size);
  }
  std::vector<double> weights;
  double sum = 0;
  for (const std::int64_t size : sizes) {
    weights.push_back(std::pow(static_cast<double>(size) / static_cast<double>(largest), 1 / temperature));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

struct MixtureOptions {
  std::int64_t batch_size = 32;
};

/// A Sampler over several domains. Each sample of batch t = 0, 1, ... is of domain d with probability
/// weights[d](t) / sum(weights(t)), independently; within a domain every sample comes once a pass, in a new random
/// order each pass. A weight is a number or any Schedule:
///
///   Mixture mixture(contiguous_domains({900, 100}), {0.5, linear_schedule({.initial = 0.1, .final = 0.5, .steps =
///   1000})}, rng); const auto indices = mixture.next(); const auto domains = mixture.domains_of(indices);
///
/// set_weights() replaces the schedules by numbers from the next batch on, as domain re-weighting by losses does.
/// epoch() counts N samples drawn as one epoch, whatever their domains. State: batch, draws, the place in every domain,
/// the weights that were set; orders are made anew.
class Mixture {
 public:
  /// domains [N]: the domain, 0 to D - 1, of each sample; one weight a domain. Throws Error for an empty domain, or
  /// another number of weights.
  Mixture(const Tensor<std::int64_t>& domains, std::vector<Schedule> weights, const Rng& rng,
          const MixtureOptions& options = {})
      : domains_(domains.clone()), schedules_(std::move(weights)), options_(options), rng_(rng) {
    detail::check_count("Mixture", "batch_size", options.batch_size, 1);
    if (domains.rank() != 1)
      detail::fail("Mixture", "domains are " + domains.shape().to_string(), "give a vector: [N]");
    parts_.resize(schedules_.size());
    for (std::int64_t i = 0; i < domains.size(); ++i) {
      const std::int64_t d = domains.data()[i];
      if (d < 0 || d >= count())
        detail::fail("Mixture",
                     "sample " + std::to_string(i) + " is of domain " + std::to_string(d) + ", and there are " +
                         std::to_string(count()) + " weights",
                     "give one weight a domain, which count from 0");
      parts_[static_cast<std::size_t>(d)].samples.push_back(i);
    }
    for (std::size_t d = 0; d < parts_.size(); ++d)
      if (parts_[d].samples.empty())
        detail::fail("Mixture", "domain " + std::to_string(d) + " has no samples", "leave out its weight");
    if (parts_.empty()) detail::fail("Mixture", "there are no domains", "give one weight a domain");
  }

  /// Indices of the next batch. Throws Error where a weight is negative or not finite, or all are 0.
  Tensor<std::int64_t> next() {
    const std::vector<double> now = weights();
    Rng draws = rng_.split("draws").split(static_cast<std::uint64_t>(step_));
    auto batch = Tensor<std::int64_t>::empty({options_.batch_size});
    std::int64_t* index = batch.mutable_data();
    for (std::int64_t i = 0; i < options_.batch_size; ++i) index[i] = draw(draws.categorical(now));
    ++step_;
    return batch;
  }

  /// Number of domains.
  std::int64_t count() const { return static_cast<std::int64_t>(schedules_.size()); }

  /// The domain of each index. Throws Error for one outside [0, N).
  Tensor<std::int64_t> domains_of(const Tensor<std::int64_t>& indices) const {
    auto result = Tensor<std::int64_t>::empty(indices.shape());
    std::int64_t* out = result.mutable_data();
    for (const std::int64_t i : indices.span()) {
      if (i < 0 || i >= domains_.size())
        detail::fail("Mixture::domains_of",
                     "index " + std::to_string(i) + " is outside the " + std::to_string(domains_.size()) + " samples");
      *out++ = domains_.data()[i];
    }
    return result;
  }

  /// The weights of the next batch, of sum 1. Throws Error as next() does.
  std::vector<double> weights() const {
    std::vector<double> now = set_;
    if (now.empty())
      for (const Schedule& schedule : schedules_) now.push_back(schedule(step_));
    return normalised("Mixture", std::move(now));
  }

  /// Replaces the schedules by these weights. Throws Error for another number of them, or wrong ones.
  void set_weights(const std::vector<double>& weights) {
    if (static_cast<std::int64_t>(weights.size()) != count())
      detail::fail("Mixture::set_weights",
                   std::to_string(weights.size()) + " weights for " + std::to_string(count()) + " domains",
                   "give one weight a domain");
    set_ = normalised("Mixture::set_weights", weights);
  }

  std::int64_t epoch() const { return step_ * options_.batch_size / domains_.size(); }

  /// Samples drawn from a domain so far, over its size. Throws Error for a domain that is none.
  double passes(std::int64_t domain) const {
    if (domain < 0 || domain >= count())
      detail::fail("Mixture::passes",
                   "there is no domain " + std::to_string(domain) + " of " + std::to_string(count()));
    const Part& part = parts_[static_cast<std::size_t>(domain)];
    return static_cast<double>(part.drawn) / static_cast<double>(part.samples.size());
  }

  void save(State& state) const {
    state.put("count", domains_.size());
    state.put("batch_size", options_.batch_size);
    state.put("step", step_);
    state.put("rng", rng_);
    auto drawn = Tensor<std::int64_t>::empty({count()});
    for (std::int64_t d = 0; d < count(); ++d) drawn.mutable_data()[d] = parts_[static_cast<std::size_t>(d)].drawn;
    state.put("drawn", drawn);
    state.put("weights", Tensor<double>::from(set_, {static_cast<std::int64_t>(set_.size())}));
  }
  /// Throws Error for the state of a mixture of other samples, domains or batches, or a damaged one.
  void load(const State& state) {
    const auto samples = state.get<std::int64_t>("count"), batch_size = state.get<std::int64_t>("batch_size"),
               step = state.get<std::int64_t>("step");
    const auto rng = state.get<Rng>("rng");
    const auto drawn = state.get<Tensor<std::int64_t>>("drawn", {count()});
    const auto weights = state.get<Tensor<double>>("weights");
    if (samples != domains_.size() || batch_size != options_.batch_size)
      detail::fail("Mixture::load",
                   "the state is of " + std::to_string(samples) + " samples in batches of " +
                       std::to_string(batch_size) + ", this mixture has " + std::to_string(domains_.size()) +
                       " in batches of " + std::to_string(options_.batch_size),
                   "construct it as the saved one was");
    constexpr std::int64_t limit = std::int64_t{1} << 60;
    std::int64_t total = 0;
    bool right = step >= 0 && step < limit / batch_size;
    for (const std::int64_t d : drawn.span()) {
      right = right && d >= 0 && d < limit / count();
      if (right) total += d;
    }
    if (!right || total != step * batch_size || weights.rank() != 1 ||
        (weights.size() != 0 && weights.size() != count()))
      detail::fail("Mixture::load", "the parts of the state contradict each other", "it is damaged");
    std::vector<double> set(weights.span().begin(), weights.span().end());
    if (!set.empty()) normalised("Mixture::load", set);
    set_ = std::move(set);
    rng_ = rng;
    step_ = step;
    for (std::int64_t d = 0; d < count(); ++d) {
      Part& part = parts_[static_cast<std::size_t>(d)];
      part.drawn = drawn.data()[d];
      part.order = {};
    }
  }

 private:
  struct Part {
    std::vector<std::int64_t> samples;
    std::int64_t drawn = 0;
    Tensor<std::int64_t> order = {};  // of the pass under way; undefined until it is needed
  };

  static std::vector<double> normalised(const char* operation, std::vector<double> weights) {
    double sum = 0;
    for (std::size_t d = 0; d < weights.size(); ++d) {
      if (!(weights[d] >= 0))
        detail::fail(operation, "the weight of domain " + std::to_string(d) + " is " + detail::number_text(weights[d]),
                     "weights must be >= 0");
      sum += weights[d];
    }
    if (!(sum > 0) || !std::isfinite(sum))
      detail::fail(operation, "the weights sum to " + detail::number_text(sum), "the sum must be positive and finite");
    for (double& weight : weights) weight /= sum;
    return weights;
  }

  std::int64_t draw(std::int64_t domain) {
    Part& part = parts_[static_cast<std::size_t>(domain)];
    const auto size = static_cast<std::int64_t>(part.samples.size());
    const std::int64_t place = part.drawn % size;
    if (place == 0 || !part.order.defined())
      part.order = rng_.split("order")
                       .split(static_cast<std::uint64_t>(domain))
                       .split(static_cast<std::uint64_t>(part.drawn / size))
                       .permutation(size);
    ++part.drawn;
    return part.samples[static_cast<std::size_t>(part.order.data()[place])];
  }

  Tensor<std::int64_t> domains_;
  std::vector<Schedule> schedules_;
  std::vector<double> set_;  // empty: the schedules hold
  MixtureOptions options_;
  Rng rng_;
  std::vector<Part> parts_;
  std::int64_t step_ = 0;
};

}  // namespace regimen
