// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// The scheduler of one OS thread, for engine.cpp alone.

#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

#include "engine.hpp"

namespace simt::detail {

inline constexpr std::size_t stack_bytes = 256 * 1024;  // reserved; what a thread does not touch costs nothing
inline constexpr std::size_t page = 4096;

void fiber_main();

inline std::string triple(uint3 v) {
  return "(" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + ")";
}
inline std::string place(Location here) { return std::string(here.file) + ":" + std::to_string(here.line); }
inline bool same(const char* a, const char* b) { return a == b || std::strcmp(a, b) == 0; }
inline bool same(Location a, Location b) { return a.line == b.line && same(a.file, b.file); }

inline std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/// An OS thread that runs blocks: fibers, the queue of those that can go on, and the blocks at hand.
struct Worker {
  struct Failed {};

  Fiber main;
  std::vector<std::unique_ptr<Fiber>> fibers;
  Fiber* free = nullptr;
  struct Entry {
    Thread* thread;
    std::uint64_t priority;
  };
  std::vector<Entry> queue;  // a ring
  std::size_t head = 0, queued = 0;
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  std::vector<Block> blocks;
  char* arenas = nullptr;
  std::size_t arena_count = 0;
  const Launch* launch = nullptr;
  std::size_t alive = 0, at_grid_barrier = 0;
  unsigned grid_epoch = 0, block_count = 0;
  std::uint64_t random = 1, salt = 0;
  unsigned style = 0;
  Order order = Order::forward;
  bool from_main = false, failed = false;
  std::string failure;

  std::vector<char> signal_stack;  // on which an overflow of a thread's stack can be told

  Worker() {
    stack_t old{};
    if (sigaltstack(nullptr, &old) != 0 || (old.ss_flags & SS_DISABLE) == 0) return;
    signal_stack.resize(64 * 1024);
    stack_t own{};
    own.ss_sp = signal_stack.data();
    own.ss_size = signal_stack.size();
    sigaltstack(&own, nullptr);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (!signal_stack.empty()) {
      stack_t none{};
      none.ss_flags = SS_DISABLE;
      sigaltstack(&none, nullptr);
    }
    for (auto& fiber : fibers) {
#if SIMT_ASAN
      __asan_unpoison_memory_region(fiber->low, fiber->bytes);
#endif
      munmap(fiber->low - page, fiber->bytes + page);
    }
    drop_arenas();
  }
  void drop_arenas() {
    if (arenas == nullptr) return;
#if SIMT_ASAN
    __asan_unpoison_memory_region(arenas, arena_count * arena_bytes);
#endif
    munmap(arenas, arena_count * arena_bytes);
  }

  std::uint64_t next_random() { return mix(random += 0x9E3779B97F4A7C15u); }
  Entry& slot(std::size_t i) { return queue[(head + i) & (queue.size() - 1)]; }
  void push(Thread& t) {
    t.state = State::ready;
    const unsigned who = style == 1 ? t.linear / 32 : t.linear;
    slot(queued++) = {&t, order == Order::random ? mix(salt ^ who * 0x9E3779B97F4A7C15u ^ t.block->serial) : 0};
  }

  /// Uniform choice almost never lets one warp run far ahead of another, so two thirds of the blocks use priorities, by
  /// warp or by thread, drawn anew now and then (probabilistic concurrency testing).
  std::size_t choose() {
    if (style == 0) return next_random() % queued;
    if (next_random() % 64 == 0) salt = next_random();
    std::size_t best = 0;
    for (std::size_t i = 1; i < queued; ++i)
      if (slot(i).priority > slot(best).priority) best = i;
    return best;
  }
  Thread* pick() {
    if (queued == 0) return nullptr;
    if (order == Order::random && queued > 1) std::swap(slot(0), slot(choose()));
    Thread* t = slot(0).thread;
    ++head;
    --queued;
    return t;
  }

