// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/epoch_sampler.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <set>

#include "regimen/data/sampler.hpp"

using namespace regimen;

namespace {

using List = std::vector<std::int64_t>;

List next(Sampler& sampler) {
  const auto batch = sampler.next();
  return {batch.span().begin(), batch.span().end()};
}

/// All indices of the epoch that begins, with the sizes of its batches.
std::pair<List, List> epoch(Sampler& sampler) {
  List indices, sizes;
  for (const std::int64_t now = sampler.epoch(); sampler.epoch() == now;) {
    const List batch = next(sampler);
    indices.insert(indices.end(), batch.begin(), batch.end());
    sizes.push_back(static_cast<std::int64_t>(batch.size()));
  }
  return {indices, sizes};
}

const std::vector<double> weights = {1, 0, 2, 3, 0.5, 0, 1, 1};

/// Each sampler once, constructed from a seed. All are of 8 samples.
struct Row {
  const char* name;
  Sampler (*make)(std::uint64_t seed);
};
const Row table[] = {
    {"sequential", [](std::uint64_t) -> Sampler { return SequentialSampler(8, {3}); }},
    {"sequential, drop last",
     [](std::uint64_t) -> Sampler {
       return SequentialSampler(8, {3, true});
     }},
    {"shuffled", [](std::uint64_t seed) -> Sampler { return ShuffledSampler(8, Rng(seed), {3}); }},
    {"shuffled, drop last",
     [](std::uint64_t seed) -> Sampler {
       return ShuffledSampler(8, Rng(seed), {3, true});
     }},
    {"weighted", [](std::uint64_t seed) -> Sampler { return WeightedSampler(weights, Rng(seed), {.batch_size = 3}); }},
    {"weighted, no replacement",
     [](std::uint64_t seed) -> Sampler {
       return WeightedSampler(weights, Rng(seed), {.batch_size = 3, .replacement = false, .draws = 5});
     }},
};

}  // namespace

TEST_CASE("every sampler continues bit-equal from any batch, in one constructed with another seed") {
  for (const Row& row : table)
    for (int before = 0; before < 8; ++before) {
      INFO(row.name << ", after " << before << " batches");
      Sampler original = row.make(1);
      for (int i = 0; i < before; ++i) original.next();
      State state;
      original.save(state);
      Sampler resumed = row.make(2);
      resumed.next();
      resumed.load(state);
      CHECK(resumed.epoch() == original.epoch());
      for (int i = 0; i < 9; ++i) {
        CHECK(next(resumed) == next(original));
        CHECK(resumed.epoch() == original.epoch());
      }
    }
}

TEST_CASE("every sampler is a function of its seed") {
  for (const Row& row : table) {
    INFO(row.name);
    Sampler a = row.make(3), b = row.make(3);
    for (int i = 0; i < 9; ++i) CHECK(next(a) == next(b));
  }
}

TEST_CASE("a refused state leaves the sampler as it was") {
  for (const Row& row : table) {
    INFO(row.name);
    State good;
    Sampler sampler = row.make(1);
    sampler.next();
    sampler.save(good);
    for (const auto& [name, value] : {std::pair{"count", 9},
                                      {"batch_size", 4},
                                      {"epoch", -1},
                                      {"position", 8},
                                      {"position", -3},
                                      {"position", 1}}) {
      State bad;
      for (const auto& entry : good.entries())
        if (entry.name != name) bad.put(entry.name, entry.value);
      CHECK_THROWS_AS(sampler.load(bad), Error);
      bad.put(name, value);
      CHECK_THROWS_AS(sampler.load(bad), Error);
    }
    Sampler same = row.make(1);
    same.next();
    CHECK(next(sampler) == next(same));
  }
}

