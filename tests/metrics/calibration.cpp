// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/calibration.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"
#include "regimen/ops/softmax.hpp"

using namespace test;

TEST_CASE_TEMPLATE("calibration errors and the Brier score agree with PyTorch", T, float, double) {
  const auto p = softmax(golden().get<T>("scores") * T{3});
  const auto labels = golden().get<std::int64_t>("labels");
  const auto errors = [&](const CalibrationOptions& options) {
    const Calibration result = calibration(p, labels, options);
    return Tensor<double>::from({result.ece, result.mce});
  };
  golden().check("calibration.width", errors({.bins = 10}), oracle_tolerance<T>);
  golden().check("calibration.mass", errors({.bins = 5, .equal_mass = true}), oracle_tolerance<T>);
  check_golden<T>("brier", brier_score(p, labels));
}

TEST_CASE("bins of equal width are open below and closed above") {
  const auto p = Tensor<double>::from({1, 0, 0.5, 0.5, 0.75, 0.25, 0.375, 0.625}, {4, 2});
  const Calibration result = calibration(p, Labels::from({0, 1, 0, 0}), {.bins = 4});
  REQUIRE(result.bins.size() == 4);
  CHECK(result.bins[0].count == 0);
  CHECK(result.bins[0].confidence == 0);
  CHECK(result.bins[1].count == 1);  // 0.5, where the first of equal classes is the found one
  CHECK(result.bins[1].accuracy == 0);
  CHECK(result.bins[2].count == 2);
  CHECK(result.bins[2].confidence == 0.6875);
  CHECK(result.bins[2].accuracy == 0.5);
  CHECK(result.bins[3].count == 1);
  CHECK(result.ece == 0.25 * 0.5 + 0.5 * 0.1875);
  CHECK(result.mce == 0.5);
}

TEST_CASE("bins of equal mass keep equal confidences together, in any order of the samples") {
  const auto p = Tensor<double>::from({1, 0, 0.75, 0.25, 0.75, 0.25, 0.75, 0.25, 0.5, 0.5}, {5, 2});
  for (const auto& labels : {Labels::from({0, 0, 1, 1, 0}), Labels::from({0, 1, 1, 0, 0})}) {
    const Calibration result = calibration(p, labels, {.bins = 3, .equal_mass = true});
    REQUIRE(result.bins.size() == 3);
    CHECK(result.bins[0].count == 4);
    CHECK(result.bins[1].count == 0);
    CHECK(result.bins[2].count == 1);
    CHECK(result.ece == doctest::Approx(0.8 * (0.6875 - 0.5)));
  }
  const Calibration one = calibration(p, Labels::zeros({5}), {.bins = 1, .equal_mass = true});
  CHECK(one.mce == doctest::Approx(0.25));
}

TEST_CASE("a certain and right model is calibrated, a certain and wrong one is not") {
  const auto p = Tensor<>::from({1, 0, 0, 0, 1, 0}, {2, 3});
  for (const bool equal_mass : {false, true}) {
    CHECK(calibration(p, Labels::from({0, 1}), {.equal_mass = equal_mass}).ece == 0);
    const Calibration wrong = calibration(p, Labels::from({1, 0}), {.equal_mass = equal_mass});
    CHECK(wrong.ece == 1);
    CHECK(wrong.mce == 1);
  }
  CHECK(brier_score(p, Labels::from({0, 1})) == 0);
  CHECK(brier_score(p, Labels::from({1, 0})) == 2);
}

TEST_CASE("calibration refuses what is no distribution") {
  const auto labels = Labels::from({0});
  CHECK(fails_with(
      [&] {
        calibration(Tensor<double>::from({0.5, 0.6}, {1, 2}), labels);
      },
      "calibration", "row 0", "softmax"));
  CHECK(fails_with([&] { brier_score(Tensor<double>::from({1.5, -0.5}, {1, 2}), labels); }, "brier_score", "row 0"));
  CHECK(fails_with([&] { brier_score(Tensor<double>::from({NAN, 1}, {1, 2}), labels); }, "NaN"));
  CHECK(fails_with([&] { brier_score(Tensor<double>::from({INFINITY, 1}, {1, 2}), labels); }, "row 0"));
  CHECK(fails_with([&] { calibration(Tensor<>::ones({1, 1}), Labels::from({1})); }, "labels number 0 is 1"));
  CHECK(fails_with([&] { calibration(Tensor<>::ones({2, 1}), labels); }, "probabilities are [2, 1] and labels [1]"));
  CHECK(fails_with([&] { calibration(Tensor<>::ones({1, 1}), labels, {.bins = 0}); }, "bins is 0"));
  CHECK(calibration(Tensor<>::ones({1, 1}), labels).ece == 0);
}
