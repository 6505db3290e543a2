// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/text/special_tokens.hpp"

namespace regimen {

/// Bytes as tokens 0 to 255, and special tokens from 256 on.
///
///   const ByteTokenizer tokenizer({"<end>"});
///   auto tokens = tokenizer.encode("text");
///   tokens.push_back(tokenizer.special("<end>"));  // 256
class ByteTokenizer {
 public:
  /// Throws Error for a special token that is empty or there twice.
  explicit ByteTokenizer(std::vector<std::string> special = {}) : special_("ByteTokenizer", std::move(special), 256) {}

  /// Number of tokens.
  std::int64_t vocabulary() const { return 256 + special_.size(); }

  /// The token of a special token's text. Throws Error where there is none.
  std::int64_t special(std::string_view text) const { return special_.token("ByteTokenizer::special", text); }

  std::vector<std::int64_t> encode(std::string_view text, const EncodeOptions& options = {}) const {
    std::vector<std::int64_t> tokens;
    tokens.reserve(text.size());
    special_.split(
        text, options,
        [&](std::string_view part) {
          for (const char c : part) tokens.push_back(static_cast<unsigned char>(c));
        },
        [&](std::int64_t token) { tokens.push_back(token); });
    return tokens;
  }

  /// The text of tokens, special ones by their texts. Throws Error for a token outside [0, vocabulary).
  std::string decode(std::span<const std::int64_t> tokens) const {
    std::string text;
    for (const std::int64_t token : tokens) {
      if (token < 0 || token >= vocabulary())
        detail::fail("ByteTokenizer::decode", {"token ", token, " of a vocabulary of ", vocabulary()},
                     "tokens are in [0, vocabulary)");
      if (token < 256)
        text += static_cast<char>(token);
      else
        text += special_.text(token);
    }
    return text;
  }

 private:
  detail::SpecialTokens special_;
};

}  // namespace regimen
