// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/effective_rank.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("effective_rank agrees with PyTorch", T, float, double) {
  check_golden<T>("effective_rank", effective_rank(golden().get<T>("features.b")));
}

TEST_CASE("effective_rank is 1 for a rank-one matrix, and the rank for equal singular values") {
  CHECK(effective_rank(Tensor<double>::from({1, 2, 3, 2, 4, 6}, {2, 3})) == doctest::Approx(1));
  CHECK(effective_rank(Tensor<double>::from({1, 0, 0, 0, -1, 0}, {2, 3})) == doctest::Approx(2));
  CHECK(effective_rank(Tensor<double>::from({0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, {4, 3})) == doctest::Approx(2));
  CHECK(effective_rank(Tensor<>::full({1, 1}, -5)) == 1);
  CHECK(effective_rank(Tensor<double>::full({3, 2}, 1e308)) == doctest::Approx(1));
  // Singular values 3 and 1: p = 3/4 and 1/4.
  CHECK(effective_rank(Tensor<double>::from({3e-300, 0, 0, 1e-300}, {2, 2})) ==
        doctest::Approx(std::exp(-0.75 * std::log(0.75) - 0.25 * std::log(0.25))));
}

TEST_CASE("effective_rank of a product is that of its core, whatever else is orthogonal") {
  // Householder reflections I - 2 v v^T / |v|^2 on both sides leave the singular values 4, 2, 1, 1e-8, 0, 0.
  const double core[] = {4, 2, 1, 1e-8, 0, 0};
  const auto v = Rng(1).normal<double>({9}), w = Rng(2).normal<double>({6});
  double vv = 0, ww = 0, entropy = 0;
  for (const double x : v.span()) vv += x * x;
  for (const double x : w.span()) ww += x * x;
  for (std::int64_t k = 0; k < 4; ++k) entropy -= core[k] / 7 * std::log(core[k] / 7);
  const auto a = Tensor<double>::zeros({9, 6}), b = Tensor<double>::zeros({6, 9});
  for (std::int64_t i = 0; i < 9; ++i)
    for (std::int64_t j = 0; j < 6; ++j)
      for (std::int64_t k = 0; k < 6; ++k) {
        const double left = (i == k ? 1 : 0) - 2 * v(i) * v(k) / vv, right = (j == k ? 1 : 0) - 2 * w(j) * w(k) / ww;
        a.mutable_data()[i * 6 + j] += left * core[k] * right;
        b.mutable_data()[j * 9 + i] += left * core[k] * right;
      }
  CHECK(effective_rank(a) == doctest::Approx(std::exp(entropy)).epsilon(1e-8));
  CHECK(effective_rank(b) == doctest::Approx(effective_rank(a)).epsilon(1e-12));
}

TEST_CASE("effective_rank refuses what has none") {
  CHECK(fails_with([] { effective_rank(Tensor<>::ones({3})); }, "a is [3]", "matrix"));
  CHECK(fails_with([] { effective_rank(Tensor<>::zeros({2, 3})); }, "all elements", "[2, 3]"));
  CHECK(fails_with([] { effective_rank(Tensor<>::zeros({0, 3})); }, "[0, 3]"));
  CHECK(fails_with([] { effective_rank(Tensor<double>::from({1, NAN}, {1, 2})); }, "position 1"));
}
