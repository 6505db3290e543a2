// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "regimen/core/error.hpp"

/// Files for the tests of readers and writers.
namespace regimen::test {

/// A folder of its own that goes with all its files.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "regimen-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  auto count() const {
    return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// What action() throws, or "no Error".
std::string error_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no Error";
}

/// Whether `read(path)` takes a file with these bytes; otherwise it must throw Error.
bool accepts(const TemporaryFolder& folder, const std::string& bytes, const auto& read) {
  write_bytes(folder / "damaged", bytes);
  try {
    read(folder / "damaged");
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Reads `bytes` cut at every length and longer by some bytes, each of which must be an Error unless `open_ended`, and
/// with each bit flipped and each byte replaced, which must be an Error or a result. Returns how many of the latter
/// were taken: flips within the values are no fault that a format without check sums can show.
int damage(const TemporaryFolder& folder, const std::string& bytes, const auto& read, bool open_ended = false) {
  CHECK(accepts(folder, bytes, read));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const bool taken = accepts(folder, bytes.substr(0, length), read);
    if (!open_ended && taken) FAIL_CHECK("taken, cut to " << length << " bytes");
  }
  for (const char* more : {"\1", "12345678"}) {
    const bool taken = accepts(folder, bytes + more, read);
    if (!open_ended && taken) FAIL_CHECK("taken, with more at the end");
  }
  int taken = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = bytes;
      other[i] = static_cast<char>(other[i] ^ (1 << bit));
      taken += accepts(folder, other, read) ? 1 : 0;
    }
    for (const char value : {'\0', '\x7f', '\xff', '9', '-'}) {
      std::string other = bytes;
      other[i] = value;
      taken += accepts(folder, other, read) ? 1 : 0;
    }
  }
  return taken;
}

}  // namespace regimen::test