  static void start(Fiber& fiber, std::size_t number) {
    // Tops of stacks are staggered: equally aligned ones would all fall into the same few sets of the caches.
    make_context(fiber.context, fiber.low, fiber.bytes - number * 448 % 16384, &fiber_main);
#if SIMT_ASAN
    __asan_unpoison_memory_region(fiber.low, fiber.bytes);
#endif
  }
  Fiber* new_fiber() {
    if (free != nullptr) return std::exchange(free, free->next_free);
    void* memory =
        mmap(nullptr, stack_bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw Error("simt: no memory for a thread's stack");
    mprotect(memory, page, PROT_NONE);  // overflow faults
    auto fiber = std::make_unique<Fiber>();
    fiber->low = static_cast<char*>(memory) + page;
    fiber->bytes = stack_bytes;
    start(*fiber, fibers.size());
    fibers.push_back(std::move(fiber));
    return fibers.back().get();
  }
  void reset_fibers() {
    free = nullptr;
    for (std::size_t i = 0; i < fibers.size(); ++i) {
      start(*fibers[i], i);
      fibers[i]->next_free = std::exchange(free, fibers[i].get());
    }
  }

  void enter(Thread& t) {
    if (t.fiber == nullptr) t.fiber = new_fiber();
    resume(t);
  }
  void resume(Thread& t) {
    current = &t;
    t.state = State::running;
    threadIdx = t.index;
    blockIdx = t.block->index;
  }
  void swap(Fiber& from, Fiber& to) {
    switch_fibers(from, to);
    land(from);
  }
  void land(Fiber& self) { landed(self, std::exchange(from_main, false) ? &main : nullptr); }

  /// Ends the launch: unwinds the current thread's stack and abandons those of the others.
  [[noreturn]] void fail(Location here, const std::string& what) {
    failure = describe(*launch, *current, here, what);
    throw Failed{};
  }

  [[noreturn]] void deadlock() {
    struct Group {
      const Thread* first;
      std::size_t count;
    };
    std::vector<Group> groups;
    for (const Block& b : blocks)
      for (unsigned i = 0; i < b.count; ++i) {
        const Thread& t = b.threads[i];
        if (t.state == State::done) continue;
        auto g = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& x) { return x.first->state == t.state && same(x.first->here, t.here); });
        if (g == groups.end())
          groups.push_back({&t, 1});
        else
          ++g->count;
      }
    std::string what = "deadlock";
    for (const Group& g : groups) {
      const Thread& t = *g.first;
      const char* in = t.state == State::barrier        ? "__syncthreads"
                       : t.state == State::grid_barrier ? "the grid's barrier"
                                                        : t.what;
      what += &g == groups.data() ? ": " : ", ";
      what += std::to_string(g.count) + " threads wait in " + in + " at " + place(t.here) + " (first: block " +
              triple(t.block->index) + " thread " + triple(t.index) + ")";
    }
    fail(groups.empty() ? Location{} : groups[0].first->here, what);
  }

  /// Suspends the current thread, which has set its state or is in the queue.
  void suspend() {
    Thread& self = *current;
    Thread* next = pick();
    if (next == &self) {
      self.state = State::running;
      return;
    }
    if (next == nullptr) deadlock();
    enter(*next);
    swap(*self.fiber, *next->fiber);
  }

  template <class F>
  void for_each(Block& b, F f) {
    if (order == Order::reverse)
      for (unsigned i = b.count; i-- > 0;) f(b.threads[i]);
    else
      for (unsigned i = 0; i < b.count; ++i) f(b.threads[i]);
  }
  void release(Block& b) {
    b.arrived = 0;
    ++b.epoch;
    const Barrier result = std::exchange(b.sum, Barrier{0, 1, 0});
    for_each(b, [&](Thread& t) {
      if (t.state != State::barrier) return;
      t.result = result;
      push(t);
    });
  }

  char* allocate_shared(Block& b, std::size_t bytes, std::size_t align) {
    const std::size_t at = (b.arena_used + red_zone + align - 1) / align * align;
    if (at + bytes + red_zone > arena_bytes) return nullptr;
    b.arena_used = at + bytes;
    char* p = b.arena + at;
#if SIMT_ASAN
    __asan_unpoison_memory_region(p, bytes);
#endif
    std::memset(p, 0xFF, bytes);
    return p;
  }

