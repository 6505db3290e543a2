// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/standardise.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "regimen/core/rng.hpp"

using namespace regimen;

TEST_CASE_TEMPLATE("columns get mean 0 and deviation 1, as computed by hand", T, float, double) {
  const auto x = Tensor<T>::from({1, 10, 3, 30}, {2, 2});
  const auto standardise = Standardise<T>::fit(x);
  CHECK(standardise.mean()(1) == 20);
  CHECK(standardise.scale()(0) == 1);
  CHECK(standardise.scale()(1) == 10);
  const auto z = standardise.apply(x);
  CHECK(z(0, 1) == -1);
  CHECK(z(1, 0) == 1);
  CHECK(standardise.apply(Tensor<T>::from({2, 35}, {1, 2}))(0, 1) == T(1.5));
  CHECK(standardise.invert(z)(1, 1) == 30);
}

TEST_CASE("a large offset does not spoil the deviation") {
  Rng rng(1);
  const auto x = rng.normal<double>({2000, 3, 2}, 1e6, 0.5);
  const auto z = Standardise<double>::fit(x).apply(x);
  CHECK(z.shape() == x.shape());
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < 2000; ++i) {
    sum += z(i, 2, 1);
    squares += z(i, 2, 1) * z(i, 2, 1);
  }
  CHECK(std::abs(sum / 2000) < 1e-8);
  CHECK(squares / 2000 == doctest::Approx(1).epsilon(1e-9));
}

TEST_CASE("a constant column becomes 0") {
  const auto x = Tensor<>::from({0.1f, 1, 0.1f, 2, 0.1f, 3}, {3, 2});
  const auto standardise = Standardise<>::fit(x);
  CHECK(standardise.scale()(0) == 1);
  CHECK(standardise.apply(x)(2, 0) == 0);
  CHECK(standardise.invert(standardise.apply(x))(1, 0) == 0.1f);
}

TEST_CASE("a saved one does the same") {
  const auto x = Tensor<>::from({1, 2, 4, 8}, {4, 1});
  State state;
  Standardise<>::fit(x).save(state);
  Standardise<> other;
  other.load(state);
  CHECK(other.apply(x)(3, 0) == Standardise<>::fit(x).apply(x)(3, 0));
}

TEST_CASE("samples of other columns, none, and values that are not finite are Errors") {
  const auto standardise = Standardise<>::fit(Tensor<>::from({1, 2, 4, 8}, {2, 2}));
  CHECK_THROWS_WITH_AS(standardise.apply(Tensor<>::zeros({2, 3})),
                       "Standardise::apply: samples are [2, 3] and the columns [2]; pass samples as they were fitted",
                       Error);
  CHECK_THROWS_AS(standardise.invert(Tensor<>::scalar(1)), Error);
  CHECK_THROWS_AS(Standardise<>().apply(Tensor<>::zeros({2, 3})), Error);
  CHECK_THROWS_AS(Standardise<>::fit(Tensor<>::zeros({0, 3})), Error);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(Standardise<>::fit(Tensor<>::from({1, nan, 2, 3}, {2, 2})), Error);
}
