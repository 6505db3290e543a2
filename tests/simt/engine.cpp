// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// Fibers, the scheduler, barriers and warp collectives. Never compiled with -fsanitize=thread.
#include "engine.hpp"

#include <atomic>
#include <bit>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>

#include "worker.hpp"

namespace simt {
namespace {

std::uint64_t seed_after(const char* text) {
  const char* colon = std::strchr(text, ':');
  return colon != nullptr ? std::strtoull(colon + 1, nullptr, 0) : 0;
}

Config config_of_environment() {
  Config c;
  c.threads = std::max(1u, std::thread::hardware_concurrency());
  if (const char* s = std::getenv("REGIMEN_SIMT_ORDER")) {
    c.order = std::strncmp(s, "rev", 3) == 0   ? Order::reverse
              : std::strncmp(s, "ran", 3) == 0 ? Order::random
                                               : Order::forward;
    c.seed = seed_after(s);
  }
  if (const char* s = std::getenv("REGIMEN_SIMT_STREAMS")) {
    c.lazy = *s == 'l';
    c.stream_seed = seed_after(s);
  }
  if (const char* s = std::getenv("REGIMEN_SIMT_THREADS")) c.threads = static_cast<unsigned>(std::max(1, std::atoi(s)));
  if (const char* s = std::getenv("REGIMEN_SIMT_PROTECT")) c.protect = *s != '0';
  if (const char* s = std::getenv("REGIMEN_SIMT_DEVICES")) c.devices = std::atoi(s);
  return c;
}

/// Counts launches, and writes the log when the program ends.
struct Counts {
  std::mutex mutex;
  std::map<std::string, std::uint64_t> of;
  ~Counts() {
    const char* path = std::getenv("REGIMEN_SIMT_LOG");
    if (path == nullptr || of.empty()) return;
    if (std::FILE* file = std::fopen(path, "a")) {
      std::string text;
      for (const auto& [name, count] : of) text += name + " " + std::to_string(count) + "\n";
      std::fwrite(text.data(), 1, text.size(), file);
      std::fclose(file);
    }
  }
};
Counts& counts() {
  static Counts instance;
  return instance;
}

}  // namespace

Config& config() {
  static Config instance = config_of_environment();
  return instance;
}
std::map<std::string, std::uint64_t> launches() {
  std::lock_guard lock(counts().mutex);
  return counts().of;
}
bool race_check() { return detail::instrumented; }

namespace detail {

constexpr std::size_t most_cooperative_threads = 16384;

constinit thread_local Worker* worker = nullptr;
constinit thread_local Thread* current = nullptr;

void fiber_main() {
  worker->land(*current->fiber);
  for (;;) {
    Worker& w = *worker;
    Thread* next = nullptr;
    try {
      w.launch->run(w.launch->arguments);
      w.exit_thread(*current);
      next = w.pick();
      if (next == nullptr && w.alive != 0) w.deadlock();
    } catch (const Worker::Failed&) {
      w.failed = true;
    } catch (const std::exception& e) {
      w.failure = describe(*w.launch, *current, {}, std::string("exception: ") + e.what());
      w.failed = true;
    }
    Fiber& fiber = *current->fiber;
    if (!w.failed && next != nullptr && next->fiber == nullptr) {  // a fresh thread takes over this stack: no switch
      next->fiber = &fiber;
      w.resume(*next);
      continue;
    }
    if (w.failed) next = nullptr;
    fiber.next_free = std::exchange(w.free, &fiber);
    if (next != nullptr) w.enter(*next);
    w.swap(fiber, next != nullptr ? *next->fiber : w.main);
  }
}

namespace {

/// Threads that help the one that launches.
struct Pool {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable wake, done;
  const std::function<void()>* job = nullptr;
  unsigned generation = 0, running = 0, wanted = 0;
  bool stop = false;

