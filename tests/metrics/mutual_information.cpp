// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/mutual_information.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

namespace {

/// Columns [first, last) of a matrix.
template <class T>
Tensor<T> columns(const Tensor<T>& x, std::int64_t first, std::int64_t last) {
  const auto y = Tensor<T>::empty({x.size(0), last - first});
  for (std::int64_t i = 0; i < y.size(); ++i) y.mutable_data()[i] = x(i / (last - first), first + i % (last - first));
  return y;
}

/// The estimate for n samples of two normal variables of this correlation.
double estimate(double correlation, std::int64_t n, std::int64_t neighbours, std::uint64_t seed) {
  const auto x = Rng(seed).normal<double>({n, 1});
  const auto y =
      x * correlation + Rng(seed).split("y").normal<double>({n, 1}) * std::sqrt(1 - correlation * correlation);
  return mutual_information(x, y, {.neighbours = neighbours});
}

}  // namespace

TEST_CASE_TEMPLATE("mutual_information agrees with its definition in PyTorch", T, float, double) {
  const auto x = columns(golden().get<T>("features.a"), 0, 2), y = columns(golden().get<T>("features.b"), 0, 1);
  check_golden<T>("mutual_information.1", mutual_information(x, y, {.neighbours = 1}));
  check_golden<T>("mutual_information.4", mutual_information(x, y, {.neighbours = 4}));
  check_golden<T>("mutual_information.4", mutual_information(y, x, {.neighbours = 4}));
}

TEST_CASE("for normal variables it is -log(1 - r^2) / 2") {
  for (const double r : {0., 0.6, 0.9})
    for (const std::int64_t k : {1, 3, 6}) {
      double mean = 0;
      for (std::uint64_t seed = 0; seed < 6; ++seed) mean += estimate(r, 400, k, seed) / 6;
      CHECK(std::abs(mean + 0.5 * std::log(1 - r * r)) < 0.05);
    }
}

TEST_CASE("two samples, and equal ones, by hand") {
  const auto x = Tensor<double>::from({0, 1}, {2, 1}), y = Tensor<double>::from({5, 9}, {2, 1});
  // psi(1) + psi(2) - psi(1 or 2) - psi(1): the other sample is nearer in x alone.
  CHECK(mutual_information(x, y, {.neighbours = 1}) == doctest::Approx(0));
  CHECK(mutual_information(x, x, {.neighbours = 1}) == doctest::Approx(1));
  const auto same = Tensor<double>::ones({5, 1});
  CHECK(mutual_information(same, same, {.neighbours = 1}) == doctest::Approx(1 + 1. / 2 + 1. / 3 + 1. / 4));
}

TEST_CASE("mutual_information does not depend on the order of the samples") {
  const auto x = Rng(1).normal<double>({100, 2}), y = Rng(2).normal<double>({100, 1}) + columns(x, 0, 1);
  const auto u = Tensor<double>::empty({100, 2}), v = Tensor<double>::empty({100, 1});
  for (std::int64_t i = 0; i < 100; ++i) {
    for (std::int64_t j = 0; j < 2; ++j) u.mutable_data()[2 * i + j] = x(99 - i, j);
    v.mutable_data()[i] = y(99 - i, 0);
  }
  CHECK(mutual_information(x, y) == doctest::Approx(mutual_information(u, v)).epsilon(1e-12));
}

TEST_CASE("mutual_information refuses what it cannot estimate") {
  const auto x = Tensor<double>::zeros({3, 1});
  CHECK(fails_with([&] { mutual_information(x, Tensor<double>::zeros({4, 1})); }, "x is [3, 1] and y [4, 1]"));
  CHECK(fails_with([&] { mutual_information(x, Tensor<double>::zeros({3})); }, "y [3]"));
  CHECK(fails_with([&] { mutual_information(x, Tensor<double>::zeros({3, 0})); }, "at least 1"));
  CHECK(fails_with([&] { mutual_information(x, x); }, "neighbours is 3 for 3 samples"));
  CHECK(fails_with([&] { mutual_information(x, x, {.neighbours = 0}); }, "neighbours is 0"));
  const auto bad = Tensor<double>::from({0, NAN, 0}, {3, 1});
  CHECK(fails_with([&] { mutual_information(x, bad, {.neighbours = 1}); }, "samples y", "position 1"));
  CHECK(fails_with([&] { mutual_information(bad, x, {.neighbours = 1}); }, "samples x"));
}
