// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/atomic_file.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

TEST_CASE("a committed file is there whole, in place of the earlier one") {
  const TemporaryFolder folder;
  for (const std::string text : {"first, longer", "second", ""}) {
    AtomicFile file(folder / "f", "test");
    file.write(text);
    file.commit();
    CHECK(read_bytes(folder / "f") == text);
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("without commit the earlier file stays and nothing is left") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", "earlier");
  {
    AtomicFile file(folder / "f", "test");
    file.write("new");
  }
  CHECK(read_bytes(folder / "f") == "earlier");
  CHECK(folder.count() == 1);
}

TEST_CASE("a failed write leaves the earlier file and removes its own") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", "earlier");
  const pid_t child = ::fork();  // the limit on sizes is the whole process's
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    bool failed = false;
    try {
      AtomicFile file(folder / "f", "test");
      file.write(std::string(10000, 'x'));
      file.commit();
    } catch (const Error& error) {
      failed = std::string(error.what()).find("File too large") != std::string::npos;
    }
    ::_exit(failed ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(read_bytes(folder / "f") == "earlier");
  CHECK(folder.count() == 1);
}

TEST_CASE("a second writer to the same path is refused while the first is at work") {
  const TemporaryFolder folder;
  {
    AtomicFile first(folder / "f", "test");
    first.write("first");
    CHECK_THROWS_WITH_AS(
        AtomicFile(folder / "f", "test"),
        ("test: '" + folder / "f" + "': another writer is at work on it; write to another path").c_str(), Error);
    first.commit();
    AtomicFile second(folder / "f", "test");
    second.write("second");
    CHECK(read_bytes(folder / "f") == "first");
    second.commit();
  }
  CHECK(read_bytes(folder / "f") == "second");
}

TEST_CASE("what a killed writer left is written over") {
  const TemporaryFolder folder;
  write_bytes(folder / "f.partial", "rest of a longer file");
  AtomicFile file(folder / "f", "test");
  file.write("new");
  file.commit();
  CHECK(read_bytes(folder / "f") == "new");
  CHECK(folder.count() == 1);
}

TEST_CASE("a folder that does not exist, or a folder in the file's place, is an Error") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(AtomicFile(folder / "none/f", "test"), Error);
  std::filesystem::create_directories(folder / "f/inner");
  AtomicFile file(folder / "f", "test");
  CHECK_THROWS_AS(file.commit(), Error);
  CHECK(folder.count() == 1);
}