  void help(unsigned number) {
    unsigned seen = 0;
    for (;;) {
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return stop || (generation != seen && number < wanted); });
      if (stop) return;
      seen = generation;
      lock.unlock();
      (*job)();
      lock.lock();
      if (--running == 0) done.notify_all();
    }
  }
  void run(unsigned helpers, const std::function<void()>& work) {
    {
      std::lock_guard lock(mutex);
      while (threads.size() < helpers) {
        threads.emplace_back([this, number = static_cast<unsigned>(threads.size())] { help(number); });
      }
      job = &work;
      ++generation;
      running = wanted = helpers;
    }
    wake.notify_all();
    work();
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return running == 0; });
    wanted = 0;
  }
  ~Pool() {
    {
      std::lock_guard lock(mutex);
      stop = true;
    }
    wake.notify_all();
    for (auto& thread : threads) thread.join();
  }
};

Worker& own_worker() {
  static thread_local Worker instance;
  return instance;
}

/// Sets `worker` while a launch runs.
struct Working {
  explicit Working(Worker& w) { worker = &w; }
  ~Working() { worker = nullptr; }
};

}  // namespace

std::string describe(const Launch& launch, const Thread& thread, Location here, const std::string& what) {
  return "kernel " + std::string(launch.name) + ", block " + triple(thread.block->index) + ", thread " +
         triple(thread.index) + ", " + (here.line != 0 ? place(here) : "?") + ": " + what;
}
const Launch& current_launch() { return *worker->launch; }
const Fiber& current_fiber() { return *current->fiber; }
unsigned grid_epoch() { return worker->grid_epoch; }
bool in_shared(const char* p) { return p >= worker->arenas && p < worker->arenas + worker->arena_count * arena_bytes; }

void run_launch(const Launch& l) {
  if (worker != nullptr) throw Error(std::string("kernel ") + l.name + ": launched from a kernel");
  const std::uint64_t blocks = std::uint64_t{l.grid.x} * l.grid.y * l.grid.z;
  const std::uint64_t threads = std::uint64_t{l.block.x} * l.block.y * l.block.z;
  std::uint64_t number = 0;
  {
    std::lock_guard lock(counts().mutex);
    ++counts().of[l.name];
    static std::uint64_t launched = 0;
    number = ++launched;
  }
  const std::uint64_t seed = mix(config().seed * 0x2545F4914F6CDD1Du + number);
  std::string failure;
  if (instrumented) race_launch_begin(l);
  if (l.cooperative) {
    if (blocks * threads > most_cooperative_threads)
      throw Error(std::string("kernel ") + l.name + ": too many threads for a cooperative launch on the CPU");
    Worker& w = own_worker();
    const Working working(w);
    const auto count = static_cast<unsigned>(blocks);
    w.prepare(l, count);
    w.restart(seed);
    for (unsigned i = 0; i < count; ++i) w.begin_block(i, i);
    w.run();
    if (w.failed) failure = w.failure;
  } else {
    // Blocks in their order, backwards, or in a permutation i -> (a i + c) mod blocks.
    const Order order = config().order;
    std::uint64_t a = 1, c = 0;
    if (order == Order::random && blocks > 1) {
      a = mix(seed) % blocks | 1;
      while (std::gcd(a, blocks) != 1) ++a;
      c = mix(seed + 1) % blocks;
    }
    std::atomic<std::uint64_t> next{0};
    std::atomic<bool> bad{false};
    std::mutex mutex;
    const std::function<void()> work = [&] {
      Worker& w = own_worker();
      const Working working(w);
      w.prepare(l, 1);
      for (std::uint64_t i; !bad.load(std::memory_order_relaxed) && (i = next.fetch_add(1)) < blocks;) {
        const std::uint64_t k = order == Order::reverse ? blocks - 1 - i : (a * i + c) % blocks;
        w.restart(seed + k);
        w.begin_block(0, static_cast<unsigned>(k));
        w.run();
        if (!w.failed) continue;
        const std::lock_guard lock(mutex);
        if (!bad.exchange(true)) failure = w.failure;
      }
    };
    static Pool pool;
    unsigned helpers = instrumented || blocks * threads < 2048 ? 0 : config().threads - 1;
    helpers = static_cast<unsigned>(std::min<std::uint64_t>(helpers, blocks - 1));
    if (helpers == 0)
      work();
    else
      pool.run(helpers, work);
  }
  if (instrumented) {
    const std::string found = race_launch_end();
    if (!found.empty()) failure = failure.empty() ? found : found + "\n" + failure;
  }
  if (!failure.empty()) throw Error(failure);
}

