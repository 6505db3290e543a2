// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "regimen/core/error.hpp"

namespace regimen::detail {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "the formats of io/ are read and written as they lie in memory");

/// An open file of the system, closed at the end.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  [[gnu::cold]] FileDescriptor& operator=(FileDescriptor other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  [[gnu::cold]] ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }

 private:
  int number_;
};

/// A regular file for reading from its beginning to its end. Every failure is an Error in the name of `operation` with
/// the path, among them reading beyond the end: what a file claims to hold is compared with remaining() before memory
/// is taken for it.
class FileReader {
 public:
  [[gnu::cold]] FileReader(std::string path, const char* operation)
      : path_(std::move(path)), operation_(operation), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status;
    if (!file_.valid() || ::fstat(file_.get(), &status) != 0) fail(std::strerror(errno), "check the path");
    if (!S_ISREG(status.st_mode)) fail("not a regular file", "check the path");
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  const std::string& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  std::uint64_t remaining() const { return size_ - position_; }

  /// The next `bytes` bytes; `what` names them in the Error where there are fewer.
  [[gnu::cold]] void read(void* to, std::uint64_t bytes, const char* what) {
    require(bytes, what);
    auto* out = static_cast<char*>(to);
    while (bytes != 0) {
      const ssize_t got = ::read(file_.get(), out, bytes);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail(std::strerror(errno));
      if (got == 0) fail(std::string("the file ends within its ") + what, "it became shorter while it was read");
      out += got;
      bytes -= static_cast<std::uint64_t>(got);
      position_ += static_cast<std::uint64_t>(got);
    }
  }
  template <class T>
  [[gnu::cold]] T read(const char* what) {
    T value;
    read(&value, sizeof(T), what);
    return value;
  }
  /// The next `bytes` bytes as text.
  [[gnu::cold]] std::string read_text(std::uint64_t bytes, const char* what) {
    require(bytes, what);
    std::string text(bytes, '\0');
    read(text.data(), bytes, what);
    return text;
  }

  [[noreturn, gnu::cold]] void fail(const std::string& problem, std::string remedy = {}) const {
    detail::fail(operation_, {"'", path_, "': ", problem}, std::move(remedy));
  }

 private:
  [[gnu::cold]] void require(std::uint64_t bytes, const char* what) const {
    if (bytes > remaining())
      fail(std::string("the file ends within its ") + what + ": " + std::to_string(bytes) + " bytes at offset " +
               std::to_string(position_) + ", and the file has " + std::to_string(size_),
           "the file is truncated or corrupt");
  }

  std::string path_;
  const char* operation_;
  FileDescriptor file_;
  std::uint64_t size_ = 0, position_ = 0;
};

}  // namespace regimen::detail
