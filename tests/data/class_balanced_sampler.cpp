// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/class_balanced_sampler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "regimen/data/sampler.hpp"

using namespace regimen;
using Indices = Tensor<std::int64_t>;

namespace {

/// 80 of class 0, 17 of class 1, 3 of class 2, in turns.
Indices labels() {
  auto result = Indices::empty({100});
  for (std::int64_t i = 0; i < 100; ++i) result.mutable_data()[(i * 37) % 100] = i < 80 ? 0 : i < 97 ? 1 : 2;
  return result;
}

std::vector<std::int64_t> counts_of(const Indices& indices) {
  std::vector<std::int64_t> counts(3);
  for (const std::int64_t i : indices.span()) ++counts[static_cast<std::size_t>(labels()(i))];
  return counts;
}

std::vector<std::int64_t> list(const Indices& indices) { return {indices.span().begin(), indices.span().end()}; }

}  // namespace

TEST_CASE("classes are counted") {
  CHECK(class_counts(labels(), 4) == std::vector<std::int64_t>{80, 17, 3, 0});
  CHECK(class_counts(Indices::zeros({0}), 2) == std::vector<std::int64_t>{0, 0});
  CHECK_THROWS_WITH_AS(class_counts(labels(), 2), "class_counts: label 2 is outside the 2 classes", Error);
  CHECK_THROWS_AS(class_counts(Indices::from({-1}), 2), Error);
  CHECK_THROWS_AS(class_counts(labels(), 0), Error);
}

TEST_CASE("balanced weights are the inverse class sizes to a power") {
  const auto weights = class_balanced_weights(labels()), roots = class_balanced_weights(labels(), 0.5);
  const double sizes[] = {80, 17, 3};
  double sums[3] = {};
  for (std::int64_t i = 0; i < 100; ++i) {
    const auto c = static_cast<std::size_t>(labels()(i)), k = static_cast<std::size_t>(i);
    CHECK(roots[k] == doctest::Approx(1 / std::sqrt(sizes[c])));
    sums[c] += weights[k];
  }
  for (const double sum : sums) CHECK(sum == doctest::Approx(1));
  CHECK(class_balanced_weights(labels(), 0) == std::vector<double>(100, 1.0));
  CHECK_THROWS_AS(class_balanced_weights(labels(), -1), Error);
  CHECK_THROWS_WITH_AS(class_balanced_weights(Indices::zeros({0})),
                       "class_balanced_weights: the labels are [0]; give a vector of at least one", Error);
}

TEST_CASE("a class-balanced sampler draws classes equally often, and resumes") {
  Sampler sampler = ClassBalancedSampler(labels(), Rng(1), {.batch_size = 50});
  double counts[3] = {};
  constexpr int batches = 600;
  for (int i = 0; i < batches; ++i)
    for (const std::int64_t index : sampler.next().span()) ++counts[labels()(index)];
  for (const double count : counts)
    CHECK(std::abs(count - batches * 50 / 3.0) < 5 * std::sqrt(batches * 50 * (1 / 3.0) * (2 / 3.0)));
  State state;
  sampler.save(state);
  Sampler other = ClassBalancedSampler(labels(), Rng(2), {.batch_size = 50});
  other.load(state);
  for (int i = 0; i < 5; ++i) CHECK(list(sampler.next()) == list(other.next()));
}

TEST_CASE("oversampling keeps every sample and fills up the small classes") {
  const auto full = oversample(labels(), Rng(1));
  CHECK(counts_of(full) == std::vector<std::int64_t>{80, 80, 80});
  for (std::int64_t i = 0; i < 100; ++i) CHECK(full(i) == i);
  CHECK(counts_of(oversample(labels(), Rng(1), 10)) == std::vector<std::int64_t>{80, 17, 8});
  CHECK(counts_of(oversample(labels(), Rng(1), 1000)) == std::vector<std::int64_t>{80, 17, 3});
  CHECK(list(oversample(labels(), Rng(1))) == list(full));
  CHECK(list(oversample(labels(), Rng(2))) != list(full));
}

TEST_CASE("undersampling keeps the smallest class and some of the others, each once") {
  const auto full = undersample(labels(), Rng(1));
  CHECK(counts_of(full) == std::vector<std::int64_t>{3, 3, 3});
  const auto partial = undersample(labels(), Rng(1), 4.5);
  CHECK(counts_of(partial) == std::vector<std::int64_t>{13, 13, 3});
  CHECK(std::is_sorted(partial.span().begin(), partial.span().end()));
  CHECK(std::set<std::int64_t>(partial.span().begin(), partial.span().end()).size() == 29);
  CHECK(undersample(labels(), Rng(1), 1e300).size() == 100);
  CHECK(list(undersample(labels(), Rng(1))) == list(full));
  CHECK(list(undersample(labels(), Rng(2))) != list(full));
}

TEST_CASE("ratios below 1 and missing labels are Errors") {
  CHECK_THROWS_WITH_AS(oversample(labels(), Rng(), 0.5), "oversample: max_ratio is 0.5; max_ratio must be at least 1",
                       Error);
  CHECK_THROWS_AS(undersample(labels(), Rng(), 0), Error);
  CHECK_THROWS_AS(undersample(Indices::zeros({0}), Rng()), Error);
  CHECK_THROWS_AS(oversample(Indices::zeros({2, 2}), Rng()), Error);
}
