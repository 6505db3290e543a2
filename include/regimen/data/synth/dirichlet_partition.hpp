// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/class_balanced_sampler.hpp"
#include "regimen/data/distributions.hpp"
#include "regimen/optim/check.hpp"

/// Samples divided among the clients of federated learning, whose classes are not equally frequent: indices, in order,
/// of each client; every sample is with one client.
namespace regimen {
namespace detail {

inline std::vector<Tensor<std::int64_t>> sorted_parts(std::vector<std::vector<std::int64_t>>& parts) {
  std::vector<Tensor<std::int64_t>> result;
  for (std::vector<std::int64_t>& part : parts) {
    std::sort(part.begin(), part.end());
    result.push_back(Tensor<std::int64_t>::from(part, {static_cast<std::int64_t>(part.size())}));
  }
  return result;
}

}  // namespace detail

struct DirichletPartitionOptions {
  std::int64_t clients = 10;
  double beta = 0.5;          ///< of Dirichlet(beta, ..., beta): small gives clients of few classes, large equal shares
  std::int64_t min_size = 1;  ///< fewest samples of a client; drawn again, up to 1000 times, until all have them
};

/// Each class is divided among the clients by shares of its own from Dirichlet(beta, ..., beta). Throws Error for no
/// labels, options outside their ranges, or a min_size that 1000 draws do not reach.
///
/// Source: Yurochkin et al. (2019), Bayesian nonparametric federated learning of neural networks.
inline std::vector<Tensor<std::int64_t>> dirichlet_partition(const Tensor<std::int64_t>& labels, const Rng& rng,
                                                             const DirichletPartitionOptions& options = {}) {
  detail::check_count("dirichlet_partition", "clients", options.clients, 1);
  detail::check_positive("dirichlet_partition", "beta", options.beta);
  detail::check_count("dirichlet_partition", "min_size", options.min_size, 0);
  const auto classes = detail::samples_by_class(labels, "dirichlet_partition");
  if (options.min_size > labels.size() / options.clients)
    detail::fail(
        "dirichlet_partition",
        {"min_size is ", options.min_size, " for ", labels.size(), " samples and ", options.clients, " clients"},
        "there are not that many");
  const std::vector<double> alpha(static_cast<std::size_t>(options.clients), options.beta);
  for (std::uint64_t attempt = 0; attempt < 1000; ++attempt) {
    Rng draws = rng.split(attempt);
    std::vector<std::vector<std::int64_t>> parts(alpha.size());
    for (const auto& [label, samples] : classes) {
      const auto size = static_cast<std::int64_t>(samples.size());
      const auto order = draws.permutation(size);
      const auto shares = draw_dirichlet(draws, alpha);
      double sum = 0;
      std::int64_t next = 0;
      for (std::size_t k = 0; k < parts.size(); ++k) {
        sum += shares[k];
        const auto end =
            k + 1 == parts.size() ? size : std::min(size, static_cast<std::int64_t>(sum * static_cast<double>(size)));
        for (; next < end; ++next) parts[k].push_back(samples[static_cast<std::size_t>(order.data()[next])]);
      }
    }
    if (std::all_of(parts.begin(), parts.end(),
                    [&](const auto& part) { return static_cast<std::int64_t>(part.size()) >= options.min_size; }))
      return detail::sorted_parts(parts);
  }
  detail::fail("dirichlet_partition", {"1000 draws left a client with fewer than ", options.min_size, " samples"},
               "lower min_size, or raise beta");
}

/// The samples in the order of their labels are cut into shards of equal size (to within one), and each client gets
/// shards_per_client of them at random: about as many classes. Throws Error for no labels, sizes below 1, or more
/// shards than samples.
///
/// Source: McMahan et al. (2017), Communication-efficient learning of deep networks from decentralized data.
inline std::vector<Tensor<std::int64_t>> shard_partition(const Tensor<std::int64_t>& labels, const Rng& rng,
                                                         std::int64_t clients, std::int64_t shards_per_client = 2) {
  detail::check_count("shard_partition", "clients", clients, 1);
  detail::check_count("shard_partition", "shards_per_client", shards_per_client, 1);
  const auto classes = detail::samples_by_class(labels, "shard_partition");
  const std::int64_t count = labels.size();
  if (shards_per_client > count / clients)
    detail::fail("shard_partition",
                 {clients, " clients with ", shards_per_client, " shards each for ", count, " samples"},
                 "a shard has a sample at least");
  std::vector<std::int64_t> order;
  for (const auto& [label, samples] : classes) {
    const auto shuffled = rng.split("samples")
                              .split(static_cast<std::uint64_t>(label))
                              .permutation(static_cast<std::int64_t>(samples.size()));
    for (const std::int64_t i : shuffled.span()) order.push_back(samples[static_cast<std::size_t>(i)]);
  }
  const std::int64_t shards = clients * shards_per_client;
  const auto owners = rng.split("owners").permutation(shards);
  std::vector<std::vector<std::int64_t>> parts(static_cast<std::size_t>(clients));
  for (std::int64_t s = 0; s < shards; ++s) {
    auto& part = parts[static_cast<std::size_t>(owners.data()[s] / shards_per_client)];
    const std::int64_t small = count / shards, rest = count % shards;  // the first `rest` shards have one more
    const std::int64_t begin = s * small + std::min(s, rest), end = begin + small + (s < rest ? 1 : 0);
    part.insert(part.end(), order.begin() + begin, order.begin() + end);
  }
  return detail::sorted_parts(parts);
}

}  // namespace regimen
