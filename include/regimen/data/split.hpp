// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/data/dataset.hpp"

namespace regimen {

struct SplitOptions {
  double test_fraction = 0.2;   ///< of the samples, rounded to the nearest number
  std::int64_t test_size = -1;  ///< number of test samples; where it is >= 0, test_fraction does not matter
  bool stratified = false;      ///< classes keep their shares, to within a sample
};

/// The two parts of a Dataset, and which samples they are: each sample in one of them, both in the order of the whole.
template <class T = float>
struct Split {
  Dataset<T> train, test;
  Tensor<std::int64_t> train_indices, test_indices;
};

namespace detail {

/// `test` of the indices, in proportion from each class, by the method of the largest remainder.
inline std::vector<std::int64_t> stratified_choice(const Tensor<std::int64_t>& labels,
                                                   const Tensor<std::int64_t>& order, std::int64_t test) {
  std::map<std::int64_t, std::vector<std::int64_t>> classes;  // the samples of each, in random order
  for (const std::int64_t i : order.span()) classes[labels.data()[i]].push_back(i);
  struct Share {
    std::int64_t remainder;
    std::vector<std::int64_t>* samples;
    std::int64_t count;
  };
  std::vector<Share> shares;
  std::int64_t left = test;
  for (auto& [label, samples] : classes) {
    const std::int64_t product = static_cast<std::int64_t>(samples.size()) * test;
    shares.push_back({product % order.size(), &samples, product / order.size()});
    left -= shares.back().count;
  }
  std::stable_sort(shares.begin(), shares.end(), [](auto& a, auto& b) { return a.remainder > b.remainder; });
  std::vector<std::int64_t> chosen;
  for (Share& share : shares) {
    if (left > 0) {
      ++share.count;
      --left;
    }
    chosen.insert(chosen.end(), share.samples->begin(), share.samples->begin() + share.count);
  }
  return chosen;
}

}  // namespace detail

/// Splits a Dataset at random into a part to train on and one to test on. Throws Error where one part would be empty,
/// or a stratified split has no labels.
///
///   auto [train, test, train_indices, test_indices] = train_test_split(data, rng.split("split"), {.test_size = 360});
template <class T>
Split<T> train_test_split(const Dataset<T>& dataset, Rng rng, const SplitOptions& options = {}) {
  const std::int64_t count = dataset.size();
  const bool by_fraction = options.test_size < 0;
  if (by_fraction && !(options.test_fraction >= 0 && options.test_fraction <= 1))
    detail::fail("train_test_split", {"test_fraction is ", options.test_fraction}, "it is in [0, 1]");
  const std::int64_t test = by_fraction
                                ? static_cast<std::int64_t>(options.test_fraction * static_cast<double>(count) + 0.5)
                                : options.test_size;
  if (test < 1 || test >= count)
    detail::fail("train_test_split", {test, " of ", count, " samples are to be test samples"},
                 "both parts need one at least");
  if (options.stratified && !dataset.labels.defined())
    detail::fail("train_test_split", "the dataset has no labels to stratify by", "leave out stratified");

  const auto order = rng.permutation(count);
  std::vector<std::int64_t> chosen = options.stratified ? detail::stratified_choice(dataset.labels, order, test)
                                                        : std::vector<std::int64_t>(order.data(), order.data() + test);
  std::sort(chosen.begin(), chosen.end());
  auto test_indices = Tensor<std::int64_t>::from(chosen, {test});
  auto train_indices = Tensor<std::int64_t>::empty({count - test});
  std::int64_t* out = train_indices.mutable_data();
  auto next = chosen.begin();
  for (std::int64_t i = 0; i < count; ++i)
    if (next != chosen.end() && *next == i)
      ++next;
    else
      *out++ = i;
  return {subset(dataset, train_indices), subset(dataset, test_indices), train_indices, test_indices};
}

}  // namespace regimen
