// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// What engine.cpp, runtime.cpp and race.cpp share.

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "fiber.hpp"
#include "simt/simt.hpp"

namespace simt::detail {

enum class State : std::uint8_t { fresh, ready, running, barrier, collective, grid_barrier, done };

struct Block;
struct Warp;

/// cp.async: a copy that has been issued and not yet waited for.
struct AsyncCopy {
  void* to;
  const void* from;
  std::size_t bytes, zeros;
  unsigned batch;
};

struct alignas(64) Thread {
  uint3 index{};
  unsigned linear = 0;
  State state = State::fresh;
  std::uint32_t mask = 0;
  const char* what = "";  // the collective that it waits in
  Location here;
  Lane lane;
  Barrier result{};
  Fiber* fiber = nullptr;
  Block* block = nullptr;
  Warp* warp = nullptr;
  std::vector<AsyncCopy> copies;
  unsigned batch = 0;
  // race check
  std::uint32_t fenced = 0, acquired = 0;
  unsigned lane_index() const { return linear & 31; }
};

struct Warp {
  Thread* threads = nullptr;  // lane 0
  std::uint32_t existing = 0, exited = 0, waiting = 0;
  unsigned epoch = 0;  // full __syncwarps passed
  /// For the race check, where part of the warp has met: up to when a lane knows what another has done.
  using Known = std::array<std::array<std::uint32_t, 32>, 32>;
  std::unique_ptr<Known> known;
};

struct SharedVariable {
  const void* key;
  char* data;
  std::size_t bytes;
};

struct Block {
  uint3 index{};
  unsigned serial = 0;
  Thread* threads = nullptr;
  Warp* warps = nullptr;
  unsigned count = 0, alive = 0, arrived = 0;
  unsigned epoch = 0;  // barriers passed
  Barrier sum{0, 1, 0};
  Location here;
  char* arena = nullptr;
  std::size_t arena_used = 0, shared_bytes = 0;
  std::vector<SharedVariable> variables;  // the first is the dynamic one
};

inline constexpr std::size_t arena_bytes = 512 * 1024;
inline constexpr std::size_t red_zone = 128;

/// An OS thread that runs blocks.
struct Worker;
extern constinit thread_local Worker* worker;
extern constinit thread_local Thread* current;

/// "kernel NAME, block (0,0,0), thread (3,0,0), file:line: what"
std::string describe(const Launch& launch, const Thread& thread, Location here, const std::string& what);
const Launch& current_launch();
const Fiber& current_fiber();
unsigned grid_epoch();
bool in_shared(const char* p);

/// Runs a launch here and now; throws Error.
void run_launch(const Launch& launch);

/// Device memory (runtime.cpp).
struct Heap {
  char *low = nullptr, *high = nullptr;
};
const Heap& heap();
Heap device_block(const void* p);  // the last live block that starts at or before p
bool pinned_on_host(const void* p, std::size_t bytes);

/// Race check (race.cpp). `instrumented` is set before main where a unit was compiled for it.
extern bool instrumented;
void race_launch_begin(const Launch& launch);
std::string race_launch_end();  // what was found
void race_block_begin(Block& block);
void race_fence();
void race_syncwarp(Warp& warp, std::uint32_t mask);
void race_note(const void* p, std::size_t bytes, bool write, const void* caller);

}  // namespace simt::detail
