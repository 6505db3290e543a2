// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/convert.hpp"

#include <limits>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

TEST_CASE("a type holds the integers that it has exactly, and no integer type a fraction") {
  using detail::holds;
  CHECK(holds<float>(std::int64_t{1} << 24));
  CHECK_FALSE(holds<float>((std::int64_t{1} << 24) + 1));
  CHECK(holds<double>(-(std::int64_t{1} << 53)));
  CHECK_FALSE(holds<double>(std::numeric_limits<std::int64_t>::min()));
  CHECK_FALSE(holds<std::uint8_t>(-1));
  CHECK(holds<std::int64_t>(std::uint8_t{255}));
  CHECK_FALSE(holds<std::int64_t>(1.0));
  CHECK(holds<float>(0.1));
}

TEST_CASE("elements are converted part by part, in either byte order") {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 100000; ++i) {
    bytes += static_cast<char>(i >> 8);
    bytes += static_cast<char>(i);
  }
  write_bytes(folder / "f", bytes);
  for (const bool swap : {false, true}) {
    detail::FileReader file(folder / "f", "test");
    const auto x = detail::read_elements<float>(file, {500, 200}, detail::ElementType::u16, swap);
    CHECK(x(1, 3) == (swap ? 203.f : static_cast<float>(203 << 8)));
    CHECK(x(499, 199) == (swap ? static_cast<float>(99999 % 65536) : static_cast<float>(((99999 & 255) << 8) + 134)));
  }
}
