// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/read/digits.hpp"

#include <algorithm>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

TEST_CASE_TEMPLATE("the digits are 1797 samples of 64 values from 0 to 1, of ten classes", T, float, double) {
  const auto data = digits<T>("examples/data");
  CHECK(data.size() == 1797);
  CHECK(data.inputs.shape() == Shape{1797, 64});
  const auto values = data.inputs.span();
  CHECK(*std::min_element(values.begin(), values.end()) == 0);
  CHECK(*std::max_element(values.begin(), values.end()) == 1);
  CHECK(data.inputs(0, 2) == T(5) / 16);  // the first image, a zero, begins 0 0 5 13 9 1 0 0
  CHECK(data.inputs(0, 3) == T(13) / 16);
  for (std::int64_t i = 0; i < 10; ++i) CHECK(data.labels(i) == i);
  CHECK(std::count(data.labels.span().begin(), data.labels.span().end(), 3) == 183);
}

TEST_CASE("a folder without the digits, or with others, is an Error") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(digits(folder / ""), Error);
  write_bytes(folder / "digits-images.idx3-ubyte", std::string("\0\0\x08\1\0\0\0\1x", 9));
  write_bytes(folder / "digits-labels.idx1-ubyte", std::string("\0\0\x08\1\0\0\0\1\1", 9));
  CHECK(error_of([&] { digits(folder / ""); }).find("images [1] and labels [1]; images [1797, 8, 8]") !=
        std::string::npos);
}
