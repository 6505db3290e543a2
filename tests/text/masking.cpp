// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/masking.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>

#include "nn/support.hpp"

using namespace test;
using Tokens = std::vector<std::int64_t>;
using Indices = Tensor<std::int64_t>;

namespace {

/// Whether a count of n draws of probability p is within 5 standard deviations.
bool near(double count, double n, double p) { return std::abs(count - n * p) <= 5 * std::sqrt(n * p * (1 - p)); }

/// n tokens of 1000, each 100 + its place mod 50.
Indices counted(const Shape& shape) {
  const auto tokens = Indices::empty(shape);
  for (std::int64_t i = 0; i < tokens.size(); ++i) tokens.mutable_data()[i] = 100 + i % 50;
  return tokens;
}

}  // namespace

TEST_CASE("of the tokens 15% are chosen, of which 80% are masked, 10% random and 10% stay") {
  const auto tokens = counted({100, 200});
  Rng rng(1);
  const MaskedTokens batch = mask_tokens(tokens, rng, {.mask = 999, .vocabulary = 1000});
  const std::int64_t chosen = batch.labels.size();
  CHECK(near(static_cast<double>(chosen), 20000, 0.15));
  CHECK(batch.positions.shape() == batch.labels.shape());
  double masked = 0, same = 0, low = 0;
  std::int64_t next = 0;
  for (std::int64_t i = 0; i < tokens.size(); ++i) {
    const std::int64_t now = batch.inputs.data()[i], before = tokens.data()[i];
    if (next < chosen && batch.positions(next) == i) {
      CHECK(batch.labels(next++) == before);
      masked += now == 999 ? 1 : 0;
      same += now == before ? 1 : 0;
      low += now != before && now < 500 ? 1 : 0;
    } else {
      CHECK(now == before);
    }
  }
  CHECK(next == chosen);
  const auto n = static_cast<double>(chosen);
  CHECK(near(masked, n, 0.8 + 0.1 / 1000));
  CHECK(near(same, n, 0.1 + 0.1 / 1000));
  CHECK(near(low, n, 0.1 * 0.499));
}

