// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/confusion.hpp"

#include <doctest/doctest.h>

#include "metrics/support.hpp"
#include "regimen/metrics/accuracy.hpp"
#include "regimen/ops/reduce.hpp"

using namespace test;

TEST_CASE("the scores of a confusion matrix agree with their definitions in PyTorch") {
  const auto scores = golden().get<double>("scores");
  const auto labels = golden().get<std::int64_t>("labels");
  const auto confusion = confusion_matrix(argmax(scores, -1), labels, 5);
  const ClassScores each = class_scores(confusion);
  golden().check("precision", each.precision);
  golden().check("recall", each.recall);
  golden().check("f1", each.f1);
  check_golden<double>("f1.macro", averaged_scores(confusion).f1);
  check_golden<double>("f1.weighted", averaged_scores(confusion, Average::weighted).f1);
  const AveragedScores micro = averaged_scores(confusion, Average::micro);
  for (const double value :
       {micro.precision, micro.recall, micro.f1, averaged_scores(confusion, Average::weighted).recall})
    CHECK(value == doctest::Approx(accuracy(scores, labels)));
}

TEST_CASE("a confusion matrix by hand: rows are labels, columns predictions") {
  const auto confusion = confusion_matrix(Labels::from({0, 1, 1, 1, 0, 3}), Labels::from({0, 0, 1, 1, 1, 0}), 5);
  CHECK(same_bits(confusion,
                  Labels::from({1, 1, 0, 1, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {5, 5})));
  const ClassScores each = class_scores(confusion);
  CHECK(same_bits(each.support, Labels::from({3, 3, 0, 0, 0})));
  CHECK(same_bits(each.predicted, Labels::from({2, 3, 0, 1, 0})));
  CHECK(same_bits(each.precision, Tensor<double>::from({1. / 2, 2. / 3, 0, 0, 0})));
  CHECK(same_bits(each.recall, Tensor<double>::from({1. / 3, 2. / 3, 0, 0, 0})));
  CHECK(same_bits(each.f1, Tensor<double>::from({2. / 5, 2. / 3, 0, 0, 0})));
  // Classes 2 and 4 do not occur; class 3 was predicted.
  const AveragedScores macro = averaged_scores(confusion, Average::macro);
  CHECK(macro.precision == doctest::Approx((1. / 2 + 2. / 3) / 3));
  CHECK(macro.recall == doctest::Approx(1. / 3));
  CHECK(macro.f1 == doctest::Approx((2. / 5 + 2. / 3) / 3));
  const AveragedScores weighted = averaged_scores(confusion, Average::weighted);
  CHECK(weighted.precision == doctest::Approx((1. / 2 + 2. / 3) / 2));
  CHECK(weighted.f1 == doctest::Approx((2. / 5 + 2. / 3) / 2));
}

TEST_CASE("one class of one sample is all right") {
  const AveragedScores scores = averaged_scores(confusion_matrix(Labels::from({0}), Labels::from({0}), 1));
  CHECK(scores.precision == 1);
  CHECK(scores.recall == 1);
  CHECK(scores.f1 == 1);
}

TEST_CASE("a confusion matrix refuses what it cannot count") {
  const auto labels = Labels::from({0, 1});
  CHECK(fails_with([&] { confusion_matrix(labels, Labels::from({0}), 2); }, "predictions are [2] and labels [1]"));
  CHECK(fails_with([&] { confusion_matrix(labels, Labels::from({0, 2}), 2); }, "labels number 1 is 2", "2 classes"));
  CHECK(fails_with([&] { confusion_matrix(Labels::from({-1, 0}), labels, 2); }, "predictions number 0 is -1"));
  CHECK(fails_with([&] { confusion_matrix(labels, labels, 0); }, "0 classes"));
  CHECK(fails_with([&] { confusion_matrix(Labels::zeros({0}), Labels::zeros({0}), 2); }, "n at least 1"));
  CHECK(fails_with([&] { confusion_matrix(Labels::zeros({1, 1}), Labels::zeros({1, 1}), 2); }, "[1, 1]"));
  CHECK(fails_with([] { class_scores(Labels::ones({2, 3})); }, "class_scores", "[2, 3]"));
  CHECK(fails_with([] { class_scores(Labels::ones({4})); }, "[4]"));
  CHECK(fails_with([] { class_scores(Labels::zeros({2, 2})); }, "counts no samples"));
  CHECK(fails_with([] { averaged_scores(Labels::zeros({0, 0})); }, "counts no samples"));
  CHECK(fails_with([] { class_scores(Labels::from({1, 0, -1, 1}, {2, 2})); }, "element 2 is -1"));
}
