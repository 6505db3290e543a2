// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/frechet_distance.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("frechet_distance agrees with the eigenvalues of the covariances' product in PyTorch", T, float,
                   double) {
  const auto a = golden().get<T>("features.a"), c = golden().get<T>("features.c");
  check_golden<T>("frechet", frechet_distance(a, c));
  check_golden<T>("frechet", frechet_distance(c, a));
}

TEST_CASE("for commuting covariances it is the distance of means and of deviations") {
  const auto m1 = Tensor<double>::from({1, 2}), m2 = Tensor<double>::from({-1, 3});
  const auto s1 = Tensor<double>::from({4, 0, 0, 9}, {2, 2}), s2 = Tensor<double>::from({1, 0, 0, 25}, {2, 2});
  CHECK(frechet_distance(m1, s1, m2, s2) == doctest::Approx(4 + 1 + 1 + 4));
  CHECK(frechet_distance(m1, s1, m1, Tensor<double>::zeros({2, 2})) == doctest::Approx(13));
  CHECK(frechet_distance(m1, s1, m1, s1) == doctest::Approx(0));
  const auto one = Tensor<double>::from({2}), variance = Tensor<double>::from({9}, {1, 1});
  CHECK(frechet_distance(one, variance, Tensor<double>::zeros({1}), Tensor<double>::ones({1, 1})) ==
        doctest::Approx(8));
}

TEST_CASE("it takes fewer samples than features, is 0 for a sample with itself, and sees a shift alone") {
  const auto x = Rng(1).normal<double>({5, 12});
  CHECK(frechet_distance(x, x) < 1e-6);
  CHECK(frechet_distance(x, x + 2.0) == doctest::Approx(12 * 4));
  CHECK(frechet_distance(Tensor<double>::ones({2, 3}), Tensor<double>::ones({4, 3})) == 0);
}

TEST_CASE("frechet_distance refuses what it cannot compare") {
  const auto x = Tensor<double>::zeros({2, 3});
  CHECK(fails_with([&] { frechet_distance(x, Tensor<double>::zeros({2, 4})); }, "features are [2, 3] and [2, 4]"));
  CHECK(fails_with([&] { frechet_distance(x, Tensor<double>::zeros({1, 3})); }, "[1, 3]", "at least 2"));
  CHECK(fails_with([&] { frechet_distance(x.reshaped({6}), x.reshaped({6})); }, "[6]"));
  const auto bad = Tensor<double>::from({0, 0, NAN, 0, 0, 0}, {2, 3});
  CHECK(fails_with([&] { frechet_distance(x, bad); }, "features y", "position 2"));
  CHECK(fails_with([&] { frechet_distance(bad, x); }, "features x"));
  const auto mean = Tensor<double>::zeros({2}), s = Tensor<double>::ones({2, 2});
  const auto inf = Tensor<double>::full({2, 2}, INFINITY);
  CHECK(fails_with([&] { frechet_distance(mean, s, Tensor<double>::zeros({3}), s); }, "means are [2] and [3]"));
  CHECK(fails_with([&] { frechet_distance(mean, s, mean, x); }, "covariances [2, 2] and [2, 3]"));
  CHECK(fails_with([&] { frechet_distance(mean, inf, mean, s); }, "covariances 1"));
  CHECK(fails_with([&] { frechet_distance(mean, s, mean, inf); }, "covariances 2"));
  CHECK(fails_with([&] { frechet_distance(Tensor<double>::full({2}, NAN), s, mean, s); }, "means 1"));
  CHECK(fails_with([&] { frechet_distance(mean, s, Tensor<double>::full({2}, NAN), s); }, "means 2"));
}
