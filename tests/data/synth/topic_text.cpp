// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/topic_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Tokens = Tensor<std::int64_t>;

TEST_CASE("words have the probabilities of their equations") {
  const TopicText text({.topics = 3, .topic_words = 2, .general_words = 4, .share = 0.4, .spill = 0.1, .zipf = 2});
  CHECK(text.vocabulary() == 10);
  const double sum = 1 + 1.0 / 4 + 1.0 / 9 + 1.0 / 16;
  CHECK(text.probability(0, 1) == doctest::Approx(0.6 / sum));
  CHECK(text.probability(2, 0) == doctest::Approx(0.6 / (9 * sum)));
  CHECK(text.probability(6, 1) == doctest::Approx(0.4 * 0.9 / 2));
  CHECK(text.probability(6, 0) == doctest::Approx(0.4 * 0.05 / 2));
  for (int k = 0; k < 3; ++k) {
    double total = 0;
    for (int w = 0; w < 10; ++w) total += text.probability(w, k);
    CHECK(total == doctest::Approx(1));
  }
  CHECK(TopicText({.topics = 1, .topic_words = 4, .spill = 0.5}).probability(201, 0) == doctest::Approx(0.3 / 4));
}

TEST_CASE("documents have those frequencies, by topic") {
  const TopicText text(
      {.topics = 3, .topic_words = 2, .general_words = 4, .share = 0.4, .spill = 0.2, .prior = {1, 2, 1}});
  const auto data = text.sample(Rng(1), 3000, 6);
  CHECK(chi_square(data.labels, {0.25, 0.5, 0.25}) < chi_square_limit(2));
  std::vector<std::vector<std::int64_t>> words(3);
  for (std::int64_t i = 0; i < 3000; ++i)
    for (std::int64_t t = 0; t < 6; ++t) words[static_cast<std::size_t>(data.labels(i))].push_back(data.inputs(i, t));
  for (std::int64_t k = 0; k < 3; ++k) {
    const auto& seen = words[static_cast<std::size_t>(k)];
    std::vector<double> shares;
    for (std::int64_t w = 0; w < 10; ++w) shares.push_back(text.probability(w, k));
    CHECK(chi_square(Tokens::from(seen, {static_cast<std::int64_t>(seen.size())}), shares) < chi_square_limit(9));
  }
  CHECK(same_bits(text.sample(Rng(1), 9, 6).inputs, data.inputs.rows(0, 9).clone()));
  CHECK_FALSE(same_bits(text.sample(Rng(2), 9, 6).inputs, data.inputs.rows(0, 9).clone()));
  CHECK(text.sample(Rng(), 0, 5).inputs.shape() == Shape{0, 5});
  for (const std::int64_t w : TopicText({.topics = 1, .spill = 1}).sample(Rng(), 5, 20).inputs.span()) CHECK(w < 220);
}

TEST_CASE("the posterior is Bayes' rule, and as often right as it says") {
  const TopicText text(
      {.topics = 3, .topic_words = 5, .general_words = 20, .share = 0.3, .spill = 0.3, .prior = {3, 2, 1}});
  const auto two = text.posterior(Tokens::from({20, 27}, {1, 2}));
  const double a = 3 * 0.7 * 0.15, b = 2 * 0.7 * 0.15, c = 0.15 * 0.15;
  CHECK(two(0, 0) == doctest::Approx(a / (a + b + c)));
  CHECK(two(0, 1) == doctest::Approx(b / (a + b + c)));
  CHECK(text.posterior(Tokens::zeros({2, 0}))(1, 0) == doctest::Approx(0.5));
  CHECK(std::isnan(TopicText().posterior(Tokens::from({200, 220}, {1, 2}))(0, 0)));  // words of two topics
  const auto data = text.sample(Rng(3), 5000, 8);
  const auto p = text.posterior(data.inputs);
  double right = 0, expected = 0, variance = 0;
  for (std::int64_t i = 0; i < 5000; ++i) {
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < 3; ++k)
      if (p(i, k) > p(i, best)) best = k;
    right += best == data.labels(i) ? 1 : 0;
    expected += p(i, best);
    variance += p(i, best) * (1 - p(i, best));
  }
  CHECK(std::abs(right - expected) < 5 * std::sqrt(variance));
}

TEST_CASE("wrong options and documents are Errors") {
  CHECK(fails_with([] { TopicText({.topics = 0}); }, "TopicText", "topics is 0"));
  CHECK(fails_with([] { TopicText({.topic_words = 0}); }, "topic_words is 0"));
  CHECK(fails_with([] { TopicText({.general_words = 0}); }, "general_words is 0"));
  CHECK(fails_with([] { TopicText({.share = 1.5}); }, "share is 1.5"));
  CHECK(fails_with([] { TopicText({.spill = NAN}); }, "spill is nan"));
  CHECK(fails_with([] { TopicText({.zipf = -1}); }, "zipf is -1"));
  CHECK(fails_with([] { TopicText({.prior = {1}}); }, "1 weights for 4 topics"));
  CHECK(fails_with([] { TopicText({.topics = 2, .prior = {1, 0}}); }, "weight is 0"));
  const TopicText text;
  CHECK(fails_with([&] { text.probability(280, 0); }, "word 280"));
  CHECK(fails_with([&] { text.probability(0, 4); }, "topic 4"));
  CHECK(fails_with([&] { text.sample(Rng(), -1, 2); }, "count is -1"));
  CHECK(fails_with([&] { text.sample(Rng(), 1, -2); }, "length is -2"));
  CHECK(fails_with([&] { text.posterior(Tokens::zeros({3})); }, "TopicText::posterior", "[3]"));
  CHECK(fails_with([&] { text.posterior(Tokens::full({1, 1}, 999)); }, "word 999"));
}
