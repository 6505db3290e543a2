// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "regimen/core/error.hpp"

/// What the fuzz targets share: each gives a reader a file with the fuzzer's bytes. The reader may throw Error and
/// nothing else; run() in a target is what libFuzzer calls.
namespace regimen::fuzz {

/// A regular file that lies in memory and has a path. One for the whole process: its content is replaced.
class MemoryFile {
 public:
  MemoryFile() : number_(::memfd_create("fuzz", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(number_)) {
    if (number_ < 0) std::abort();
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(number_); }

  const std::string& holding(std::string_view bytes) {
    if (::ftruncate(number_, 0) != 0 ||
        ::pwrite(number_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
      std::abort();
    return path_;
  }

 private:
  int number_;
  std::string path_;
};

/// Aborts, which the fuzzer reports, where a fact about a result does not hold.
inline void require(bool fact) {
  if (!fact) std::abort();
}

/// use(path) of a file with these bytes.
template <class Use>
int read(const std::uint8_t* data, std::size_t size, const Use& use) {
  static MemoryFile file;
  try {
    use(file.holding({reinterpret_cast<const char*>(data), size}));
  } catch (const Error& error) {
    require(!error.operation().empty() && !error.problem().empty());
  }
  return 0;
}

}  // namespace regimen::fuzz
