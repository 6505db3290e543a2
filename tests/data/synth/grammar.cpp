// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/synth/grammar.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <vector>

#include "data/synth/checks.hpp"

using namespace test;
using Sentence = std::vector<std::int64_t>;

namespace {

double probability(const Grammar& grammar, const Sentence& sentence) {
  return std::exp(grammar.log_probability(sentence));
}

/// All sentences of a length over the vocabulary.
std::vector<Sentence> all_sentences(std::int64_t vocabulary, std::int64_t length) {
  std::vector<Sentence> result = {{}};
  for (std::int64_t t = 0; t < length; ++t) {
    std::vector<Sentence> longer;
    for (const Sentence& sentence : result)
      for (std::int64_t v = 0; v < vocabulary; ++v) {
        longer.push_back(sentence);
        longer.back().push_back(v);
      }
    result = longer;
  }
  return result;
}

/// S -> S S (0.3) | A c (0.4) | A (0.3),  A -> a (2 of 3) | b (1 of 3), a b c = 0 1 2, S A = 3 4: ambiguous.
Grammar ambiguous() {
  return Grammar(3, {{3, {3, 3}, 0.3}, {3, {4, 2}, 0.4}, {3, {4}, 0.3}, {4, {0}, 2}, {4, {1}, 1}});
}

}  // namespace

TEST_CASE("nested pairs have their closed form") {
  const Grammar grammar(2, {{2, {0, 2, 1}, 0.4}, {2, {0, 1}, 0.6}});
  Sentence sentence;
  for (int n = 1; n < 8; ++n) {
    sentence.insert(sentence.begin(), 0);
    sentence.push_back(1);
    CHECK(probability(grammar, sentence) == doctest::Approx(0.6 * std::pow(0.4, n - 1)));
  }
  CHECK(probability(grammar, {0, 1, 0, 1}) == 0);
  CHECK(probability(grammar, {1, 0}) == 0);
  CHECK(probability(grammar, {}) == 0);
}

TEST_CASE("a sentence's probability is the sum over its derivations") {
  const Grammar grammar = ambiguous();
  CHECK(probability(grammar, {0}) == doctest::Approx(0.3 * 2 / 3));
  CHECK(probability(grammar, {1, 2}) == doctest::Approx(0.4 / 3));
  const double a = 0.3 * 2 / 3;
  CHECK(probability(grammar, {0, 0}) == doctest::Approx(0.3 * a * a));
  // a a a as (a a) a and a (a a); five trees of four.
  CHECK(probability(grammar, {0, 0, 0}) == doctest::Approx(2 * 0.3 * 0.3 * a * a * a));
  CHECK(probability(grammar, {0, 0, 0, 0}) == doctest::Approx(5 * std::pow(0.3, 3) * std::pow(a, 4)));
  CHECK(probability(grammar, {2}) == 0);
  // Of all sentences, by length: p_n = 0.3 [n = 1] + 0.4 [n = 2] + 0.3 sum_k p_k p_{n-k}.
  double p[6] = {};
  for (int n = 1; n < 6; ++n) {
    p[n] = n == 1 ? 0.3 : n == 2 ? 0.4 : 0;
    for (int k = 1; k < n; ++k) p[n] += 0.3 * p[k] * p[n - k];
    double sum = 0;
    for (const Sentence& sentence : all_sentences(3, n)) sum += probability(grammar, sentence);
    CHECK(sum == doctest::Approx(p[n]).epsilon(1e-12));
  }
}

TEST_CASE("chains of single symbols are followed, in whatever order they stand") {
  const Grammar grammar(2, {{2, {3}, 1}, {3, {4}, 1}, {3, {0, 2}, 1}, {4, {1}, 3}, {4, {1, 2, 0}, 1}});
  CHECK(probability(grammar, {1}) == doctest::Approx(0.5 * 0.75));
  CHECK(probability(grammar, {0, 1}) == doctest::Approx(0.5 * 0.5 * 0.75));
  CHECK(probability(grammar, {1, 1, 0}) == doctest::Approx(0.5 * 0.25 * 0.5 * 0.75));
}

TEST_CASE("long sentences do not underflow") {
  const Grammar grammar(50, {{50, {51, 50}, 0.999}, {50, {51}, 0.001}, {51, {7}, 1}, {51, {8}, 49}});
  const double step = std::log(0.02) + std::log(0.999);
  CHECK(grammar.log_probability(Sentence(300, 7)) ==
        doctest::Approx(300 * step + std::log(0.001 / 0.999)).epsilon(1e-9));
}

TEST_CASE("samples have their probabilities") {
  const Grammar grammar = ambiguous();
  Rng rng(1);
  std::map<Sentence, double> counts;
  double length = 0;
  constexpr int draws = 20000;
  for (int i = 0; i < draws; ++i) {
    const Sentence sentence = grammar.sample(rng, 1000);
    ++counts[sentence];
    length += static_cast<double>(sentence.size()) / draws;
  }
  // E = 0.3 + 0.8 + 0.6 E.
  CHECK(length == doctest::Approx(1.1 / 0.4).epsilon(0.05));
  for (int n = 1; n < 4; ++n)
    for (const Sentence& sentence : all_sentences(3, n)) {
      const double p = probability(grammar, sentence);
      CHECK(std::abs(counts[sentence] - draws * p) <= 5 * std::sqrt(draws * p * (1 - p)));
    }
  // Of at most two tokens they are those, given the length.
  double one = 0;
  for (int i = 0; i < 4000; ++i) {
    const Sentence sentence = grammar.sample(rng, 2);
    REQUIRE(sentence.size() <= 2);
    one += sentence.size() == 1 ? 1 : 0;
  }
  const double share = 0.3 / (0.3 + 0.4 + 0.3 * 0.09);
  CHECK(std::abs(one - 4000 * share) < 5 * std::sqrt(4000 * share * (1 - share)));
  Rng first(2), second(2);
  for (int i = 0; i < 50; ++i) CHECK(grammar.sample(first, 30) == grammar.sample(second, 30));
}

TEST_CASE("wrong grammars and sentences are Errors") {
  CHECK(fails_with([] { Grammar(0, {{0, {0}}}); }, "Grammar", "vocabulary is 0"));
  CHECK(fails_with([] { Grammar(2, {}); }, "no rules"));
  CHECK(fails_with([] { Grammar(2, {{1, {0}}}); }, "a rule of symbol 1"));
  CHECK(fails_with([] { Grammar(2, {{9, {0}}}); }, "a rule of symbol 9"));
  CHECK(fails_with([] { Grammar(2, {{2, {}}}); }, "empty right side"));
  CHECK(fails_with([] { Grammar(2, {{2, {3}}}); }, "symbol 3 is no token"));
  CHECK(fails_with([] { Grammar(2, {{2, {-1}}}); }, "symbol -1"));
  CHECK(fails_with([] { Grammar(2, {{3, {0}}, {3, {1}}}); }, "symbol 2 has no rule"));
  CHECK(fails_with([] { Grammar(2, {{2, {0}, 0}}); }, "weight is 0"));
  CHECK(fails_with([] { Grammar(2, {{2, {3}}, {3, {2}}, {3, {0}}}); }, "leads to itself"));
  const Grammar endless(1, {{1, {0, 1}}});
  Rng rng;
  CHECK(fails_with([&] { endless.sample(rng, 5); }, "longer than 5"));
  CHECK(fails_with([&] { endless.sample(rng, 0); }, "max_length is 0"));
  CHECK(fails_with([&] { endless.log_probability({1}); }, "token 1"));
}
