// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/text/bpe.hpp"
#include "regimen/text/words.hpp"

namespace regimen {

struct TrainBpeOptions {
  std::int64_t vocabulary = 1024;         ///< tokens at most: 256 bytes, merges and special tokens
  std::int64_t min_count = 2;             ///< a pair that is rarer is not merged
  std::vector<std::string> special = {};  ///< texts of special tokens, which are not looked for in the texts
  bool words = true;                      ///< no merge crosses the boundaries of for_each_word()
};

namespace detail {

/// The places of pairs in words, and how often each pair occurs, kept up to date merge by merge.
class BpeTrainer {
 public:
  /// Words and how often each occurs.
  explicit BpeTrainer(const std::vector<std::pair<std::string_view, std::int64_t>>& words) {
    for (const auto& [word, count] : words) {
      tokens_.append_word(word);
      counts_.resize(static_cast<std::size_t>(tokens_.size()), count);
    }
    for (std::int64_t at = 0; at < tokens_.size(); ++at) add(at);
    for (const auto& [key, pair] : pairs_) queue_.push({pair.count, ~key});
  }

  /// Merges the most frequent pair, of equal ones that of the lowest left and then right token, and returns it; false
  /// where none is as frequent as `least`.
  bool next(std::int64_t least, BpeMerge& merge) {
    while (!queue_.empty()) {
      const auto [count, key] = Candidate{queue_.top().first, ~queue_.top().second};
      queue_.pop();
      const auto found = pairs_.find(key);
      if (found == pairs_.end()) continue;
      Pair& pair = found->second;
      if (pair.count != count) {
        if (pair.count > 0) queue_.push({pair.count, ~key});  // counts only fell since it was queued
        continue;
      }
      if (count < least) return false;
      merge = {static_cast<std::int64_t>(key >> 32), static_cast<std::int64_t>(key & 0xFFFFFFFF)};
      const std::int64_t length = length_of(merge.left) + length_of(merge.right);
      if (length > Bpe::longest_token) continue;
      lengths_.push_back(length);
      apply(merge, std::exchange(pair, {}).places);
      return true;
    }
    return false;
  }

 private:
  using Candidate = std::pair<std::int64_t, std::uint64_t>;  // count and complement of the key

  struct Pair {
    std::int64_t count = 0;
    std::vector<std::int64_t> places = {};  // ascending; some may be gone
  };

  std::int64_t length_of(std::int64_t token) const {
    return token < 256 ? 1 : lengths_[static_cast<std::size_t>(token - 256)];
  }

  /// Counts the pair that begins at a place, if there is one.
  void add(std::int64_t at) {
    if (at < 0 || tokens_.next(at) < 0) return;
    const std::uint64_t key = pair_key(tokens_.token(at), tokens_.token(tokens_.next(at)));
    Pair& pair = pairs_[key];
    if (pair.count == 0) fresh_.push_back(key);
    pair.count += counts_[static_cast<std::size_t>(at)];
    pair.places.push_back(at);
  }
  void remove(std::int64_t at) {
    if (at < 0 || tokens_.next(at) < 0) return;
    pairs_[pair_key(tokens_.token(at), tokens_.token(tokens_.next(at)))].count -= counts_[static_cast<std::size_t>(at)];
  }

  void apply(const BpeMerge& merge, const std::vector<std::int64_t>& places) {
    const std::int64_t made = 255 + static_cast<std::int64_t>(lengths_.size());
    fresh_.clear();
    for (const std::int64_t at : places) {
      if (!tokens_.is_pair(at, merge)) continue;
      remove(tokens_.previous(at));
      remove(tokens_.next(at));
      tokens_.merge(at, made);
      add(tokens_.previous(at));
      add(at);
    }
    pairs_.erase(pair_key(merge.left, merge.right));
    for (const std::uint64_t key : fresh_)
      if (const std::int64_t count = pairs_[key].count; count > 0) queue_.push({count, ~key});
  }

  LinkedTokens tokens_;
  std::vector<std::int64_t> counts_;   // of the word of each place
  std::vector<std::int64_t> lengths_;  // in bytes, of the merges
  std::unordered_map<std::uint64_t, Pair> pairs_;
  std::priority_queue<Candidate> queue_;
  std::vector<std::uint64_t> fresh_;  // pairs that were counted from 0 on
};

}  // namespace detail

/// A Bpe whose merges are, one after the other, the most frequent pair of neighbours in the texts as merged so far; of
/// equally frequent ones that of the lowest left and then right token. Fewer than asked for where no pair occurs
/// min_count times any more. Counts are updated where a merge changes them, so the time is about that of sorting the
/// texts. Throws Error for a vocabulary without room for bytes and special tokens or beyond 2^31, min_count < 1, and
/// for special tokens as Bpe does.
inline Bpe train_bpe(const std::vector<std::string>& texts, const TrainBpeOptions& options = {}) {
  const std::int64_t merges = options.vocabulary - 256 - static_cast<std::int64_t>(options.special.size());
  if (merges < 0 || options.vocabulary > std::numeric_limits<std::int32_t>::max())
    detail::fail("train_bpe",
                 {"the vocabulary is ", options.vocabulary, " with ", options.special.size(), " special tokens"},
                 "it has room for 256 bytes and the special tokens, and is below 2^31");
  if (options.min_count < 1) detail::fail("train_bpe", {"min_count is ", options.min_count}, "it is at least 1");
  const Bpe checked({}, options.special);

  std::vector<std::pair<std::string_view, std::int64_t>> words;
  std::unordered_map<std::string_view, std::size_t> numbers;
  const auto count = [&](std::string_view word) {
    const auto [found, fresh] = numbers.emplace(word, words.size());
    if (fresh) words.emplace_back(word, 0);
    ++words[found->second].second;
  };
  for (const std::string& text : texts) {
    if (options.words)
      for_each_word(text, count);
    else
      count(text);
  }
  detail::BpeTrainer trainer(words);
  std::vector<BpeMerge> result;
  for (BpeMerge merge; static_cast<std::int64_t>(result.size()) < merges && trainer.next(options.min_count, merge);)
    result.push_back(merge);
  return Bpe(std::move(result), options.special, options.words);
}

}  // namespace regimen
