// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/label_noise.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Labels = Tensor<std::int64_t>;

TEST_CASE("matrices of noise are as their equations") {
  const auto uniform = uniform_noise(4, 0.4), symmetric = symmetric_noise(4, 0.3), pair = pair_noise(3, 0.25);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) {
      CHECK(uniform(i, j) == doctest::Approx(i == j ? 0.7 : 0.1));
      CHECK(symmetric(i, j) == doctest::Approx(i == j ? 0.7 : 0.1));
    }
  CHECK(distance(pair, Tensor<double>::from({0.75, 0.25, 0, 0, 0.75, 0.25, 0.25, 0, 0.75}, {3, 3})) < 1e-15);
  const auto some = asymmetric_noise({0, 2, 2}, 0.1);
  CHECK(distance(some, Tensor<double>::from({1, 0, 0, 0, 0.9, 0.1, 0, 0, 1}, {3, 3})) < 1e-15);
  CHECK(uniform_noise(1, 0.5).item() == 1);
  CHECK(symmetric_noise(2, 1)(0, 1) == 1);
}

TEST_CASE("labels flip with the frequencies of their row, each by its place alone") {
  const auto matrix = Tensor<double>::from({0.6, 0.3, 0.1, 0, 1, 0, 0.25, 0.25, 0.5}, {3, 3});
  auto labels = Labels::empty({6000});
  for (std::int64_t i = 0; i < 6000; ++i) labels.mutable_data()[i] = i % 3;
  const auto noisy = flip_labels(labels, matrix, Rng(1));
  for (std::int64_t k = 0; k < 3; ++k) {
    auto given = Labels::empty({2000});
    for (std::int64_t i = 0; i < 2000; ++i) given.mutable_data()[i] = noisy(3 * i + k);
    CHECK(chi_square(given, {matrix(k, 0), matrix(k, 1), matrix(k, 2)}) < chi_square_limit(2));
  }
  CHECK(same_bits(noisy, flip_labels(labels, matrix, Rng(1))));
  CHECK(same_bits(noisy.rows(0, 10).clone(), flip_labels(labels.rows(0, 10).clone(), matrix, Rng(1))));
  CHECK_FALSE(same_bits(noisy, flip_labels(labels, matrix, Rng(2))));
  CHECK(same_bits(flip_labels(labels, symmetric_noise(3, 0), Rng(3)), labels));
  CHECK(flip_labels(Labels::empty({0}), matrix, Rng()).size() == 0);
}

TEST_CASE("wrong matrices, rates and labels are Errors") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fails_with([] { uniform_noise(0, 0.1); }, "uniform_noise", "classes is 0"));
  CHECK(fails_with([&] { uniform_noise(3, nan); }, "rate is nan"));
  CHECK(fails_with([] { symmetric_noise(1, 0.1); }, "symmetric_noise", "classes is 1"));
  CHECK(fails_with([] { symmetric_noise(3, 1.1); }, "rate is 1.1"));
  CHECK(fails_with([] { pair_noise(1, 0.1); }, "classes is 1"));
  CHECK(fails_with([] { pair_noise(2, -0.1); }, "rate is -0.1"));
  CHECK(fails_with([] { asymmetric_noise({}, 0.1); }, "targets is 0"));
  CHECK(fails_with([] { asymmetric_noise({0, 2}, 0.1); }, "target 2", "2 classes"));
  const auto labels = Labels::from({0, 1, 2});
  CHECK(fails_with([&] { flip_labels(labels, Tensor<double>::ones({3}), Rng()); }, "flip_labels", "[3]"));
  CHECK(fails_with([&] { flip_labels(labels, Tensor<double>::ones({2, 3}), Rng()); }, "[2, 3]"));
  CHECK(fails_with([&] { flip_labels(labels, symmetric_noise(2, 0.1), Rng()); }, "label 2", "2 classes"));
  CHECK(fails_with([&] { flip_labels(labels, Tensor<double>::ones({3, 3}), Rng()); }, "row 0 sums to 3"));
  CHECK(fails_with([&] { flip_labels(labels, Tensor<double>::from({1, 0, 2, -1}, {2, 2}), Rng()); }, "row 1", "-1"));
  CHECK(fails_with([&] { flip_labels(labels.reshaped({3, 1}), symmetric_noise(3, 0.1), Rng()); }, "[3, 1]"));
}
