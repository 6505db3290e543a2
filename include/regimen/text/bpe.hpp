// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/io/atomic_file.hpp"
#include "regimen/io/file.hpp"
#include "regimen/io/json.hpp"
#include "regimen/text/special_tokens.hpp"
#include "regimen/text/words.hpp"

namespace regimen {

/// Two tokens that become one.
struct BpeMerge {
  std::int64_t left = 0, right = 0;
  friend bool operator==(const BpeMerge&, const BpeMerge&) = default;
};

namespace detail {

/// A pair of tokens below 2^31 as a key.
inline std::uint64_t pair_key(std::int64_t left, std::int64_t right) {
  return static_cast<std::uint64_t>(left) << 32 | static_cast<std::uint64_t>(right);
}

/// The tokens of words in a row, linked within each word, so that two neighbours become one in constant time.
class LinkedTokens {
 public:
  void append_word(std::string_view word) {
    for (std::size_t i = 0; i < word.size(); ++i)
      nodes_.push_back(
          {static_cast<unsigned char>(word[i]), i == 0 ? -1 : size() - 1, i + 1 == word.size() ? -1 : size() + 1});
  }
  std::int64_t size() const { return static_cast<std::int64_t>(nodes_.size()); }
  /// The token at a place, -1 where it went into the one before.
  std::int64_t token(std::int64_t at) const { return nodes_[static_cast<std::size_t>(at)].token; }
  /// The places of the neighbours in the word, or -1.
  std::int64_t previous(std::int64_t at) const { return nodes_[static_cast<std::size_t>(at)].previous; }
  std::int64_t next(std::int64_t at) const { return nodes_[static_cast<std::size_t>(at)].next; }
  bool is_pair(std::int64_t at, const BpeMerge& pair) const {
    return token(at) == pair.left && next(at) >= 0 && token(next(at)) == pair.right;
  }
  /// Makes `merged` of the tokens at a place and after it.
  void merge(std::int64_t at, std::int64_t merged) {
    const std::int64_t removed = next(at), after = next(removed);
    nodes_[static_cast<std::size_t>(at)].token = merged;
    nodes_[static_cast<std::size_t>(at)].next = after;
    nodes_[static_cast<std::size_t>(removed)].token = -1;
    if (after >= 0) nodes_[static_cast<std::size_t>(after)].previous = at;
  }

 private:
  struct Node {
    std::int64_t token, previous, next;
  };
  std::vector<Node> nodes_;
};

}  // namespace detail

/// Byte-level byte-pair encoding: tokens 0 to 255 are bytes, 256 + i is the pair of tokens merges[i], and special
/// tokens follow. Every text has an encoding, and decode(encode(text)) is the text. train_bpe() makes one:
///
///   const Bpe bpe = train_bpe({text}, {.vocabulary = 1024, .special = {"<end>"}});
///   bpe.save("bpe.json");
///   const auto tokens = bpe.encode("more text");
///
/// Sources: Sennrich et al. (2016), Neural machine translation of rare words with subword units; on bytes: Radford et
/// al. (2019), Language models are unsupervised multitask learners.
class Bpe {
 public:
  /// The most bytes that a token may have.
  static constexpr std::int64_t longest_token = 1 << 16;

  /// Without merges: bytes.
  Bpe() : Bpe(std::vector<BpeMerge>{}) {}

  /// With `words` no merge crosses the boundaries of for_each_word(). Throws Error for a merge of tokens that are not
  /// there before it, one that is there twice, a token longer than longest_token, and a special token that is empty or
  /// there twice.
  explicit Bpe(std::vector<BpeMerge> merges, std::vector<std::string> special = {}, bool words = true)
      : merges_(std::move(merges)), words_(words), special_("Bpe", std::move(special), 256 + count()) {
    std::vector<std::int64_t> length(256, 1);
    for (const auto& [left, right] : merges_) {
      const auto made = static_cast<std::int64_t>(length.size()), i = made - 256;
      if (left < 0 || right < 0 || left >= made || right >= made)
        detail::fail("Bpe",
                     {"merge ", i, " is of tokens ", left, " and ", right, ", and there are ", made, " before it"},
                     "a merge is of bytes and of earlier merges");
      if (!ranks_.emplace(detail::pair_key(left, right), i).second)
        detail::fail("Bpe", {"merge ", i, " of tokens ", left, " and ", right, " is there twice"},
                     "the merges are damaged");
      length.push_back(length[static_cast<std::size_t>(left)] + length[static_cast<std::size_t>(right)]);
      if (length.back() > longest_token)
        detail::fail("Bpe", {"the token of merge ", i, " has ", length.back(), " bytes"},
                     {"a token has at most ", longest_token});
    }
  }

  const std::vector<BpeMerge>& merges() const { return merges_; }

  /// Number of tokens: 256, the merges and the special tokens.
  std::int64_t vocabulary() const { return 256 + count() + special_.size(); }

  /// The token of a special token's text. Throws Error where there is none.
  std::int64_t special(std::string_view text) const { return special_.token("Bpe::special", text); }

  /// The tokens of a text: in each word the merges are done in their order, each from left to right. Time
  /// O(n log n) for words of n bytes.
  std::vector<std::int64_t> encode(std::string_view text, const EncodeOptions& options = {}) const {
    std::vector<std::int64_t> tokens;
    special_.split(
        text, options,
        [&](std::string_view part) {
          if (!words_) return encode_word(part, tokens);
          std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> seen;  // words and where they are
          for_each_word(part, [&](std::string_view word) {
            const auto [found, fresh] = seen.emplace(word, std::pair(tokens.size(), tokens.size()));
            auto& [begin, end] = found->second;
            if (!fresh) {
              for (std::size_t i = begin; i < end; ++i) tokens.push_back(tokens[i]);
              return;
            }
            encode_word(word, tokens);
            end = tokens.size();
          });
        },
        [&](std::int64_t token) { tokens.push_back(token); });
    return tokens;
  }

