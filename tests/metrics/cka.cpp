// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/cka.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("cka agrees with its definition by HSIC in PyTorch", T, float, double) {
  const auto a = golden().get<T>("features.a"), b = golden().get<T>("features.b");
  check_golden<T>("cka", cka(a, b));
  check_golden<T>("cka", cka(b, a));
  check_golden<T>("cka.wide", cka(a.rows(0, 5), b.rows(0, 5)));
  check_golden<T>("cka.rbf", rbf_cka(a, b));
  check_golden<T>("cka.rbf_wide", rbf_cka(a, b, {.bandwidth = 2}));
}

TEST_CASE("cka is 1 for rotated, scaled and shifted features, and not for any linear map") {
  const auto x = golden().get<double>("features.a");
  const double c = std::cos(0.3), s = std::sin(0.3);
  const auto rotation = Tensor<double>::from({c, s, 0, 0, -s, c, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0}, {4, 4});
  const auto y = matmul(x, rotation) * 7.0 + 3.0;
  CHECK(cka(x, y) == doctest::Approx(1));
  CHECK(rbf_cka(x, y) == doctest::Approx(1));
  const auto stretched = matmul(x, Tensor<double>::from({9, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, {4, 4}));
  CHECK(cka(x, stretched) < 0.9);
}

TEST_CASE("cka of features that do not vary together is 0, and of any size is finite") {
  const auto x = Tensor<double>::from({1, 1, -1, -1}, {4, 1}), y = Tensor<double>::from({1, -1, 1, -1}, {4, 1});
  CHECK(cka(x, y) == 0);
  CHECK(cka(x * 1e200, y * 1e-200 + x * 1e-200) == doctest::Approx(0.5));
  CHECK(cka(Tensor<double>::from({0, 1}, {2, 1}), Tensor<double>::from({5, 2}, {2, 1})) == doctest::Approx(1));
}

TEST_CASE("cka refuses what it cannot compare") {
  const auto x = Tensor<double>::from({0, 1, 2}, {3, 1}), flat = Tensor<double>::ones({3, 2});
  CHECK(fails_with([&] { cka(x, Tensor<double>::ones({2, 1})); }, "cka", "x is [3, 1] and y [2, 1]"));
  CHECK(fails_with([&] { cka(x.reshaped({3}), x); }, "[3]"));
  CHECK(fails_with([&] { cka(x.rows(0, 1), x.rows(0, 1)); }, "n at least 2"));
  CHECK(fails_with([&] { cka(x, flat); }, "all rows", "equal"));
  CHECK(fails_with([&] { cka(Tensor<double>::zeros({3, 0}), x); }, "all rows"));
  CHECK(fails_with([&] { cka(x, Tensor<double>::from({0, NAN, 0}, {3, 1})); }, "features y", "position 1"));
  CHECK(fails_with([&] { cka(Tensor<double>::from({INFINITY, 0, 0}, {3, 1}), x); }, "features x"));
  CHECK(fails_with([&] { rbf_cka(x, Tensor<double>::ones({2, 1})); }, "rbf_cka", "[2, 1]"));
  CHECK(fails_with([&] { rbf_cka(x, flat); }, "median distance"));
  for (const double bandwidth : {0., -1., double{NAN}, double{INFINITY}})
    CHECK(fails_with([&] { rbf_cka(x, x, {.bandwidth = bandwidth}); }, "bandwidth is"));
}
