// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/mixup.hpp"

#include "data/augment/checks.hpp"

using namespace test;

TEST_CASE_TEMPLATE("mixup blends each sample with its partner, and the labels by the same weight", T, float, double) {
  const auto x = images<T>();
  const auto mixed = mixup(x, Rng(5), {.alpha = 0.5, .per_sample = true});
  for (std::int64_t i = 0; i < 5; ++i) {
    const T w = mixed.weight(i);
    CHECK(mixed.inputs(i, 1, 2, 3) == doctest::Approx(w * x(i, 1, 2, 3) + (1 - w) * x(mixed.partner(i), 1, 2, 3)));
  }
  const auto labels = Tensor<std::int64_t>::from({0, 1, 2, 1, 0});
  const auto targets = mix_labels(labels, 3, mixed);
  for (std::int64_t i = 0; i < 5; ++i)
    for (std::int64_t k = 0; k < 3; ++k) {
      const T own = labels(i) == k ? 1 : 0, other = labels(mixed.partner(i)) == k ? 1 : 0;
      CHECK(targets(i, k) == doctest::Approx(mixed.weight(i) * own + (1 - mixed.weight(i)) * other));
    }
  CHECK(same_bits(mixup(x, Rng(5)).inputs, mixup(x, Rng(5)).inputs));
}

TEST_CASE("weights are drawn from Beta(alpha, alpha): mean 1/2, variance 1 / (8 alpha + 4)") {
  const auto x = Tensor<>::zeros({4000, 1, 1, 1});
  const auto mixed = mixup(x, Rng(6), {.alpha = 0.5, .per_sample = true});
  double sum = 0, squares = 0;
  for (const float w : mixed.weight.span()) sum += w, squares += (w - 0.5) * (w - 0.5);
  CHECK(std::abs(sum / 4000 - 0.5) < 5 * std::sqrt(0.125 / 4000));
  CHECK(squares / 4000 == doctest::Approx(0.125).epsilon(0.05));
}
