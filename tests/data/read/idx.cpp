// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/read/idx.hpp"

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

/// A file of rank 1 with one element of a type.
std::string one(char type, const std::string& element) {
  return std::string("\0\0", 2) + type + std::string("\1\0\0\0\1", 5) + element;
}

}  // namespace

TEST_CASE("every element type is read, big-endian") {
  const TemporaryFolder folder;
  const auto read = [&](char type, const std::string& element) {
    write_bytes(folder / "f", one(type, element));
    return read_idx<double>(folder / "f").item();
  };
  CHECK(read(0x08, "\xfe") == 254);
  CHECK(read(0x09, "\xfe") == -2);
  CHECK(read(0x0B, "\xff\x02") == -254);
  CHECK(read(0x0C, std::string("\0\1\0\2", 4)) == 65538);
  CHECK(read(0x0D, std::string("\x3f\xc0\0\0", 4)) == 1.5);
  CHECK(read(0x0E, std::string("\x3f\xf8\0\0\0\0\0\0", 8)) == 1.5);
}

TEST_CASE("sizes are big-endian, outermost first") {
  const TemporaryFolder folder;
  std::string bytes("\0\0\x08\2\0\0\1\1\0\0\0\2", 12);
  for (int i = 0; i < 514; ++i) bytes += static_cast<char>(i);
  write_bytes(folder / "f", bytes);
  const auto x = read_idx<std::int64_t>(folder / "f");
  CHECK(x.shape() == Shape{257, 2});
  CHECK(x(1, 0) == 2);
  CHECK(read_idx<std::uint8_t>(folder / "f")(256, 1) == 1);
}

TEST_CASE("values that the tensor's type lacks are an Error") {
  const TemporaryFolder folder;
  write_bytes(folder / "f", one(0x0C, std::string("\1\0\0\1", 4)));
  CHECK(error_of([&] { read_idx<float>(folder / "f"); }) ==
        "read_idx: '" + folder / "f" +
            "': element 0 is 16777217, which the tensor's type lacks; read it as another type");
  write_bytes(folder / "f", one(0x0D, std::string("\x3f\x80\0\0", 4)));
  CHECK_THROWS_AS(read_idx<std::int64_t>(folder / "f"), Error);
}

TEST_CASE("a damaged file is an Error or a whole tensor") {
  const TemporaryFolder folder;
  damage(folder, std::string("\0\0\x0D\2\0\0\0\2\0\0\0\1\1\2\3\4\5\6\7\x08", 20), [](const std::string& path) {
    if (read_idx(path).size() > 8) FAIL_CHECK("more elements than the file has");
  });
}

TEST_CASE("a file that is no such array is an Error that says what is wrong") {
  const TemporaryFolder folder;
  const auto contains = [&](const std::string& bytes, const char* part) {
    write_bytes(folder / "f", bytes);
    const std::string message = error_of([&] { read_idx(folder / "f"); });
    INFO(message);
    CHECK(message.find(part) != std::string::npos);
  };
  contains("", "within its magic number");
  contains("\x1f\x8b\x08", "decompress it with gunzip");
  contains("text", "does not begin as an IDX file");
  contains(one(0x0A, "1"), "element type 10");
  contains(std::string("\0\0\x08\0", 4), "rank 0");
  contains(std::string("\0\0\x08\x09", 4), "rank 9");
  contains(one(0x08, ""), "shape [1] does not fit the 0 bytes");
  contains(one(0x08, "12"), "does not fit the 2 bytes");
  contains(std::string("\0\0\x08\2", 4) + std::string(7, '\xff'), "within its sizes");
  contains(std::string("\0\0\x08\1", 4) + std::string(4, '\xff'), "shape [4294967295] does not fit");
  contains(std::string("\0\0\x08\2", 4) + std::string(8, '\xff'), "too many elements");
  contains(std::string("\0\0\x0E\2\x7f\xff\xff\xff\x7f\xff\xff\xff", 12), "does not fit the 0 bytes");
}