  /// The text of tokens, special ones by their texts; of tokens that were not encoded it may not be UTF-8. Throws Error
  /// for a token outside [0, vocabulary).
  std::string decode(std::span<const std::int64_t> tokens) const {
    std::string text;
    std::vector<std::int64_t> open;
    for (const std::int64_t token : tokens) {
      if (token < 0 || token >= vocabulary())
        detail::fail("Bpe::decode", {"token ", token, " of a vocabulary of ", vocabulary()},
                     "tokens are in [0, vocabulary)");
      if (token >= 256 + count()) {
        text += special_.text(token);
        continue;
      }
      for (open.push_back(token); !open.empty();) {
        const std::int64_t part = open.back();
        open.pop_back();
        if (part < 256) {
          text += static_cast<char>(part);
          continue;
        }
        open.push_back(merges_[static_cast<std::size_t>(part - 256)].right);
        open.push_back(merges_[static_cast<std::size_t>(part - 256)].left);
      }
    }
    return text;
  }

  /// Writes a JSON file: {"regimen.bpe": 1, "words": true, "special": ["<end>"], "merges": [[104, 101], ...]}. Throws
  /// Error where it cannot be written, and where a special token is not UTF-8; an earlier file then stays.
  void save(const std::string& path) const {
    std::string text = std::string("{\"regimen.bpe\":1,\"words\":") + (words_ ? "true" : "false") + ",\"special\":[";
    for (const std::string& special : special_.texts()) {
      if (text.back() != '[') text += ',';
      text += detail::json_text(special, "Bpe::save");
    }
    text += "],\"merges\":[";
    for (const auto& [left, right] : merges_) {
      if (text.back() != '[') text += ',';
      text += detail::text({"\n[", left, ",", right, "]"});
    }
    text += "]}\n";
    AtomicFile file(path, "Bpe::save");
    file.write(text);
    file.commit();
  }

  /// Becomes what a file holds. Throws Error, and stays as it was, where the file cannot be read, or is no such file.
  void load(const std::string& path) {
    detail::FileReader file(path, "Bpe::load");
    const auto document = detail::parse_json(file.read_text(file.remaining(), "text"), 3, "Bpe::load", path);
    const auto member = [&](const char* name) -> const rapidjson::Value& {
      if (document.IsObject() && document.MemberCount() == 4)
        if (const auto found = document.FindMember(name); found != document.MemberEnd()) return found->value;
      file.fail(std::string("not an object of four members, one of them '") + name + "'", "it is no file of Bpe::save");
    };
    const auto require = [&](bool right, const char* problem) {
      if (!right) file.fail(problem, "the file is corrupt or of another kind");
    };
    const auto &version = member("regimen.bpe"), &words = member("words"), &special = member("special"),
               &merges = member("merges");
    require(version.IsInt64() && version.GetInt64() == 1, "the version is not 1");
    require(words.IsBool(), "'words' is no truth value");
    require(special.IsArray() && merges.IsArray(), "'special' or 'merges' is no list");
    std::vector<std::string> texts;
    for (const auto& text : special.GetArray()) {
      require(text.IsString(), "a special token is no text");
      texts.emplace_back(detail::json_view(text));
    }
    std::vector<BpeMerge> pairs;
    for (const auto& pair : merges.GetArray()) {
      require(pair.IsArray() && pair.Size() == 2 && pair[0].IsInt64() && pair[1].IsInt64(),
              "a merge is no pair of integers");
      pairs.push_back({pair[0].GetInt64(), pair[1].GetInt64()});
    }
    try {
      *this = Bpe(std::move(pairs), std::move(texts), words.GetBool());
    } catch (const Error& error) {
      file.fail(error.problem(), "the file is corrupt");
    }
  }

 private:
  std::int64_t count() const { return static_cast<std::int64_t>(merges_.size()); }

  void encode_word(std::string_view word, std::vector<std::int64_t>& tokens) const {
    detail::LinkedTokens parts;
    parts.append_word(word);
    using Candidate = std::pair<std::int64_t, std::int64_t>;  // rank and place
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto consider = [&](std::int64_t at) {
      if (at < 0 || parts.next(at) < 0) return;
      const auto found = ranks_.find(detail::pair_key(parts.token(at), parts.token(parts.next(at))));
      if (found != ranks_.end()) queue.emplace(found->second, at);
    };
    for (std::int64_t at = 0; at < parts.size(); ++at) consider(at);
    while (!queue.empty()) {
      const auto [rank, at] = queue.top();
      queue.pop();
      if (!parts.is_pair(at, merges_[static_cast<std::size_t>(rank)])) continue;
      parts.merge(at, 256 + rank);
      consider(parts.previous(at));
      consider(at);
    }
    for (std::int64_t at = word.empty() ? -1 : 0; at >= 0; at = parts.next(at)) tokens.push_back(parts.token(at));
  }

  std::vector<BpeMerge> merges_;
  bool words_;
  detail::SpecialTokens special_;
  std::unordered_map<std::uint64_t, std::int64_t> ranks_;  // of the merges, by their pairs
};

}  // namespace regimen
