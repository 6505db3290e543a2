// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/read/idx.hpp"

#include "fuzz/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto most = static_cast<std::int64_t>(size);  // elements that so many bytes can hold
  regimen::fuzz::read(data, size, [&](const std::string& path) {
    regimen::fuzz::require(regimen::read_idx<float>(path).size() <= most);
  });
  return regimen::fuzz::read(data, size, [&](const std::string& path) {
    regimen::fuzz::require(regimen::read_idx<std::int64_t>(path).size() <= most);
  });
}