TEST_CASE("a sequential epoch is all samples in order, the last batch smaller or left out") {
  Sampler all = SequentialSampler(7, {3}), full = SequentialSampler(7, {3, true});
  for (int i = 0; i < 2; ++i) {
    CHECK(epoch(all) == std::pair{List{0, 1, 2, 3, 4, 5, 6}, List{3, 3, 1}});
    CHECK(epoch(full) == std::pair{List{0, 1, 2, 3, 4, 5}, List{3, 3}});
  }
  CHECK(all.epoch() == 2);
  Sampler wide = SequentialSampler(2);
  CHECK(epoch(wide) == std::pair{List{0, 1}, List{2}});
}

TEST_CASE("a shuffled epoch is a permutation, another each time") {
  Sampler sampler = ShuffledSampler(100, Rng(4), {32});
  std::set<List> orders;
  for (int i = 0; i < 5; ++i) {
    auto [indices, sizes] = epoch(sampler);
    CHECK(sizes == List{32, 32, 32, 4});
    orders.insert(indices);
    std::sort(indices.begin(), indices.end());
    for (std::int64_t k = 0; k < 100; ++k) CHECK(indices[static_cast<std::size_t>(k)] == k);
  }
  CHECK(orders.size() == 5);
}

TEST_CASE("what a caller does with a batch does not reach the sampler") {
  Sampler a = ShuffledSampler(8, Rng(4), {3}), b = a;
  a.next().fill(0);
  b.next();
  for (int i = 0; i < 5; ++i) CHECK(next(a) == next(b));
}

TEST_CASE("weighted draws follow the weights") {
  Sampler sampler = WeightedSampler(weights, Rng(5), {.batch_size = 1000, .draws = 100000});
  const auto [indices, sizes] = epoch(sampler);
  CHECK(indices.size() == 100000);
  std::vector<int> counts(8);
  for (const std::int64_t i : indices) ++counts[static_cast<std::size_t>(i)];
  for (std::size_t i = 0; i < 8; ++i) CHECK(counts[i] == doctest::Approx(100000 * weights[i] / 8.5).epsilon(0.05));
}

TEST_CASE("weighted draws without replacement are as if drawn one after the other") {
  Sampler sampler = WeightedSampler({1, 2, 0, 3}, Rng(6), {.replacement = false});
  int first[4] = {}, second[4] = {};
  for (int i = 0; i < 20000; ++i) {
    const auto [indices, sizes] = epoch(sampler);
    REQUIRE(indices.size() == 3);
    CHECK(std::set<std::int64_t>(indices.begin(), indices.end()) == std::set<std::int64_t>{0, 1, 3});
    ++first[indices[0]];
    if (indices[0] == 3) ++second[indices[1]];
  }
  CHECK(first[0] / 20000.0 == doctest::Approx(1.0 / 6).epsilon(0.05));
  CHECK(first[3] / 20000.0 == doctest::Approx(0.5).epsilon(0.05));
  CHECK(second[1] / static_cast<double>(first[3]) == doctest::Approx(2.0 / 3).epsilon(0.05));
}

TEST_CASE("samplers without a batch, and wrong weights, are Errors") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(SequentialSampler(2, {3, true}),
                       "Sampler: an epoch of 2 samples has no batch of 3; both must be positive, and with drop_last a "
                       "batch fit into the epoch",
                       Error);
  CHECK_THROWS_AS(SequentialSampler(0), Error);
  CHECK_THROWS_AS(ShuffledSampler(-1, Rng()), Error);
  CHECK_THROWS_AS(ShuffledSampler(5, Rng(), {0}), Error);
  for (const auto& bad : {std::vector<double>{}, {0, 0}, {1, -1}, {1, nan}, {1, inf}})
    CHECK_THROWS_AS(WeightedSampler(bad, Rng()), Error);
  CHECK_THROWS_AS(WeightedSampler({1, 0}, Rng(), {.replacement = false, .draws = 2}), Error);
  CHECK_THROWS_AS(WeightedSampler({1, 0}, Rng(), {.draws = -1}), Error);
}
