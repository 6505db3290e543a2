// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "regimen/core/error.hpp"

namespace regimen {

struct EncodeOptions {
  bool special = false;  ///< the texts of special tokens become these tokens; leave it off for text from outside
};

namespace detail {

/// Tokens that stand for no text, such as "<end>", and their texts; they are numbered from `first` on.
class SpecialTokens {
 public:
  /// Throws Error for an empty or a repeated text.
  SpecialTokens(const char* operation, std::vector<std::string> texts, std::int64_t first)
      : texts_(std::move(texts)), first_(first) {
    for (auto text = texts_.begin(); text != texts_.end(); ++text) {
      if (text->empty()) fail(operation, "a special token is empty", "give each a text");
      if (std::find(texts_.begin(), text, *text) != text)
        fail(operation, {"the special token '", *text, "' is there twice"}, "their texts must differ");
    }
  }

  std::int64_t size() const { return static_cast<std::int64_t>(texts_.size()); }
  const std::vector<std::string>& texts() const { return texts_; }
  const std::string& text(std::int64_t token) const { return texts_[static_cast<std::size_t>(token - first_)]; }

  std::int64_t token(const char* operation, std::string_view text) const {
    const auto found = std::find(texts_.begin(), texts_.end(), text);
    if (found == texts_.end())
      fail(operation, {"there is no special token '", text, "'"}, "name it when the tokenizer is made");
    return first_ + (found - texts_.begin());
  }

  /// Calls plain(part) and special(token) for the parts of a text in order; of the special tokens that begin at one
  /// place the longest is found. Without options.special all is plain.
  template <class Plain, class Special>
  void split(std::string_view text, const EncodeOptions& options, const Plain& plain, const Special& special) const {
    std::size_t begin = 0;
    for (std::size_t at = 0; options.special && at < text.size();) {
      std::int64_t found = -1;
      std::size_t length = 0;
      for (std::size_t i = 0; i < texts_.size(); ++i)
        if (texts_[i].size() > length && text.substr(at, texts_[i].size()) == texts_[i]) {
          found = first_ + static_cast<std::int64_t>(i);
          length = texts_[i].size();
        }
      if (found < 0) {
        ++at;
        continue;
      }
      if (begin < at) plain(text.substr(begin, at - begin));
      special(found);
      begin = at += length;
    }
    if (begin < text.size()) plain(text.substr(begin));
  }

 private:
  std::vector<std::string> texts_;
  std::int64_t first_;
};

}  // namespace detail
}  // namespace regimen
