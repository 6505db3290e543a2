// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <sys/file.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/io/file.hpp"

namespace regimen {

/// A file that appears whole or not at all: it is written beside its path as PATH.partial, and commit() brings it to
/// disk and gives it its name, in place of an earlier file. Without commit() the earlier file stays as it was, whatever
/// fails and whenever the process or the machine stops. Every failure is an Error in the name of `operation`, also that
/// another AtomicFile, in this or another process, is writing to the same path.
///
///   AtomicFile file("model.bin", "save");
///   file.write(bytes);
///   file.commit();
class AtomicFile {
 public:
  [[gnu::cold]] AtomicFile(std::string path, const char* operation)
      : path_(std::move(path)), partial_(path_ + ".partial"), operation_(operation) {
    struct stat mine, named;
    do {  // until the locked file is the one of that name: a writer that was first may have renamed it meanwhile
      file_ = detail::FileDescriptor(::open(partial_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
      if (!file_.valid()) fail();
      if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        detail::fail(operation_, {"'", path_, "': another writer is at work on it"}, "write to another path");
      if (::fstat(file_.get(), &mine) != 0) fail();
    } while (::stat(partial_.c_str(), &named) != 0 || mine.st_ino != named.st_ino || mine.st_dev != named.st_dev);
    locked_ = true;
    if (::ftruncate(file_.get(), 0) != 0) fail();
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() { discard(); }

  [[gnu::cold]] void write(const void* from, std::size_t bytes) {
    const auto* in = static_cast<const char*>(from);
    while (bytes != 0) {
      const ssize_t put = ::write(file_.get(), in, bytes);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail();
      in += put;
      bytes -= static_cast<std::size_t>(put);
    }
  }
  void write(std::string_view text) { write(text.data(), text.size()); }

  [[gnu::cold]] void commit() {
    if (::fsync(file_.get()) != 0) fail();
    if (std::rename(partial_.c_str(), path_.c_str()) != 0) fail();
    locked_ = false;
    file_ = detail::FileDescriptor(-1);
    const auto slash = path_.rfind('/');
    const std::string folder = slash == path_.npos ? "." : path_.substr(0, slash + 1);
    const detail::FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems do not sync folders and say so by EINVAL.
    if (!directory.valid() || (::fsync(directory.get()) != 0 && errno != EINVAL)) fail();
  }

 private:
  [[gnu::cold]] void discard() {
    if (locked_) ::unlink(partial_.c_str());
    locked_ = false;
  }

  [[noreturn, gnu::cold]] void fail() {
    const std::string reason = std::strerror(errno);
    discard();
    detail::fail(operation_, {"'", path_, "': ", reason}, "check the folder and its free space");
  }

  std::string path_, partial_;
  const char* operation_;
  detail::FileDescriptor file_{-1};
  bool locked_ = false;  // partial_ is ours
};

}  // namespace regimen