TEST_CASE("shares and the probability are what the options say") {
  const auto tokens = counted({300});
  Rng rng(2);
  const MaskedTokens all =
      mask_tokens(tokens, rng, {.mask = 7, .vocabulary = 8, .probability = 1, .masked = 1, .random = 0});
  CHECK(all.labels.size() == 300);
  CHECK(same_bits(all.labels, tokens));
  CHECK(same_bits(all.inputs, Indices::full({300}, 7)));
  const MaskedTokens kept =
      mask_tokens(tokens, rng, {.mask = 7, .vocabulary = 8, .probability = 1, .masked = 0, .random = 0});
  CHECK(same_bits(kept.inputs, tokens));
  const MaskedTokens random =
      mask_tokens(tokens, rng, {.mask = 7, .vocabulary = 8, .probability = 1, .masked = 0, .random = 1});
  std::set<std::int64_t> seen(random.inputs.span().begin(), random.inputs.span().end());
  CHECK(seen == std::set<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  const MaskedTokens none = mask_tokens(tokens, rng, {.mask = 7, .vocabulary = 8, .probability = 0});
  CHECK(none.labels.size() == 0);
  CHECK(same_bits(none.inputs, tokens));
  CHECK(mask_tokens(Indices::zeros({0, 5}), rng, {.vocabulary = 1}).labels.size() == 0);
  CHECK(mask_tokens(Indices::zeros({5, 0}), rng, {.vocabulary = 1}).inputs.shape() == Shape{5, 0});
}

TEST_CASE("special tokens are never chosen") {
  Rng rng(3);
  const MaskedTokens batch =
      mask_tokens(Indices::from({5, 1, 6, 2, 1, 7}, {2, 3}), rng,
                  {.mask = 0, .vocabulary = 8, .probability = 1, .masked = 1, .random = 0, .special = {1, 2}});
  CHECK(same_bits(batch.inputs, Indices::from({0, 1, 0, 2, 1, 0}, {2, 3})));
  CHECK(same_bits(batch.positions, Indices::from({0, 2, 5})));
  CHECK(same_bits(batch.labels, Indices::from({5, 6, 7})));
}

TEST_CASE("tokens of a word are chosen together, words of two rows apart") {
  const auto words = Indices::empty({100, 6});
  for (std::int64_t i = 0; i < words.size(); ++i) words.mutable_data()[i] = i % 6 / 3;
  Rng rng(4);
  const MaskedTokens batch =
      mask_tokens(counted({100, 6}), rng, {.mask = 0, .vocabulary = 1, .probability = 0.5, .words = words});
  std::map<std::int64_t, int> of_word;
  for (const std::int64_t position : batch.positions.span()) ++of_word[position / 3];
  for (const auto& [word, count] : of_word) CHECK(count == 3);
  CHECK(near(static_cast<double>(of_word.size()), 200, 0.5));
  // The last word of a row and the first of the next have one number, and are chosen on their own.
  const MaskedTokens one = mask_tokens(
      counted({200, 1}), rng, {.mask = 0, .vocabulary = 1, .probability = 0.5, .words = Indices::zeros({200, 1})});
  CHECK(near(static_cast<double>(one.labels.size()), 200, 0.5));
}

TEST_CASE("masks depend on the Rng alone") {
  Rng a(5), b(5);
  const MaskTokensOptions options{.mask = 0, .vocabulary = 50};
  const auto first = mask_tokens(counted({40}), a, options);
  CHECK(same_bits(first.inputs, mask_tokens(counted({40}), b, options).inputs));
  CHECK(!same_bits(first.inputs, mask_tokens(counted({40}), b, options).inputs));
}

TEST_CASE("spans are put together again from inputs and targets, and have the numbers of the options") {
  const Tokens sentinels{900, 901, 902, 903, 904, 905, 906, 907, 908, 909, 910, 911, 912};
  Rng rng(6);
  std::set<Tokens> different;
  for (int trial = 0; trial < 200; ++trial) {
    Tokens tokens(100);
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = static_cast<std::int64_t>(i);
    const CorruptedSpans result =
        corrupt_spans(tokens, rng, {.density = 0.24, .mean_length = 2, .sentinels = sentinels});
    different.insert(result.inputs);
    CHECK(result.inputs.size() == 76 + 12);
    CHECK(result.targets.size() == 24 + 13);
    CHECK(result.targets.back() == 912);
    Tokens joined;
    auto target = result.targets.begin();
    std::int64_t sentinel = 900;
    for (std::size_t i = 0; i < result.inputs.size(); ++i) {
      const std::int64_t token = result.inputs[i];
      if (token < 900) {
        joined.push_back(token);
        continue;
      }
      CHECK(token == sentinel++);
      CHECK(i > 0);
      CHECK(result.inputs[i - 1] < 900);  // a gap of at least one token
      CHECK(*target++ == token);
      CHECK(*target < 900);
      while (*target < 900) joined.push_back(*target++);
    }
    CHECK(joined == tokens);
  }
  CHECK(different.size() == 200);
}

TEST_CASE("each partition is equally likely") {
  Rng rng(7);
  std::map<Tokens, double> counts;
  for (int i = 0; i < 6000; ++i) ++counts[detail::random_partition(5, 3, rng)];
  CHECK(counts.size() == 6);  // C(4, 2)
  for (const auto& [lengths, count] : counts) {
    CHECK(lengths[0] + lengths[1] + lengths[2] == 5);
    CHECK(near(count, 6000, 1. / 6));
  }
  CHECK(detail::random_partition(4, 1, rng) == Tokens{4});
  CHECK(detail::random_partition(3, 3, rng) == Tokens{1, 1, 1});
}

TEST_CASE("few tokens have one span, and one token or more stays") {
  Rng rng(8);
  const CorruptedSpans two = corrupt_spans(Tokens{1, 2}, rng, {.sentinels = {8, 9}});
  CHECK(two.inputs == Tokens{1, 8});
  CHECK(two.targets == Tokens{8, 2, 9});
  const CorruptedSpans most =
      corrupt_spans(Tokens{1, 2, 3, 4}, rng, {.density = 0.99, .mean_length = 1, .sentinels = {8, 9}});
  CHECK(most.inputs == Tokens{1, 8});
  CHECK(most.targets == Tokens{8, 2, 3, 4, 9});
}

TEST_CASE("wrong options of masks and spans are Errors") {
  Rng rng;
  const auto tokens = Indices::zeros({4});
  const auto fails = [&](const MaskTokensOptions& options, const char* text) {
    CHECK(fails_with([&] { mask_tokens(tokens, rng, options); }, "mask_tokens", text));
  };
  fails({.mask = 0}, "the mask is 0 of a vocabulary of 0");
  fails({.mask = 5, .vocabulary = 5}, "the mask is 5");
  fails({.mask = -1, .vocabulary = 5}, "the mask is -1");
  fails({.vocabulary = 1, .probability = 1.5}, "probability is 1.5");
  fails({.vocabulary = 1, .probability = NAN}, "probability is nan");
  fails({.vocabulary = 1, .masked = 0.9, .random = 0.2}, "masked is 0.9");
  fails({.vocabulary = 1, .masked = -0.1}, "masked is -0.1");
  fails({.vocabulary = 1, .random = NAN}, "random nan");
  fails({.vocabulary = 1, .words = Indices::zeros({3})}, "tokens are [4] and words [3]");
  CHECK(fails_with([&] { mask_tokens(Indices::scalar(0), rng, {.vocabulary = 1}); }, "scalar"));
  const auto spans = [&](std::int64_t n, const CorruptSpansOptions& options, const char* text) {
    CHECK(fails_with([&] { corrupt_spans(Tokens(static_cast<std::size_t>(n)), rng, options); }, "corrupt_spans", text));
  };
  spans(1, {.sentinels = {1, 2}}, "there are 1 tokens");
  spans(0, {.sentinels = {1, 2}}, "there are 0 tokens");
  spans(4, {.sentinels = {1}}, "1 sentinels for 1 spans");
  spans(40, {.sentinels = {1, 2}}, "2 sentinels for 2 spans");
  for (const double density : {0., 1., -1., double{NAN}})
    spans(4, {.density = density, .sentinels = {1, 2}}, "density is");
  for (const double length : {0., 0.5, double{NAN}})
    spans(4, {.mean_length = length, .sentinels = {1, 2}}, "mean_length is");
}
