// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/train_bpe.hpp"

#include <doctest/doctest.h>

#include <map>

#include "nn/support.hpp"
#include "regimen/text/byte_tokenizer.hpp"
#include "support/oracle.hpp"

using namespace test;
using Tokens = std::vector<std::int64_t>;
using Merges = std::vector<BpeMerge>;

namespace {

const Oracle& golden() {
  static const Oracle oracle("text");
  return oracle;
}

Tokens list(const std::string& name) {
  const auto tensor = golden().get<std::int64_t>(name);
  return {tensor.span().begin(), tensor.span().end()};
}

Merges merges_of(const std::string& name) {
  Merges merges;
  const Tokens flat = list(name + ".merges");
  for (std::size_t i = 0; i + 1 < flat.size(); i += 2) merges.push_back({flat[i], flat[i + 1]});
  return merges;
}

/// The merges of one word by counting all pairs anew for each.
Merges naive(Tokens tokens, std::int64_t count) {
  Merges merges;
  while (static_cast<std::int64_t>(merges.size()) < count) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) ++counts[{tokens[i], tokens[i + 1]}];
    auto best = counts.begin();
    for (auto at = counts.begin(); at != counts.end(); ++at)
      if (at->second > best->second) best = at;
    if (counts.empty() || best->second < 2) break;
    const auto [left, right] = best->first;
    Tokens merged;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool pair = i + 1 < tokens.size() && tokens[i] == left && tokens[i + 1] == right;
      merged.push_back(pair ? 256 + static_cast<std::int64_t>(merges.size()) : tokens[i]);
      if (pair) ++i;
    }
    merges.push_back({left, right});
    tokens = merged;
  }
  return merges;
}

}  // namespace

TEST_CASE("training agrees with one that scans the whole text for each merge") {
  const std::vector<std::string> texts = {ByteTokenizer().decode(list("text"))};
  CHECK(train_bpe(texts, {.vocabulary = 320}).merges() == merges_of("words"));
  CHECK(train_bpe(texts, {.vocabulary = 300, .words = false}).merges() == merges_of("plain"));
  CHECK(train_bpe(texts, {.vocabulary = 1000, .min_count = 3}).merges() == merges_of("all"));
}

TEST_CASE("training agrees with a naive one on random texts of few letters, which are full of ties and overlaps") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const std::int64_t letters = 1 + rng.below(3), length = 1 + rng.below(60);
    std::string word;
    for (std::int64_t i = 0; i < length; ++i) word += static_cast<char>('a' + rng.below(letters));
    INFO(word);
    const Bpe bpe = train_bpe({word}, {.vocabulary = 256 + 30, .words = false});
    CHECK(bpe.merges() == naive(ByteTokenizer().encode(word), 30));
    CHECK(bpe.decode(bpe.encode(word)) == word);
  }
}

TEST_CASE("the most frequent pair is merged first, of equal ones the lowest") {
  CHECK(train_bpe({"abab", "cdcd"}, {.vocabulary = 258}).merges() == Merges{{'a', 'b'}, {'c', 'd'}});
  CHECK(train_bpe({"cdcd", "abab cd"}, {.vocabulary = 257}).merges() == Merges{{'c', 'd'}});
  CHECK(train_bpe({"aaaaa"}, {}).merges() == Merges{{'a', 'a'}});
}

TEST_CASE("merges stay within words where there are words") {
  const std::vector<std::string> texts = {"x y x y x y x y"};
  const Bpe split = train_bpe(texts, {});
  CHECK(split.merges().size() == 2);
  for (const auto& [left, right] : split.merges()) CHECK(left == ' ');
  const Bpe plain = train_bpe(texts, {.words = false});
  CHECK(plain.encode(texts[0]).size() == 3);
}

TEST_CASE("training stops at min_count, at the vocabulary, and where nothing is left") {
  CHECK(train_bpe({"abababab"}, {.vocabulary = 256}).merges().empty());
  CHECK(train_bpe({"ab"}, {}).merges().empty());
  CHECK(train_bpe({"ab"}, {.min_count = 1}).merges() == Merges{{'a', 'b'}});
  CHECK(train_bpe({"abab"}, {.min_count = 3}).merges().empty());
  CHECK(train_bpe({}, {}).merges().empty());
  CHECK(train_bpe({"", ""}, {}).merges().empty());
  const Bpe special = train_bpe({"abab cdcd"}, {.vocabulary = 258, .special = {"<end>"}});
  CHECK(special.merges().size() == 1);
  CHECK(special.special("<end>") == 257);
  CHECK(special.vocabulary() == 258);
}

TEST_CASE("a long text without words is encoded and trained on, and no token grows beyond the limit") {
  const std::string long_text(300000, 'a');
  const Bpe bpe = train_bpe({long_text}, {.words = false});
  CHECK(bpe.merges().size() == 16);
  const Tokens tokens = bpe.encode(long_text);
  CHECK(tokens.size() < 16);
  CHECK(tokens[0] == 271);
  CHECK(bpe.decode(tokens) == long_text);
}

TEST_CASE("wrong options are Errors") {
  CHECK(fails_with([] { train_bpe({}, {.vocabulary = 255}); }, "the vocabulary is 255 with 0 special"));
  CHECK(fails_with([] { train_bpe({}, {.vocabulary = 256, .special = {"<end>"}}); }, "256 with 1 special"));
  CHECK(fails_with([] { train_bpe({}, {.vocabulary = std::int64_t{1} << 31}); }, "below 2^31"));
  CHECK(fails_with([] { train_bpe({}, {.min_count = 0}); }, "min_count is 0"));
  CHECK(fails_with([] { train_bpe({}, {.special = {""}}); }, "empty"));
}