// What kernels call.

Barrier barrier(bool predicate, Location here) {
  Worker& w = *worker;
  Thread& t = *current;
  Block& b = *t.block;
  if (b.arrived == 0)
    b.here = here;
  else if (!same(b.here, here))
    w.fail(here, "divergent __syncthreads, others of the block wait at " + place(b.here));
  b.sum.count += predicate ? 1 : 0;
  b.sum.all &= predicate ? 1 : 0;
  b.sum.any |= predicate ? 1 : 0;
  t.here = here;
  t.state = State::barrier;
  if (++b.arrived == b.alive) w.release(b);
  w.suspend();
  return t.result;
}

void grid_barrier(Location here) {
  Worker& w = *worker;
  Thread& t = *current;
  if (!w.launch->cooperative) w.fail(here, "a barrier of the grid in a launch that is not cooperative");
  t.here = here;
  t.state = State::grid_barrier;
  if (++w.at_grid_barrier == w.alive) {
    w.at_grid_barrier = 0;
    ++w.grid_epoch;
    const std::size_t count = w.blocks.size();
    for (std::size_t i = 0; i < count; ++i) {
      Block& b = w.blocks[w.order == Order::reverse ? count - 1 - i : i];
      ++b.epoch;
      w.for_each(b, [&](Thread& x) {
        if (x.state == State::grid_barrier) w.push(x);
      });
    }
  }
  w.suspend();
}

void collective(std::uint32_t mask, const char* what, Lane lane, std::size_t bytes, Complete complete, Location here) {
  Worker& w = *worker;
  Thread& t = *current;
  Warp& warp = *t.warp;
  const std::uint32_t self = 1u << t.lane_index();
  if ((mask & self) == 0) w.fail(here, std::string(what) + " by a lane that its mask does not name");
  if ((mask & ~warp.existing) != 0) w.fail(here, std::string(what) + " names lanes that do not exist");
  if ((mask & warp.exited) != 0) w.fail(here, std::string(what) + " names lanes that have exited");
  t.mask = mask;
  t.what = what;
  t.here = here;
  t.lane = lane;
  warp.waiting |= self;
  if ((warp.waiting & mask) != mask) {
    t.state = State::collective;
    w.suspend();
    return;
  }
  Lane lanes[32];
  for (std::uint32_t left = mask; left != 0; left &= left - 1) {
    const int i = std::countr_zero(left);
    const Thread& other = warp.threads[i];
    if (other.mask != mask || !same(other.here, here) || !same(other.what, what))
      w.fail(here, std::string("divergent ") + what + ", lane " + std::to_string(i) + " is in " + other.what + " at " +
                       place(other.here));
    lanes[i] = other.lane;
  }
  current = nullptr;  // what it reads and writes is on the lanes' stacks: no matter for the race check
  complete(lanes, mask, bytes);
  current = &t;
  warp.waiting &= ~mask;
  if (instrumented && same(what, "__syncwarp")) race_syncwarp(warp, mask);
  if (w.order == Order::reverse) {
    for (int i = 31; i >= 0; --i)
      if (((mask & ~self) >> i & 1) != 0) w.push(warp.threads[i]);
  } else {
    for (std::uint32_t left = mask & ~self; left != 0; left &= left - 1) w.push(warp.threads[std::countr_zero(left)]);
  }
  if (w.order != Order::random) return;
  w.push(t);
  w.suspend();
}

