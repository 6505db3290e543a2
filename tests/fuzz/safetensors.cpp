// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/safetensors.hpp"

#include "fuzz/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return regimen::fuzz::read(data, size, [&](const std::string& path) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : regimen::read_safetensors(path).tensors)
      std::visit([&](const auto& tensor) { bytes += tensor.span().size_bytes(); }, value);
    regimen::fuzz::require(bytes < size);
  });
}
