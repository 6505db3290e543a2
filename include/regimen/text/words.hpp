// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <string_view>

namespace regimen {
namespace detail {

/// 0 for white space, 1 for a letter or a byte of a character beyond ASCII, 2 for a digit, 3 for all else.
inline int kind_of_byte(char byte) {
  const auto c = static_cast<unsigned char>(byte);
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 0;
  if (c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return 1;
  return c >= '0' && c <= '9' ? 2 : 3;
}

}  // namespace detail

/// Calls f(word) for the words of a text, which are together the text: runs of letters, of digits, of other marks, each
/// with the blank before it, and of white space. Much as GPT-2 splits; but every character beyond ASCII is a letter,
/// and contractions ('s) are no words of their own.
template <class F>
void for_each_word(std::string_view text, const F& f) {
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = begin + 1;
    int kind = detail::kind_of_byte(text[begin]);
    if (text[begin] == ' ' && end < text.size() && detail::kind_of_byte(text[end]) != 0)
      kind = detail::kind_of_byte(text[end++]);
    while (end < text.size() && detail::kind_of_byte(text[end]) == kind) ++end;
    if (kind == 0 && end < text.size() && text[end - 1] == ' ') --end;
    f(text.substr(begin, end - begin));
  }
}

}  // namespace regimen
