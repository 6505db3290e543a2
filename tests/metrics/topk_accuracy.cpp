// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/topk_accuracy.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"
#include "regimen/metrics/accuracy.hpp"

using namespace test;

TEST_CASE_TEMPLATE("topk_accuracy agrees with PyTorch's topk", T, float, double) {
  const auto scores = golden().get<T>("scores");
  const auto labels = golden().get<std::int64_t>("labels");
  check_golden<T>("topk.1", topk_accuracy(scores, labels, 1));
  check_golden<T>("topk.2", topk_accuracy(scores, labels, 2));
  check_golden<T>("topk.4", topk_accuracy(scores, labels, 4));
  CHECK(topk_accuracy(scores, labels, 1) == accuracy(scores, labels));
  CHECK(topk_accuracy(scores, labels, 5) == 1);
}

TEST_CASE("of equal scores the first counts as larger") {
  const auto scores = Tensor<>::from({1, 5, 5, 5, 0, -INFINITY, -INFINITY, 0}, {2, 4});
  CHECK(topk_accuracy(scores, Labels::from({2, 2}), 1) == 0);
  CHECK(topk_accuracy(scores, Labels::from({2, 2}), 2) == 0.5);
  CHECK(topk_accuracy(scores, Labels::from({1, 1}), 1) == 0.5);
  CHECK(topk_accuracy(scores, Labels::from({3, 1}), 3) == 1);
}

TEST_CASE("topk_accuracy refuses what it cannot count") {
  const auto scores = Tensor<>::zeros({2, 3});
  const auto labels = Labels::from({0, 2});
  CHECK(fails_with([&] { topk_accuracy(scores, Labels::from({0}), 1); }, "topk_accuracy", "[2, 3] and labels [1]"));
  CHECK(fails_with([&] { topk_accuracy(Tensor<>::zeros({0, 3}), Labels::zeros({0}), 1); }, "[0, 3]"));
  CHECK(fails_with([&] { topk_accuracy(Tensor<>::zeros({3}), Labels::zeros({3}), 1); }, "[3]"));
  CHECK(fails_with([&] { topk_accuracy(scores, Labels::from({0, 3}), 1); }, "labels number 1 is 3", "3 classes"));
  CHECK(fails_with([&] { topk_accuracy(scores, Labels::from({-1, 0}), 1); }, "labels number 0 is -1"));
  CHECK(fails_with([&] { topk_accuracy(scores, labels, 0); }, "k is 0"));
  CHECK(fails_with([&] { topk_accuracy(scores, labels, 4); }, "k is 4", "[2, 3]"));
  CHECK(fails_with(
      [&] {
        topk_accuracy(Tensor<double>::from({0, NAN}, {1, 2}), Labels::from({0}), 1);
      },
      "NaN at position 1"));
}
