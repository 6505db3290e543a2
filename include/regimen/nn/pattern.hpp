// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <string_view>

namespace regimen {

/// Whether a name fits a pattern: `*` stands for any characters, also none and dots, and commas separate alternatives.
/// "*" fits every name, "hidden.*, *.bias" what is inside `hidden` and all biases, "" none.
inline bool matches(std::string_view pattern, std::string_view name) {
  const auto comma = pattern.find(',');
  if (comma != pattern.npos) return matches(pattern.substr(0, comma), name) || matches(pattern.substr(comma + 1), name);
  while (!pattern.empty() && pattern.front() == ' ') pattern.remove_prefix(1);
  while (!pattern.empty() && pattern.back() == ' ') pattern.remove_suffix(1);
  if (pattern.empty()) return false;
  // After a mismatch, the last star takes one character more.
  std::size_t p = 0, n = 0, star = pattern.npos, after = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace regimen
