// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/roc_auc.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

namespace {

/// The golden scores with many ties.
template <class T>
Tensor<T> tied() {
  const auto scores = golden().get<T>("scores");
  for (std::int64_t i = 0; i < scores.size(); ++i) scores.mutable_data()[i] = std::round(2 * scores.data()[i]);
  return scores;
}

}  // namespace

TEST_CASE_TEMPLATE("roc_auc agrees with the area of the curve, with ties", T, float, double) {
  const auto scores = tied<T>();
  const auto labels = golden().get<std::int64_t>("labels");
  check_golden<T>("auc.macro", roc_auc(scores, labels, Average::macro));
  check_golden<T>("auc.weighted", roc_auc(scores, labels, Average::weighted));
  check_golden<T>("auc.micro", roc_auc(scores, labels, Average::micro));
  const auto first = Tensor<T>::empty({40});
  const auto binary = Labels::empty({40});
  for (std::int64_t i = 0; i < 40; ++i) {
    first.mutable_data()[i] = scores(i, 0);
    binary.mutable_data()[i] = labels(i) == 0 ? 1 : 0;
  }
  check_golden<T>("auc.binary", roc_auc(first, binary));
}

TEST_CASE("roc_auc counts the pairs in order, ties a half") {
  const auto labels = Labels::from({0, 0, 1, 1});
  CHECK(roc_auc(Tensor<>::from({1, 2, 3, 4}), labels) == 1);
  CHECK(roc_auc(Tensor<>::from({4, 3, 2, 1}), labels) == 0);
  CHECK(roc_auc(Tensor<>::from({5, 5, 5, 5}), labels) == 0.5);
  CHECK(roc_auc(Tensor<>::from({1, 3, 2, 3}), labels) == 0.625);
  CHECK(roc_auc(Tensor<double>::from({-INFINITY, 0, 0, INFINITY}), labels) == 0.875);
  CHECK(roc_auc(Tensor<>::from({0, 1}), Labels::from({0, 1})) == 1);
}

TEST_CASE("of two classes both averages are the binary area") {
  const auto scores = Tensor<>::from({-1, 1, -3, 3, -2, 2, -3, 3}, {4, 2});
  const auto labels = Labels::from({0, 0, 1, 1});
  CHECK(roc_auc(scores, labels, Average::macro) == 0.625);
  CHECK(roc_auc(scores, labels, Average::weighted) == 0.625);
}

TEST_CASE("roc_auc refuses what has no area") {
  const auto scores = Tensor<>::from({1, 2});
  CHECK(fails_with([&] { roc_auc(scores, Labels::from({1, 1})); }, "all 2 labels are 1"));
  CHECK(fails_with([&] { roc_auc(scores, Labels::from({0, 0})); }, "all 2 labels are 0"));
  CHECK(fails_with([&] { roc_auc(scores, Labels::from({0, 2})); }, "labels number 1 is 2", "2 classes"));
  CHECK(fails_with([&] { roc_auc(scores, Labels::from({0})); }, "[2] and labels [1]"));
  CHECK(fails_with([&] { roc_auc(Tensor<>::zeros({0}), Labels::zeros({0})); }, "[0]"));
  CHECK(fails_with([&] { roc_auc(Tensor<double>::from({NAN, 1}), Labels::from({0, 1})); }, "NaN at position 0"));
  const auto matrix = Tensor<>::zeros({2, 3});
  CHECK(fails_with([&] { roc_auc(matrix, Labels::from({0, 1})); }, "[2, 3]", "name the average"));
  CHECK(fails_with([&] { roc_auc(matrix, Labels::from({0, 2}), Average::macro); }, "class 1 has 0 of 2 samples"));
  CHECK(fails_with([&] { roc_auc(matrix, Labels::from({0, 2}), Average::micro); }, "class 1 has 0 of 2 samples"));
  CHECK(fails_with(
      [&] {
        roc_auc(Tensor<>::zeros({2, 1}), Labels::from({0, 0}), Average::macro);
      },
      "class 0 has 2 of 2 samples"));
  CHECK(fails_with([&] { roc_auc(matrix, Labels::from({0, 3}), Average::macro); }, "labels number 1 is 3"));
}
