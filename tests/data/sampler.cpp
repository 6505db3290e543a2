// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/sampler.hpp"

#include <doctest/doctest.h>

using namespace regimen;
using Indices = Tensor<std::int64_t>;

namespace {

/// The sampler of the header's example.
struct Sweep {
  std::int64_t count, drawn = 0;
  Tensor<std::int64_t> next() { return Tensor<std::int64_t>::from({drawn++ % count}); }
  std::int64_t epoch() const { return drawn / count; }
  void save(State& state) const { state.put("drawn", drawn); }
  void load(const State& state) { drawn = state.get<std::int64_t>("drawn"); }
};

/// One that proposes again what had a loss above 1.
struct Retry {
  std::int64_t drawn = 0, again = -1;
  Indices next() { return Indices::from({again >= 0 ? again : drawn++}); }
  void observe(const Indices& indices, const Tensor<>& losses) { again = losses(0) > 1 ? indices(0) : -1; }
  std::int64_t epoch() const { return 0; }
  void save(State& state) const { state.put("drawn", drawn), state.put("again", again); }
  void load(const State& state) { drawn = state.get<std::int64_t>("drawn"), again = state.get<std::int64_t>("again"); }
};

static_assert(SamplerLike<Sweep> && SamplerLike<Retry> && !SamplerLike<int>);

}  // namespace

TEST_CASE("any sampler is a Sampler, and a copy goes its own way") {
  Sampler a = Sweep{3};
  CHECK(a.next()(0) == 0);
  Sampler b = a;
  CHECK(a.next()(0) == 1);
  CHECK(a.next()(0) == 2);
  CHECK(a.epoch() == 1);
  CHECK(b.next()(0) == 1);
  CHECK(b.epoch() == 0);
  b = a;
  CHECK(b.epoch() == 1);
  State state;
  b.save(state);
  Sampler c = Sweep{3};
  c.load(state);
  CHECK(c.next()(0) == 0);
  CHECK(c.epoch() == 1);
}

TEST_CASE("losses reach a sampler that observes, and others do without") {
  Sampler retry = Retry{};
  const Indices first = retry.next();
  retry.observe(first, Tensor<>::from({2}));
  CHECK(retry.next()(0) == 0);
  retry.observe(first, Tensor<>::from({0.5f}));
  CHECK(retry.next()(0) == 1);
  Sampler sweep = Sweep{3};
  sweep.observe(first, Tensor<>::from({2}));
}

TEST_CASE("an undefined sampler, and losses of another number, are Errors") {
  Sampler none;
  CHECK_FALSE(none.defined());
  CHECK_FALSE(Sampler(none).defined());
  CHECK_THROWS_AS(none.next(), Error);
  CHECK_THROWS_AS(none.epoch(), Error);
  Sampler sweep = Sweep{3};
  CHECK_THROWS_WITH_AS(sweep.observe(Indices::from({1, 2}), Tensor<>::from({1})),
                       "Sampler::observe: indices are [2] and losses [1]; pass one loss a sample", Error);
}
