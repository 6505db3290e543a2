// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/augment/blur.hpp"

#include <limits>
#include <numeric>

#include "data/augment/checks.hpp"
#include "support/oracle.hpp"

using namespace test;

TEST_CASE_TEMPLATE("blurs are convolutions with their kernels", T, float, double) {
  const Oracle oracle("data_b");
  const auto x = oracle.get<T>("blur.x");
  oracle.check("blur.gaussian.0.4", gaussian_blur(x, 0.4));
  oracle.check("blur.gaussian.1", gaussian_blur(x, 1));
  oracle.check("blur.defocus.0.3", defocus_blur(x, 0.3, 0.4));
  oracle.check("blur.defocus.1", defocus_blur(x, 1, 0.2));
  oracle.check("blur.defocus.1.5", defocus_blur(x, 1.5, 0.1));
  oracle.check("blur.defocus.2.5", defocus_blur(x, 2.5, 0.7));
}

TEST_CASE("a smear to the right, and down, is that of its line") {
  auto x = Tensor<double>::zeros({1, 1, 9, 9});
  x.mutable_data()[9 * 6 + 5] = 1;
  double weights[5], sum = 0;
  for (int k = 0; k < 5; ++k) sum += weights[k] = std::exp(-0.5 * k * k / 2.25);
  const auto across = motion_blur(x, 1.5, 1.5, 0), down = motion_blur(x, 2, 1.5, 90),
             slant = motion_blur(x, 2, 1.5, 45);
  double places = 0;
  for (int i = 0; i < 9; ++i)
    for (int j = 0; j < 9; ++j) {
      const bool row = i == 6 && j >= 1 && j <= 5, column = j == 5 && i >= 2 && i <= 6;
      CHECK(across(0, 0, i, j) == doctest::Approx(row ? weights[5 - j] / sum : 0));
      CHECK(down(0, 0, i, j) == doctest::Approx(column ? weights[6 - i] / sum : 0));
      places += slant(0, 0, i, j);
    }
  CHECK(places == doctest::Approx(1));
  // round(k / sqrt 2) for k = 0 to 4 is 0, 1, 1, 2, 3.
  CHECK(slant(0, 0, 6, 5) == doctest::Approx(weights[0] / sum));
  CHECK(slant(0, 0, 5, 4) == doctest::Approx((weights[1] + weights[2]) / sum));
  CHECK(slant(0, 0, 3, 2) == doctest::Approx(weights[4] / sum));
  // Beyond the right edge its pixels go on.
  const auto edge = motion_blur(Rng(1).uniform<double>({1, 1, 1, 4}), 2, 1, 0);
  CHECK(edge(0, 0, 0, 3) == doctest::Approx(Rng(1).uniform<double>({1, 1, 1, 4})(0, 0, 0, 3)));
}

TEST_CASE_TEMPLATE("blurs keep flat images, and radius 0 or a narrow Gaussian any", T, float, double) {
  const auto flat = Tensor<T>::full({1, 3, 4, 1}, T(0.3));
  CHECK(distance(gaussian_blur(flat, 2.5), flat) < 1e-6);
  CHECK(distance(defocus_blur(flat, 3, 0.5), flat) < 1e-6);
  CHECK(distance(motion_blur(flat, 5, 2, 33), flat) < 1e-6);
  const auto x = images<T>();
  CHECK(distance(gaussian_blur(x, 0.05), x) < 1e-6);
  CHECK(distance(defocus_blur(x, 0, 0.05), x) < 1e-6);
  CHECK(same_bits(motion_blur(x, 0, 1, 20), x));
  CHECK(gaussian_blur(x.rows(0, 0), 1).shape() == Shape{0, 3, 6, 7});
  CHECK(defocus_blur(Tensor<T>::zeros({2, 3, 0, 4}), 1, 1).shape() == Shape{2, 3, 0, 4});
  // Far beyond both edges.
  CHECK(all_finite(gaussian_blur(x, 30)));
  CHECK(all_finite(defocus_blur(x, 20, 1)));
}

TEST_CASE("wrong images and widths are Errors") {
  const auto x = images<float>();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(fails_with([&] { gaussian_blur(x.reshaped({5, 126}), 1); }, "gaussian_blur", "[5, 126]"));
  CHECK(fails_with([&] { gaussian_blur(x, 0); }, "sigma is 0"));
  CHECK(fails_with([&] { gaussian_blur(x, 1e6); }, "sigma is 1000000"));
  CHECK(fails_with([&] { gaussian_blur(x, nan); }, "sigma is nan"));
  CHECK(fails_with([&] { defocus_blur(x.reshaped({5, 126}), 1, 1); }, "defocus_blur", "[5, 126]"));
  CHECK(fails_with([&] { defocus_blur(x, -1, 1); }, "radius is -1"));
  CHECK(fails_with([&] { defocus_blur(x, 1, 0); }, "sigma is 0"));
  CHECK(fails_with([&] { motion_blur(x.reshaped({5, 126}), 1, 1, 0); }, "motion_blur", "[5, 126]"));
  CHECK(fails_with([&] { motion_blur(x, nan, 1, 0); }, "radius is nan"));
  CHECK(fails_with([&] { motion_blur(x, 1, -1, 0); }, "sigma is -1"));
  CHECK(fails_with([&] { motion_blur(x, 1, 1, INFINITY); }, "degrees is inf"));
}