  void prepare(const Launch& l, unsigned resident) {
    launch = &l;
    failed = false;
    grid_epoch = 0;
    at_grid_barrier = 0;
    order = config().order;
    const std::size_t count = std::size_t{l.block.x} * l.block.y * l.block.z;
    if (threads.size() < count * resident) threads = std::vector<Thread>(count * resident);
    if (warps.size() < (count + 31) / 32 * resident) warps.resize((count + 31) / 32 * resident);
    blocks.resize(resident);
    if (queue.size() < count * resident) queue.resize(std::bit_ceil(count * resident));
    if (arena_count < resident) {
      drop_arenas();
      arenas = static_cast<char*>(mmap(nullptr, resident * arena_bytes, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
      if (arenas == MAP_FAILED) throw Error("simt: no memory for shared memory");
      arena_count = resident;
    }
    blockDim = l.block;
    gridDim = l.grid;
  }
  void restart(std::uint64_t seed) {
    alive = head = queued = 0;
    random = seed;
  }
  void begin_block(unsigned number, unsigned serial) {
    const Launch& l = *launch;
    const unsigned count = l.block.x * l.block.y * l.block.z, warp_count = (count + 31) / 32;
    Block& b = blocks[number];
    auto variables = std::move(b.variables);
    variables.clear();
    b = Block{};
    b.variables = std::move(variables);
    b.index = {serial % l.grid.x, serial / l.grid.x % l.grid.y, serial / l.grid.x / l.grid.y};
    b.serial = serial;
    b.count = b.alive = count;
    b.threads = threads.data() + std::size_t{number} * count;
    b.warps = warps.data() + std::size_t{number} * warp_count;
    b.arena = arenas + number * arena_bytes;
    for (unsigned i = 0; i < warp_count; ++i) {
      const unsigned lanes = std::min(32u, count - i * 32);
      b.warps[i] = Warp{};
      b.warps[i].threads = b.threads + i * 32;
      b.warps[i].existing = lanes == 32 ? ~0u : (1u << lanes) - 1;
    }
    uint3 index{0, 0, 0};
    for (unsigned i = 0; i < count; ++i) {
      Thread& t = b.threads[i];
      t.index = index;
      t.linear = i;
      t.state = State::fresh;
      t.here = Location{};
      t.fiber = nullptr;
      t.block = &b;
      t.warp = b.warps + i / 32;
      t.copies.clear();
      t.batch = 0;
      t.fenced = t.acquired = 0;
      if (++index.x < l.block.x) continue;
      index.x = 0;
      if (++index.y < l.block.y) continue;
      index.y = 0;
      ++index.z;
    }
#if SIMT_ASAN
    __asan_poison_memory_region(b.arena, arena_bytes);
#endif
    if (instrumented) race_block_begin(b);
    style = static_cast<unsigned>(next_random() % 3);
    salt = next_random();
    b.variables.push_back(
        {nullptr, l.shared_bytes > 0 ? allocate_shared(b, l.shared_bytes, 1024) : nullptr, l.shared_bytes});
    b.shared_bytes = l.shared_bytes;
    alive += count;
    for_each(b, [&](Thread& t) {
      push(t);
      t.state = State::fresh;
    });
  }
  /// Runs all that is queued to its end.
  void run() {
    Thread* first = pick();
    if (first == nullptr) return;
    enter(*first);
    from_main = true;
    swap(main, *first->fiber);
    current = nullptr;
    if (failed) reset_fibers();
  }

  void exit_thread(Thread& t) {
    t.state = State::done;
    Block& b = *t.block;
    --b.alive;
    --alive;
    t.warp->exited |= 1u << t.lane_index();
    for (std::uint32_t left = t.warp->waiting; left != 0; left &= left - 1) {
      const Thread& other = t.warp->threads[std::countr_zero(left)];
      if (other.mask >> t.lane_index() & 1)
        fail(other.here,
             std::string(other.what) + " waits for lane " + std::to_string(t.lane_index()) + ", which has exited");
    }
    if (b.alive != 0 && b.arrived == b.alive) release(b);  // those who have exited count as arrived
  }
};

}  // namespace simt::detail
