// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/read/csv.hpp"

#include "fuzz/reader.hpp"
#include "regimen/data/read/columns.hpp"

namespace {

/// The first byte chooses among the options, the others are the file.
regimen::CsvOptions options_of(std::uint8_t byte) {
  return {.delimiter = (byte & 1) != 0 ? ';' : ',',
          .header = (byte & 2) != 0,
          .skip = byte >> 2 & 3,
          .missing_as_nan = (byte & 16) != 0};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const regimen::CsvOptions options = options_of(*data);
  return regimen::fuzz::read(data + 1, size - 1, [&](const std::string& path) {
    const auto table = regimen::read_csv<float>(path, options);
    const auto& values = table.values;
    // A field takes no byte but the delimiter or new line before it.
    regimen::fuzz::require(values.rank() == 2 && values.size() > 0 && values.size() <= static_cast<std::int64_t>(size));
    regimen::fuzz::require(!options.header || static_cast<std::int64_t>(table.names.size()) == values.size(1));
    regimen::fuzz::require(regimen::with_labels(values).size() == values.size(0));
  });
}
