// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/perplexity.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE_TEMPLATE("perplexity agrees with PyTorch's cross-entropy, over any axes", T, float, double) {
  const auto scores = golden().get<T>("scores");
  const auto labels = golden().get<std::int64_t>("labels");
  check_golden<T>("perplexity", perplexity(scores, labels));
  check_golden<T>("perplexity", perplexity(scores.reshaped({4, 10, 5}), labels.reshaped({4, 10})));
}

TEST_CASE("a uniform model is as perplexed as it has classes, a certain one 1, a refuted one infinitely") {
  CHECK(perplexity(Tensor<>::full({3, 7}, 1e30f), Labels::from({0, 3, 6})) == doctest::Approx(7));
  const auto certain = Tensor<double>::from({0, -INFINITY}, {2});
  CHECK(perplexity(certain, Labels::scalar(0)) == 1);
  CHECK(perplexity(certain, Labels::scalar(1)) == INFINITY);
}

TEST_CASE("ignored positions do not count") {
  const auto logits = Tensor<double>::from({0, 0, 5, -5, -INFINITY, -INFINITY}, {3, 2});
  CHECK(perplexity(logits, Labels::from({1, -100, -100})) == doctest::Approx(2));
  CHECK(perplexity(logits, Labels::from({1, 0, 0}), {.ignored = 0}) == doctest::Approx(2));
}

TEST_CASE("perplexity refuses what does not fit") {
  const auto logits = Tensor<double>::zeros({2, 3});
  CHECK(fails_with([&] { perplexity(logits, Labels::from({0})); }, "logits are [2, 3] and labels [1]"));
  CHECK(fails_with([&] { perplexity(Tensor<>::scalar(1), Labels::scalar(0)); }, "[]"));
  CHECK(fails_with([&] { perplexity(logits, Labels::from({0, 3})); }, "label 1 is 3", "-100"));
  CHECK(fails_with([&] { perplexity(logits, Labels::from({-1, 0})); }, "label 0 is -1"));
  CHECK(fails_with([&] { perplexity(logits, Labels::from({-100, -100})); }, "none of the labels [2] counts"));
  CHECK(fails_with([&] { perplexity(Tensor<>::zeros({0, 3}), Labels::zeros({0})); }, "none of the labels [0]"));
  CHECK(fails_with([&] { perplexity(Tensor<double>::from({NAN, 0}), Labels::scalar(1)); }, "NaN at position 0"));
  CHECK(fails_with([&] { perplexity(Tensor<double>::from({INFINITY, 0}), Labels::scalar(1)); }, "logit at position 0"));
  CHECK(fails_with([&] { perplexity(Tensor<double>::full({2}, -INFINITY), Labels::scalar(1)); }, "position 0 is -inf"));
}
