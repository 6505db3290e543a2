// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/state_file.hpp"

#include "fuzz/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return regimen::fuzz::read(data, size, [&](const std::string& path) {
    const regimen::State state = regimen::read_state(path);
    for (const auto& entry : state.entries()) regimen::fuzz::require(state.contains(entry.name));
  });
}
