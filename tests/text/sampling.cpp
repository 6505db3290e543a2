// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/sampling.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <utility>

#include "nn/support.hpp"
#include "support/oracle.hpp"

using namespace test;
using Tokens = std::vector<std::int64_t>;
using Indices = Tensor<std::int64_t>;

namespace {

/// Log probabilities of a Markov chain on three tokens; token 2 ends.
struct Chain {
  Tensor<double> table = Tensor<double>::empty({3, 3});
  std::int64_t calls = 0;

  explicit Chain(std::initializer_list<double> probabilities) {
    double* out = table.mutable_data();
    for (const double p : probabilities) *out++ = std::log(p);
  }
  Tensor<double> operator()(const Indices& tokens) {
    ++calls;
    const auto logits = Tensor<double>::empty({tokens.size(0), 3});
    for (std::int64_t i = 0; i < logits.size(); ++i)
      logits.mutable_data()[i] = table(tokens(i / 3, tokens.size(1) - 1), i % 3) + 5;  // a constant does not matter
    return logits;
  }
};

/// The best hypothesis among all.
Hypothesis exhaustive(const Chain& chain, std::int64_t last, std::int64_t steps, double penalty) {
  Hypothesis best;
  best.score = -INFINITY;
  const auto grow = [&](const auto& self, Hypothesis h, std::int64_t before) -> void {
    for (std::int64_t token = 0; token < 3; ++token) {
      Hypothesis longer = h;
      longer.tokens.push_back(token);
      longer.log_probability += chain.table(before, token);
      const auto length = static_cast<double>(longer.tokens.size());
      longer.score = longer.log_probability / std::pow((5 + length) / 6, penalty);
      if (token == 2 || static_cast<std::int64_t>(longer.tokens.size()) == steps) {
        if (longer.score > best.score) best = longer;
      } else {
        self(self, longer, token);
      }
    }
  };
  grow(grow, {}, last);
  return best;
}

}  // namespace

TEST_CASE_TEMPLATE("distributions to sample from agree with PyTorch", T, float, double) {
  const Oracle oracle("text");
  const auto logits = oracle.get<T>("logits");
  const auto check = [&](const char* name, const SampleOptions& options) {
    oracle.check(name, sampling_distribution(logits, options), oracle_tolerance<T>);
  };
  check("distribution.all", {.temperature = 0.7});
  check("distribution.all", {.temperature = 0.7, .top_k = 8});
  check("distribution.top_k", {.top_k = 3});
  check("distribution.top_p", {.temperature = 1.5, .top_p = 0.6});
  check("distribution.both", {.temperature = 2, .top_k = 5, .top_p = 0.8});
}

TEST_CASE("top_k and top_p by hand, ties to the first") {
  const auto logits = Tensor<double>::from({std::log(1.), std::log(4.), std::log(1.), std::log(2.)}, {1, 4});
  const auto is = [&](const SampleOptions& options, std::initializer_list<double> wanted) {
    CHECK(distance(sampling_distribution(logits, options), Tensor<double>::from(wanted, {1, 4})) < 1e-12);
  };
  is({}, {1. / 8, 1. / 2, 1. / 8, 1. / 4});
  is({.top_k = 1}, {0, 1, 0, 0});
  is({.top_k = 3}, {1. / 7, 4. / 7, 0, 2. / 7});
  is({.top_k = 100}, {1. / 8, 1. / 2, 1. / 8, 1. / 4});
  is({.top_p = 0.49}, {0, 1, 0, 0});
  is({.top_p = 0.51}, {0, 2. / 3, 0, 1. / 3});
  is({.top_p = 0.76}, {1. / 7, 4. / 7, 0, 2. / 7});
  is({.top_p = 0.99}, {1. / 8, 1. / 2, 1. / 8, 1. / 4});
  is({.top_p = 1e-300}, {0, 1, 0, 0});
  is({.top_k = 2, .top_p = 0.6}, {0, 1, 0, 0});  // of 2/3 and 1/3
  is({.temperature = 1e-3}, {0, 1, 0, 0});
  is({.temperature = 1e13}, {1. / 4, 1. / 4, 1. / 4, 1. / 4});
}

