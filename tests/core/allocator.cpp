// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/allocator.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace regimen;

TEST_CASE("every size class holds its sizes and wastes at most a quarter above 512 bytes") {
  for (std::size_t bytes = 1; bytes < (std::size_t{1} << 20); bytes += 37) {
    const std::size_t given = detail::class_bytes(detail::size_class(bytes));
    REQUIRE(given >= bytes);
    if (bytes > 512) REQUIRE(given <= bytes + bytes / 4 + 64);
    REQUIRE(detail::size_class(given) == detail::size_class(bytes));
  }
}

TEST_CASE("a freed block is handed out again without the system") {
  void* first = detail::allocate(1000);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % 64 == 0);
  detail::deallocate(first, 1000);
  const auto before = allocator_stats();
  void* second = detail::allocate(990);
  CHECK(second == first);
  CHECK(allocator_stats().system_allocations == before.system_allocations);
  CHECK(allocator_stats().requests == before.requests + 1);
  detail::deallocate(second, 990);
  CHECK(allocator_stats().cached_bytes == before.cached_bytes);
  release_cached_memory();
  CHECK(allocator_stats().cached_bytes == 0);
}

TEST_CASE("a block may be freed on another thread") {
  void* block = detail::allocate(4096);
  std::uint64_t cached = 0;
  std::thread([&] {
    detail::deallocate(block, 4096);
    cached = allocator_stats().cached_bytes;
  }).join();
  CHECK(cached == 4096);
}
