// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/scratch.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE("little scratch memory is on the stack, more comes from the cache and goes back") {
  const auto before = allocator_stats().requests;
  {
    const kernel::Scratch<float> little(128);
    little.data()[127] = 1;
  }
  CHECK(allocator_stats().requests == before);
  const auto cached = allocator_stats().cached_bytes;
  for (int i = 0; i < 2; ++i) {
    const kernel::Scratch<float> much(100000);
    CHECK(reinterpret_cast<std::uintptr_t>(much.data()) % 64 == 0);
    much.data()[99999] = 1;
  }
  CHECK(allocator_stats().requests == before + 2);
  CHECK(allocator_stats().cached_bytes >= cached + 400000);
}
