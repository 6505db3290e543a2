// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/psnr.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("psnr agrees with PyTorch", T, float, double) {
  check_golden<T>("psnr", psnr(golden().get<T>("image.x"), golden().get<T>("image.y")));
}

TEST_CASE("psnr by hand") {
  const auto x = Tensor<>::from({0, 255}, {1, 2}), y = Tensor<>::from({255, 255}, {1, 2});
  CHECK(psnr(x, y, {.range = 255}) == doctest::Approx(10 * std::log10(2)));
  CHECK(psnr(x, x) == INFINITY);
  CHECK(psnr(Tensor<double>::scalar(0), Tensor<double>::scalar(1)) == 0);
  CHECK(psnr(Tensor<double>::scalar(0), Tensor<double>::scalar(1e3)) == doctest::Approx(-60));
}

TEST_CASE("psnr refuses what it cannot compare") {
  const auto x = Tensor<double>::zeros({2});
  CHECK(fails_with([&] { psnr(x, Tensor<double>::zeros({3})); }, "x is [2] and y [3]"));
  CHECK(fails_with([&] { psnr(Tensor<>::zeros({0}), Tensor<>::zeros({0})); }, "[0]"));
  CHECK(fails_with([&] { psnr(x, Tensor<double>::from({0, NAN})); }, "elements of y have", "position 1"));
  CHECK(fails_with([&] { psnr(Tensor<double>::from({INFINITY, 0}), x); }, "elements of x have inf"));
  for (const double range : {0., -1., double{NAN}, double{INFINITY}})
    CHECK(fails_with([&] { psnr(x, x, {.range = range}); }, "range is"));
}
