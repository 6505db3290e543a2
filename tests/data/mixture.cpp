// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/mixture.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

#include "regimen/data/sampler.hpp"
#include "regimen/optim/schedule/linear.hpp"

using namespace regimen;
using Indices = Tensor<std::int64_t>;
using List = std::vector<std::int64_t>;

namespace {

List list(const Indices& indices) { return {indices.span().begin(), indices.span().end()}; }

/// Domains of 7, 3 and 40 samples, and weights of which one moves.
Mixture make(std::uint64_t seed) {
  return Mixture(contiguous_domains({7, 3, 40}),
                 {0.5, [](std::int64_t step) { return 0.01 * static_cast<double>(step); }, 0.25}, Rng(seed),
                 {.batch_size = 6});
}

static_assert(SamplerLike<Mixture>);

}  // namespace

TEST_CASE("draws follow the weights of the step") {
  Mixture mixture(contiguous_domains({10, 20}), {linear_schedule({.initial = 1, .final = 3, .steps = 1}), 1.0}, Rng(1),
                  {.batch_size = 4000});
  CHECK(mixture.weights() == std::vector<double>{0.5, 0.5});
  for (const double p : {0.5, 0.75}) {
    double first = 0;
    for (const std::int64_t d : mixture.domains_of(mixture.next()).span()) first += d == 0 ? 1 : 0;
    CHECK(std::abs(first - 4000 * p) < 5 * std::sqrt(4000 * p * (1 - p)));
  }
  CHECK(mixture.weights() == std::vector<double>{0.75, 0.25});
  mixture.set_weights({0, 2});
  CHECK(mixture.weights() == std::vector<double>{0, 1});
  for (const std::int64_t d : mixture.domains_of(mixture.next()).span()) CHECK(d == 1);
}

TEST_CASE("within a domain every sample comes once a pass, in a new order") {
  const auto domains = Indices::from({0, 1, 0, 1, 1, 0, 0, 1, 0, 1});
  Mixture mixture(domains, {1.0, 0.0}, Rng(2), {.batch_size = 5});
  std::set<List> orders;
  for (int pass = 0; pass < 6; ++pass) {
    CHECK(mixture.passes(0) == pass);
    List order = list(mixture.next());
    orders.insert(order);
    std::sort(order.begin(), order.end());
    CHECK(order == List{0, 2, 5, 6, 8});
  }
  CHECK(orders.size() > 3);
  CHECK(mixture.passes(1) == 0);
  CHECK(mixture.epoch() == 3);
}

TEST_CASE("a mixture continues bit-equal from any batch, in one constructed with another seed") {
  for (const bool set : {false, true})
    for (int before = 0; before < 20; ++before) {
      INFO("after " << before << " batches, weights set: " << set);
      Mixture original = make(3);
      if (set) original.set_weights({0.1, 0.3, 0.6});
      for (int i = 0; i < before; ++i) original.next();
      State state;
      original.save(state);
      Mixture resumed = make(4);
      resumed.next();
      resumed.load(state);
      for (int i = 0; i < 20; ++i) CHECK(list(resumed.next()) == list(original.next()));
      CHECK(resumed.epoch() == original.epoch());
      CHECK(resumed.weights() == original.weights());
    }
}

TEST_CASE("a refused state leaves the mixture as it was") {
  Mixture mixture = make(5);
  mixture.next();
  State good;
  mixture.save(good);
  const auto refuses = [&](const char* name, const State::Value& value) {
    INFO(name);
    State bad;
    for (const auto& entry : good.entries())
      if (entry.name != name) bad.put(entry.name, entry.value);
    CHECK_THROWS_AS(mixture.load(bad), Error);
    bad.put(name, value);
    CHECK_THROWS_AS(mixture.load(bad), Error);
  };
  refuses("count", std::int64_t{49});
  refuses("batch_size", std::int64_t{0});
  refuses("step", std::int64_t{2});
  refuses("step", std::int64_t{-1});
  refuses("drawn", Indices::from({7, -1, 0}));
  refuses("drawn", Indices::from({6, 0}));
  refuses("weights", Tensor<double>::from({1, -1, 1}));
  refuses("weights", Tensor<double>::from({1, 1}));
  Mixture same = make(5);
  same.next();
  CHECK(list(mixture.next()) == list(same.next()));
}

TEST_CASE("a mixture is any sampler, and a copy goes its own way") {
  Sampler a = make(6), b = a;
  const List first = list(a.next());
  a.next();
  CHECK(list(b.next()) == first);
}

TEST_CASE("domains of sizes, and temperature weights, are as their equations") {
  CHECK(list(contiguous_domains({2, 0, 1})) == List{0, 0, 2});
  CHECK(contiguous_domains({}).size() == 0);
  CHECK(temperature_weights({1, 3}, 1) == std::vector<double>{0.25, 0.75});
  const auto weights = temperature_weights({1, 16}, 2);
  CHECK(weights[0] == doctest::Approx(0.2));
  CHECK(weights[1] == doctest::Approx(0.8));
  CHECK(temperature_weights({1, 100}, std::numeric_limits<double>::infinity()) == std::vector<double>{0.5, 0.5});
  CHECK_THROWS_AS(temperature_weights({1, 0}, 1), Error);
  CHECK_THROWS_AS(temperature_weights({}, 1), Error);
  CHECK_THROWS_AS(temperature_weights({1}, 0), Error);
  CHECK_THROWS_AS(contiguous_domains({-1}), Error);
}

TEST_CASE("wrong domains and weights are Errors") {
  const auto domains = contiguous_domains({2, 2});
  CHECK_THROWS_WITH_AS(Mixture(domains, {1.0}, Rng()),
                       "Mixture: sample 2 is of domain 1, and there are 1 weights; give one weight a domain, which "
                       "count from 0",
                       Error);
  CHECK_THROWS_AS(Mixture(domains, {1.0, 1.0, 1.0}, Rng()), Error);
  CHECK_THROWS_AS(Mixture(Indices::zeros({0}), {}, Rng()), Error);
  CHECK_THROWS_AS(Mixture(Indices::zeros({2, 1}), {1.0}, Rng()), Error);
  CHECK_THROWS_AS(Mixture(domains, {1.0, 1.0}, Rng(), {.batch_size = 0}), Error);
  Mixture zero(domains, {0.0, 0.0}, Rng()), negative(domains, {2.0, -1.0}, Rng()), good(domains, {1.0, 1.0}, Rng());
  CHECK_THROWS_WITH_AS(zero.next(), "Mixture: the weights sum to 0; the sum must be positive and finite", Error);
  CHECK_THROWS_AS(negative.next(), Error);
  CHECK_THROWS_AS(good.set_weights({1}), Error);
  CHECK_THROWS_AS(good.set_weights({1, std::numeric_limits<double>::quiet_NaN()}), Error);
  CHECK_THROWS_AS(good.passes(2), Error);
  CHECK_THROWS_AS(good.domains_of(Indices::from({4})), Error);
  CHECK(good.weights() == std::vector<double>{0.5, 0.5});
}
