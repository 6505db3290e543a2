// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/reference_count.hpp"

#include <doctest/doctest.h>

#include <thread>

TEST_CASE("one caller in all gives up the last reference") {
  regimen::detail::ReferenceCount count(1);
  int last[2] = {0, 0};
  for (int i = 0; i < 19999; ++i) count.increment();
  std::thread other([&] {
    for (int i = 0; i < 10000; ++i) last[0] += count.decrement();
  });
  for (int i = 0; i < 10000; ++i) last[1] += count.decrement();
  other.join();
  CHECK(last[0] + last[1] == 1);
  CHECK(count.get() == 0);
}
