// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/ssim.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("ssim agrees with its equations in PyTorch", T, float, double) {
  const auto x = golden().get<T>("image.x"), y = golden().get<T>("image.y");
  check_golden<T>("ssim", ssim(x, y));
  check_golden<T>("ssim", ssim(y, x));
  check_golden<T>("ssim.other", ssim(x, y, {.range = 2, .window = 7, .sigma = 0.8}));
}

TEST_CASE("ssim of equal images is 1, of flat ones the luminance term, of a negative below 0") {
  const auto x = Rng(1).uniform<double>({1, 1, 12, 12});
  CHECK(ssim(x, x) == doctest::Approx(1));
  CHECK(ssim(x, x * 255.0, {.range = 255}) < 0.1);
  CHECK(ssim(x, 1.0 - x) < 0);
  const auto zero = Tensor<double>::zeros({1, 1, 11, 11}), one = Tensor<double>::ones({1, 1, 11, 11});
  CHECK(ssim(zero, zero) == doctest::Approx(1));
  CHECK(ssim(zero, one) == doctest::Approx(1e-4 / (1 + 1e-4)));
  CHECK(ssim(zero, one, {.k1 = 0.1}) == doctest::Approx(1e-2 / (1 + 1e-2)));
  CHECK(ssim(zero, one, {.window = 1, .sigma = 1e-300}) == doctest::Approx(1e-4 / (1 + 1e-4)));
}

TEST_CASE("ssim is the mean over images and channels") {
  const auto x = golden().get<double>("image.x"), y = golden().get<double>("image.y");
  double sum = 0;
  for (std::int64_t i = 0; i < 4; ++i) sum += ssim(x.view(i * 195, {1, 1, 13, 15}), y.view(i * 195, {1, 1, 13, 15}));
  CHECK(ssim(x, y) == doctest::Approx(sum / 4));
}

TEST_CASE("ssim refuses what it cannot compare") {
  const auto x = Tensor<double>::zeros({1, 1, 11, 12});
  CHECK(fails_with([&] { ssim(x, Tensor<double>::zeros({1, 1, 12, 11})); }, "[1, 1, 11, 12]", "[1, 1, 12, 11]"));
  CHECK(fails_with([&] { ssim(Tensor<>::zeros({11, 12}), Tensor<>::zeros({11, 12})); }, "[N, C, H, W]"));
  CHECK(fails_with([&] { ssim(Tensor<>::zeros({0, 1, 11, 11}), Tensor<>::zeros({0, 1, 11, 11})); }, "not empty"));
  for (const std::int64_t window : {0, -1, 2, 13})
    CHECK(fails_with([&] { ssim(x, x, {.window = window}); }, "the window is", "[1, 1, 11, 12]"));
  for (const double value : {0., -1., double{NAN}}) {
    CHECK(fails_with([&] { ssim(x, x, {.sigma = value}); }, "sigma is"));
    CHECK(fails_with([&] { ssim(x, x, {.range = value}); }, "range is"));
    CHECK(fails_with([&] { ssim(x, x, {.k1 = value}); }, "k1 is"));
    CHECK(fails_with([&] { ssim(x, x, {.k2 = value}); }, "and k2"));
  }
  const auto bad = x.clone();
  bad.mutable_data()[131] = NAN;
  CHECK(fails_with([&] { ssim(x, bad); }, "elements of y", "position 131"));
  CHECK(fails_with([&] { ssim(bad, x); }, "elements of x"));
}