TEST_CASE("a token of -infinity is never drawn, and large logits do not overflow") {
  const auto logits = Tensor<float>::from({-INFINITY, 3e38f, -INFINITY, 3e38f}, {1, 4});
  CHECK(same_bits(sampling_distribution(logits), Tensor<double>::from({0, 0.5, 0, 0.5}, {1, 4})));
  CHECK(same_bits(sampling_distribution(logits, {.top_k = 3, .top_p = 0.9}),
                  Tensor<double>::from({0, 0.5, 0, 0.5}, {1, 4})));
  CHECK(sampling_distribution(Tensor<>::zeros({0, 4})).shape() == Shape{0, 4});
}

TEST_CASE("tokens are drawn as the distribution says, by the Rng alone") {
  const auto logits = Tensor<double>::empty({4000, 3});
  for (std::int64_t i = 0; i < logits.size(); ++i) logits.mutable_data()[i] = std::log(1. + static_cast<double>(i % 3));
  Rng rng(1), same(1);
  const auto tokens = sample_tokens(logits, rng);
  double count[3] = {};
  for (const std::int64_t token : tokens.span()) ++count[token];
  for (int j = 0; j < 3; ++j) {
    const double p = (j + 1) / 6.;
    CHECK(std::abs(count[j] - 4000 * p) < 5 * std::sqrt(4000 * p * (1 - p)));
  }
  CHECK(same_bits(tokens, sample_tokens(logits, same)));
  CHECK(!same_bits(tokens, sample_tokens(logits, same)));
  for (const std::int64_t token : sample_tokens(logits, rng, {.top_k = 1}).span()) CHECK(token == 2);
}

TEST_CASE("a beam finds what greedy decoding misses") {
  // After 2 token 0 is likelier than 1, but after 0 nothing is likely.
  Chain chain({1. / 3, 1. / 3, 1. / 3, 0.05, 0.9, 0.05, 0.55, 0.45, 1e-12});
  const auto greedy = beam_search(std::ref(chain), {2}, {.beams = 1, .steps = 2});
  REQUIRE(greedy.size() == 1);
  CHECK(greedy[0].tokens == Tokens{0, 0});
  CHECK(greedy[0].log_probability == doctest::Approx(std::log(0.55 / 3)));
  const auto two = beam_search(std::ref(chain), {2}, {.beams = 2, .steps = 2});
  REQUIRE(two.size() == 2);
  CHECK(two[0].tokens == Tokens{1, 1});
  CHECK(two[0].log_probability == doctest::Approx(std::log(0.45 * 0.9)));
  CHECK(two[1].tokens == Tokens{0, 0});
  CHECK(two[0].score == two[0].log_probability);
}

TEST_CASE("with room for all hypotheses the best of all is found, at any length penalty") {
  Rng rng(2);
  for (int trial = 0; trial < 20; ++trial) {
    Chain chain({1, 1, 1, 1, 1, 1, 1, 1, 1});
    for (std::int64_t row = 0; row < 3; ++row) {
      const double a = rng.uniform() + 0.01, b = rng.uniform() + 0.01, c = 0.3 * rng.uniform() + 0.01;
      const double p[] = {a, b, c};
      for (std::int64_t j = 0; j < 3; ++j) chain.table.mutable_data()[3 * row + j] = std::log(p[j] / (a + b + c));
    }
    for (const double penalty : {0., 0.6, 2.}) {
      const Hypothesis best = exhaustive(chain, 0, 5, penalty);
      const auto found =
          beam_search(std::ref(chain), {1, 0}, {.beams = 50, .steps = 5, .end = 2, .length_penalty = penalty});
      REQUIRE(!found.empty());
      CHECK(found[0].score == doctest::Approx(best.score).epsilon(1e-12));  // others may be as likely, but for rounding
      double of_tokens = 0;
      std::int64_t before = 0;
      for (const std::int64_t token : found[0].tokens) of_tokens += chain.table(std::exchange(before, token), token);
      CHECK(found[0].log_probability == doctest::Approx(of_tokens));
      for (std::size_t i = 1; i < found.size(); ++i) CHECK(found[i].score <= found[i - 1].score);
    }
  }
}

