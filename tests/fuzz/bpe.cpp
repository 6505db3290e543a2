// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/bpe.hpp"

#include <algorithm>

#include "fuzz/reader.hpp"

/// What can be read encodes every text so that it comes back, its own bytes among them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return regimen::fuzz::read(data, size, [&](const std::string& path) {
    regimen::Bpe bpe;
    bpe.load(path);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const bool special : {false, true}) {
      const auto tokens = bpe.encode(text, {.special = special});
      regimen::fuzz::require(tokens.size() <= size && bpe.decode(tokens) == text);
    }
    std::vector<std::int64_t> first;
    for (std::int64_t token = 0; token < std::min<std::int64_t>(bpe.vocabulary(), 300); ++token) first.push_back(token);
    regimen::fuzz::require(bpe.decode(first).size() >= first.size());
  });
}