void shuffle(std::uint32_t mask, const char* what, const void* in, void* out, std::size_t bytes, Shuffle kind,
             int argument, int width, Location here) {
  const int lane = static_cast<int>(current->lane_index());
  if (width < 1 || width > 32 || (width & (width - 1)) != 0)
    worker->fail(here, std::string(what) + " with a width that is not a power of two up to 32");
  const int base = lane & ~(width - 1);
  int source = lane;
  if (kind == Shuffle::index) source = base + (argument & (width - 1));
  if (kind == Shuffle::up && lane - argument >= base) source = lane - argument;
  if (kind == Shuffle::down && lane + argument < base + width) source = lane + argument;
  if (kind == Shuffle::exclusive_or && (lane ^ argument) < base + width) source = lane ^ argument;
  if ((mask >> source & 1) == 0)
    worker->fail(here, std::string(what) + " reads lane " + std::to_string(source) + ", which is not in the mask");
  collective(
      mask, what, {in, out, source}, bytes,
      [](Lane* lanes, std::uint32_t present, std::size_t n) {
        for (; present != 0; present &= present - 1) {
          const Lane& l = lanes[std::countr_zero(present)];
          std::memcpy(l.out, lanes[l.source].in, n);
        }
      },
      here);
}

std::uint32_t ballot(std::uint32_t mask, const char* what, bool predicate, Location here) {
  std::uint32_t result = 0;
  collective(
      mask, what, {&predicate, &result, 0}, sizeof(bool),
      [](Lane* lanes, std::uint32_t present, std::size_t) {
        std::uint32_t bits = 0;
        for (std::uint32_t left = present; left != 0; left &= left - 1) {
          const int i = std::countr_zero(left);
          bits |= static_cast<std::uint32_t>(*static_cast<const bool*>(lanes[i].in)) << i;
        }
        for (std::uint32_t left = present; left != 0; left &= left - 1)
          *static_cast<std::uint32_t*>(lanes[std::countr_zero(left)].out) = bits;
      },
      here);
  return result;
}

void fence() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (instrumented) race_fence();
}
void yield() {
  worker->push(*current);
  worker->suspend();
}
void trap(Location here) { worker->fail(here, "__trap"); }
unsigned thread_rank() { return current->linear; }

void* shared(const void* key, std::size_t bytes, std::size_t align, Location here) {
  Block& b = *current->block;
  for (const SharedVariable& v : b.variables)
    if (v.key == key) return v.data;
  b.shared_bytes = (b.shared_bytes + align - 1) / align * align + bytes;
  if (b.shared_bytes > config().shared_limit || b.shared_bytes - b.variables[0].bytes > 48 * 1024)
    worker->fail(here, "the block's shared memory exceeds the limit, " + std::to_string(b.shared_bytes) + " bytes");
  char* data = worker->allocate_shared(b, bytes, std::max<std::size_t>(align, 16));
  if (data == nullptr) worker->fail(here, "too many shared variables");
  b.variables.push_back({key, data, bytes});
  return data;
}
void* dynamic_shared() { return current->block->variables[0].data; }

void async_copy(void* to, const void* from, std::size_t bytes, std::size_t zeros, Location here) {
  const auto misplaced = [&](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % bytes != 0; };
  if ((bytes != 4 && bytes != 8 && bytes != 16) || zeros > bytes || misplaced(to) || misplaced(from))
    worker->fail(here, "__pipeline_memcpy_async: size or alignment");
  std::memset(to, 0xFF, bytes);
  current->copies.push_back({to, from, bytes, zeros, current->batch});
}
void async_commit() { ++current->batch; }
void async_wait(unsigned pending, const void* caller) {
  Thread& t = *current;
  std::size_t kept = 0;
  for (const AsyncCopy& copy : t.copies) {
    if (copy.batch + pending >= t.batch) {
      t.copies[kept++] = copy;
      continue;
    }
    const std::size_t bytes = copy.bytes - copy.zeros;
    if (instrumented) {
      race_note(copy.to, copy.bytes, true, caller);
      if (bytes > 0) race_note(copy.from, bytes, false, caller);
    }
    std::memcpy(copy.to, copy.from, bytes);
    std::memset(static_cast<char*>(copy.to) + bytes, 0, copy.zeros);
  }
  t.copies.resize(kept);
}

}  // namespace detail
}  // namespace simt