TEST_CASE("the search stops where no hypothesis can overtake, and not before") {
  Chain chain({1e-12, 0.4, 0.6, 1e-12, 1, 1e-12, 1, 1, 1});
  const auto first = beam_search(std::ref(chain), {0}, {.beams = 1, .steps = 3, .end = 2});
  REQUIRE(first.size() == 1);
  CHECK(first[0].tokens == Tokens{2});
  CHECK(chain.calls == 1);
  const auto longer = beam_search(std::ref(chain), {0}, {.beams = 1, .steps = 3, .end = 2, .length_penalty = 4});
  REQUIRE(longer.size() == 1);
  CHECK(longer[0].tokens == Tokens{1, 1, 1});
  CHECK(longer[0].score == doctest::Approx(std::log(0.4) / std::pow(8. / 6, 4)));
  CHECK(chain.calls == 4);
}

TEST_CASE("an end without other tokens, an empty prompt, and tokens of no probability") {
  const auto end = [](const Indices& tokens) { return Tensor<>::zeros({tokens.size(0), 1}); };
  const auto found = beam_search(end, {}, {.end = 0});
  REQUIRE(found.size() == 1);
  CHECK(found[0].tokens == Tokens{0});
  CHECK(found[0].log_probability == 0);
  const auto never = [](const Indices& tokens) {
    const auto logits = Tensor<>::zeros({tokens.size(0), 2});
    for (std::int64_t i = 0; i < tokens.size(0); ++i) logits.mutable_data()[2 * i] = -INFINITY;
    return logits;
  };
  const auto sure = beam_search(never, {0}, {.beams = 3, .steps = 2});
  REQUIRE(sure.size() == 1);
  CHECK(sure[0].tokens == Tokens{1, 1});
}

TEST_CASE("wrong options and logits are Errors") {
  const auto logits = Tensor<double>::zeros({2, 3});
  Rng rng;
  for (const double temperature : {0., -1., double{NAN}, double{INFINITY}})
    CHECK(fails_with([&] { sample_tokens(logits, rng, {.temperature = temperature}); }, "temperature is"));
  for (const double top_p : {0., -1., 1.5, double{NAN}})
    CHECK(fails_with([&] { sample_tokens(logits, rng, {.top_p = top_p}); }, "top_p is"));
  CHECK(fails_with([&] { sample_tokens(logits, rng, {.top_k = -1}); }, "top_k is -1"));
  CHECK(fails_with([&] { sample_tokens(Tensor<>::zeros({3}), rng); }, "logits are [3]"));
  CHECK(fails_with([&] { sample_tokens(Tensor<>::zeros({2, 0}), rng); }, "[2, 0]"));
  CHECK(fails_with([&] { sample_tokens(Tensor<double>::from({0, NAN}, {1, 2}), rng); }, "logit 1 of row 0 is"));
  CHECK(fails_with(
      [&] {
        sample_tokens(Tensor<double>::from({INFINITY, 0}, {1, 2}), rng);
      },
      "logit 0 of row 0 is inf"));
  CHECK(fails_with([&] { sample_tokens(Tensor<double>::full({1, 2}, -INFINITY), rng); }, "all logits of row 0"));
  const auto search = [&](const Tensor<double>& next, const BeamSearchOptions& options, const char* text) {
    CHECK(fails_with([&] { beam_search([&](const Indices&) { return next; }, {0}, options); }, "beam_search", text));
  };
  search(logits, {}, "logits are [2, 3] for tokens [1, 1]");
  search(Tensor<double>::from({0, NAN}, {1, 2}), {}, "logit 1 of row 0");
  search(Tensor<double>::zeros({3}), {}, "[3]");
  search(logits, {.beams = 0}, "beams is 0");
  search(logits, {.steps = 0}, "steps 0");
  search(logits, {.length_penalty = -1}, "length_penalty is -1");
  search(logits, {.length_penalty = NAN}, "length_penalty is");
}
