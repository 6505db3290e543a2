// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/file.hpp"

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

TEST_CASE("a file is read in order, up to its end") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", std::string("\1\2\0\0text", 8));
  detail::FileReader file(folder / "f", "test");
  CHECK(file.size() == 8);
  CHECK(file.read<std::uint32_t>("number") == 0x201);
  CHECK(file.remaining() == 4);
  CHECK(file.read_text(4, "text") == "text");
  CHECK(file.read_text(0, "nothing") == "");
  CHECK_THROWS_AS(file.read<char>("more"), Error);
}

TEST_CASE("reading beyond the end is an Error that takes no memory") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", "abc");
  detail::FileReader file(folder / "f", "test");
  file.read<char>("first");
  CHECK(error_of([&] { file.read_text(std::uint64_t{1} << 60, "body"); }) ==
        "test: '" + folder / "f" +
            "': the file ends within its body: 1152921504606846976 bytes at offset 1, and the file has 3; the file is "
            "truncated or corrupt");
  CHECK(file.read_text(2, "body") == "bc");
}

TEST_CASE("a path without a regular file is an Error") {
  const TemporaryFolder folder;
  CHECK(error_of([&] { detail::FileReader(folder / "none", "test"); }) ==
        "test: '" + folder / "none" + "': No such file or directory; check the path");
  CHECK(error_of([&] { detail::FileReader(folder / "", "test"); }).find("not a regular file") != std::string::npos);
}
