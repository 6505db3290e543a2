// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/dirichlet_partition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "data/synth/checks.hpp"

using namespace test;
using Indices = Tensor<std::int64_t>;

namespace {

Indices cyclic_labels(std::int64_t count, std::int64_t classes) {
  auto labels = Indices::empty({count});
  for (std::int64_t i = 0; i < count; ++i) labels.mutable_data()[i] = i % classes;
  return labels;
}

void check_partition(const std::vector<Indices>& parts, std::int64_t count) {
  std::set<std::int64_t> seen;
  std::int64_t total = 0;
  for (const Indices& part : parts) {
    CHECK(std::is_sorted(part.data(), part.data() + part.size()));
    seen.insert(part.data(), part.data() + part.size());
    total += part.size();
  }
  CHECK(total == count);
  CHECK(static_cast<std::int64_t>(seen.size()) == count);
  if (!seen.empty()) CHECK((*seen.begin() == 0 && *seen.rbegin() == count - 1));
}

/// The share of each client's largest class, averaged over the clients.
double purity(const std::vector<Indices>& parts, const Indices& labels, std::int64_t classes) {
  double sum = 0;
  for (const Indices& part : parts) {
    std::vector<double> counts(static_cast<std::size_t>(classes), 0);
    for (const std::int64_t i : part.span()) ++counts[static_cast<std::size_t>(labels(i))];
    sum += *std::max_element(counts.begin(), counts.end()) / static_cast<double>(part.size());
  }
  return sum / static_cast<double>(parts.size());
}

}  // namespace

TEST_CASE("every sample is with one client, and beta says how equal they are") {
  const auto labels = cyclic_labels(10000, 10);
  double before = 1.1;
  for (const double beta : {0.05, 0.5, 5.0, 1e6}) {
    const auto parts = dirichlet_partition(labels, Rng(1), {.clients = 20, .beta = beta, .min_size = 5});
    CHECK(parts.size() == 20);
    check_partition(parts, 10000);
    for (const Indices& part : parts) CHECK(part.size() >= 5);
    const double now = purity(parts, labels, 10);
    CHECK(now < before);
    before = now;
    if (beta > 1e5)
      for (const Indices& part : parts) CHECK(std::abs(static_cast<double>(part.size()) - 500) <= 15);
  }
  CHECK(before < 0.11);
}

TEST_CASE("shares of a class have the moments of their Dirichlet distribution") {
  const auto labels = cyclic_labels(4000, 200);  // 200 independent draws of 20 samples each
  const double beta = 2, clients = 4;
  const auto parts = dirichlet_partition(labels, Rng(2), {.clients = 4, .beta = beta});
  for (std::size_t k = 0; k < 4; ++k) {
    std::vector<double> counts(200, 0);
    for (const std::int64_t i : parts[k].span()) ++counts[static_cast<std::size_t>(labels(i))];
    double mean = 0, square = 0;
    for (const double c : counts) mean += c / 200, square += c * c / 200;
    const double variance = 400 * (1 / clients) * (1 - 1 / clients) / (clients * beta + 1);
    CHECK(std::abs(mean - 5) < 0.5 + 5 * std::sqrt(variance / 200));  // cuts are rounded down
    CHECK(square - mean * mean == doctest::Approx(variance).epsilon(0.3));
  }
}

TEST_CASE("shards give every client a few classes") {
  const auto labels = cyclic_labels(1000, 10);
  const auto parts = shard_partition(labels, Rng(3), 50, 2);
  check_partition(parts, 1000);
  for (const Indices& part : parts) {
    CHECK(part.size() == 20);
    std::set<std::int64_t> classes;
    for (const std::int64_t i : part.span()) classes.insert(labels(i));
    CHECK(classes.size() <= 2);
  }
  const auto uneven = shard_partition(cyclic_labels(103, 3), Rng(4), 5, 4);
  check_partition(uneven, 103);
  for (const Indices& part : uneven) CHECK((part.size() >= 20 && part.size() <= 24));
  CHECK(shard_partition(labels, Rng(5), 1, 1)[0].size() == 1000);
}

TEST_CASE("partitions are a function of the Rng") {
  const auto labels = cyclic_labels(300, 7);
  for (int i = 0; i < 2; ++i) {
    const auto part = [&](std::uint64_t seed) {
      return i == 0 ? dirichlet_partition(labels, Rng(seed))[3] : shard_partition(labels, Rng(seed), 10)[3];
    };
    CHECK(same_bits(part(6), part(6)));
    CHECK_FALSE(same_bits(part(6), part(7)));
  }
}

TEST_CASE("which samples of a class a client gets is random") {
  const auto labels = Indices::zeros({10});
  double first = 0, apart = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    first += dirichlet_partition(labels, Rng(seed), {.clients = 2, .beta = 1e6})[0](0) == 0 ? 1 : 0;
    const Indices part = shard_partition(labels, Rng(seed), 2, 1)[0];
    const bool zero = part(0) == 0, one = part(zero ? 1 : 0) == 1;
    apart += zero != one ? 1 : 0;
  }
  CHECK(std::abs(first - 200) < 70);  // the cut is at 4 or 5 of the 10
  CHECK(std::abs(apart - 400 * 5.0 / 9) < 5 * std::sqrt(400 * 20.0 / 81));
}

TEST_CASE("wrong partitions are Errors") {
  const auto labels = cyclic_labels(30, 3);
  CHECK(fails_with([&] { dirichlet_partition(labels, Rng(), {.clients = 0}); }, "dirichlet_partition", "clients is 0"));
  CHECK(fails_with([&] { dirichlet_partition(labels, Rng(), {.beta = 0}); }, "beta is 0"));
  CHECK(fails_with([&] { dirichlet_partition(labels, Rng(), {.min_size = -1}); }, "min_size is -1"));
  CHECK(fails_with([&] { dirichlet_partition(labels, Rng(), {.min_size = 4}); }, "min_size is 4 for 30 samples"));
  CHECK(fails_with([&] { dirichlet_partition(labels, Rng(), {.clients = 15, .beta = 0.01, .min_size = 2}); },
                   "1000 draws"));
  CHECK(fails_with([] { dirichlet_partition(Indices::empty({0}), Rng()); }, "[0]"));
  CHECK(fails_with([&] { shard_partition(labels, Rng(), 0); }, "shard_partition", "clients is 0"));
  CHECK(fails_with([&] { shard_partition(labels, Rng(), 4, 0); }, "shards_per_client is 0"));
  CHECK(fails_with([&] { shard_partition(labels, Rng(), 16, 2); }, "16 clients", "30 samples"));
  CHECK(fails_with([] { shard_partition(Indices::zeros({2, 2}), Rng(), 1); }, "[2, 2]"));
}
