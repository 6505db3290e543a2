// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "regimen/core/error.hpp"

namespace regimen {

/// What this thread's caching allocator has done so far.
struct AllocatorStats {
  std::uint64_t requests = 0;            ///< blocks handed out
  std::uint64_t system_allocations = 0;  ///< of these, blocks that came from the system rather than from the cache
  std::uint64_t cached_bytes = 0;        ///< bytes kept for reuse now
};

namespace detail {

/// Free blocks of one thread, one list a size class. Trivially destructible: it may be used while a thread ends.
struct BlockCache {
  static constexpr int classes = 4 * 60;
  struct Free {
    Free* next;
  };
  Free* lists[classes] = {};
  AllocatorStats stats;
  bool closed = false;  // the thread is ending: blocks go straight back to the system
  bool watched = false;
};

inline BlockCache& block_cache() {
  static thread_local constinit BlockCache cache;
  return cache;
}

/// Size classes are 64 bytes times 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, ...: at most a quarter is wasted.
inline int size_class(std::size_t bytes) {
  const std::size_t u = bytes <= 64 ? 0 : (bytes - 1) / 64;
  if (u < 4) return static_cast<int>(u);
  const int p = 63 - __builtin_clzll(u);
  return 4 * (p - 1) + static_cast<int>((u >> (p - 2)) & 3);
}

inline std::size_t class_bytes(int index) {
  if (index < 4) return 64 * static_cast<std::size_t>(index + 1);
  return (static_cast<std::size_t>(index % 4) + 5) << (index / 4 - 1 + 6);
}

inline void release_cached_blocks(BlockCache& cache) {
  for (auto*& list : cache.lists)
    while (list != nullptr) {
      auto* next = list->next;
      ::operator delete (list, std::align_val_t{64});
      list = next;
    }
  cache.stats.cached_bytes = 0;
}

/// Returns this thread's cached blocks when the thread ends.
struct BlockCacheJanitor {
  ~BlockCacheJanitor() {
    block_cache().closed = true;
    release_cached_blocks(block_cache());
  }
};

/// From now on the blocks that this thread keeps go back to the system when it ends.
[[gnu::noinline, gnu::cold]] inline void watch(BlockCache& cache) {
  cache.watched = true;
  static thread_local BlockCacheJanitor janitor;
  static_cast<void>(&janitor);
}

[[gnu::noinline]] inline void* system_block(BlockCache& cache, int index) {
  if (!cache.watched) watch(cache);
  ++cache.stats.system_allocations;
  const std::size_t bytes = class_bytes(index);
  void* const block = ::operator new (bytes, std::align_val_t{64}, std::nothrow);
  if (block == nullptr)
    fail("Tensor", {"no memory for ", bytes, " bytes"}, "use smaller tensors, or release_cached_memory()");
  return block;
}

/// A block of a size class, aligned to 64, from this thread's cache or from the system.
inline void* allocate_class(int index) {
  auto& cache = block_cache();
  ++cache.stats.requests;
  if (auto* block = cache.lists[index]) {
    cache.lists[index] = block->next;
    cache.stats.cached_bytes -= class_bytes(index);
    return block;
  }
  return system_block(cache, index);
}

/// Gives a block of allocate_class(index) to this thread's cache, whichever thread it came from.
inline void deallocate_class(void* block, int index) {
  auto& cache = block_cache();
  if (!cache.watched) watch(cache);  // a thread may free what another allocated, and allocate nothing itself
  if (cache.closed) [[unlikely]] {
    ::operator delete (block, std::align_val_t{64});
    return;
  }
  auto* free = static_cast<BlockCache::Free*>(block);
  free->next = cache.lists[index];
  cache.lists[index] = free;
  cache.stats.cached_bytes += class_bytes(index);
}

/// A block of at least `bytes` bytes; it goes back by deallocate() with the same number.
inline void* allocate(std::size_t bytes) { return allocate_class(size_class(bytes)); }
inline void deallocate(void* block, std::size_t bytes) { deallocate_class(block, size_class(bytes)); }

}  // namespace detail

/// This thread's counts. A training step that repeats earlier shapes leaves system_allocations as it was.
inline AllocatorStats allocator_stats() { return detail::block_cache().stats; }

/// Gives the blocks that this thread keeps for reuse back to the system.
inline void release_cached_memory() { detail::release_cached_blocks(detail::block_cache()); }

}  // namespace regimen
