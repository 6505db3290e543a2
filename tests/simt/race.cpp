// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
//
// The race check: answers to the calls that the compiler puts at every access under -fsanitize=thread. A unit so
// compiled turns it on; the program is linked without that flag, and this file is compiled without it.
//
// Every four bytes of shared and device memory have a cell: the last write and two reads, each with thread and epochs.
// Two accesses are ordered if a barrier of their block, a full __syncwarp of their warp, a barrier of the grid or the
// end of the launch lies between; between blocks also by a fence and an atomic after the one and an atomic before the
// other.
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <set>
#include <unordered_map>

#include "engine.hpp"

namespace simt::detail {

bool instrumented = false;

namespace {

using Address = std::uintptr_t;

struct Access {
  std::uint32_t thread = 0, block_epoch = 0, warp_epoch = 0, grid_epoch = 0, time = 0;
  const void* caller = nullptr;
  std::uint8_t mask = 0;  // of the four bytes
  bool atomic = false;
};
struct Cell {
  std::uint32_t launch = 0;
  std::uint8_t written = 0;  // bytes of shared memory that have a value
  Access write, reads[2];
};
using Page = std::array<Cell, 1024>;

struct Range {
  const char *low, *high;
  bool has(const char* p) const { return p >= low && p < high; }
};

struct Check {
  std::unordered_map<Address, std::unique_ptr<Page>> pages;
  Address last = 0;
  Page* last_page = nullptr;
  std::uint32_t launch = 0, time = 0, threads = 1;
  std::vector<std::uint32_t> published, acquired;  // by block: the time of fence and atomic, and of the last atomic
  std::vector<Range> host_memory;                  // that kernels may read: the program's data, arguments
  std::set<std::pair<const void*, const void*>> seen;
  std::string text;
  std::uint64_t findings = 0;
  Heap block;  // of device memory, the last used
  bool on = false;
};
Check check;

Cell& cell_of(Address a) {
  const Address number = a >> 12;
  if (number != check.last) {
    auto& page = check.pages[number];
    if (page == nullptr) page = std::make_unique<Page>();
    check.last = number;
    check.last_page = page.get();
  }
  return (*check.last_page)[(a >> 2) & 1023];
}

bool ordered(const Access& before, const Access& now) {
  if (before.mask == 0 || before.thread == now.thread || before.grid_epoch < now.grid_epoch) return true;
  const auto block = before.thread / check.threads, own = now.thread / check.threads;
  if (block == own) {
    if (before.block_epoch < now.block_epoch) return true;
    if (before.thread % check.threads / 32 != now.thread % check.threads / 32) return false;
    const auto& known = current->warp->known;
    return before.warp_epoch < now.warp_epoch ||
           (known != nullptr && (*known)[current->lane_index()][before.thread % check.threads % 32] >= before.time);
  }
  const std::uint32_t published = check.published[block];
  return before.time < published && published <= std::max(current->acquired, check.acquired[own]);
}

/// file:line of a return address, through addr2line where it is installed.
Location locate(const void* caller) {
  static std::unordered_map<const void*, std::pair<std::string, unsigned>> known;
  auto [it, fresh] = known.try_emplace(caller, "?", 0);
  auto& [file, line] = it->second;
  Dl_info info{};
  if (fresh && dladdr(caller, &info) != 0) {
    char command[1024];
    std::snprintf(command, sizeof command, "addr2line -e '%s' 0x%zx 2>/dev/null", info.dli_fname,
                  static_cast<const char*>(caller) - static_cast<const char*>(info.dli_fbase) - 1);
    if (std::FILE* pipe = popen(command, "r")) {
      char text[512] = "";
      if (std::fgets(text, sizeof text, pipe) != nullptr) {
        file = text;
        const auto colon = file.rfind(':');
        if (colon != std::string::npos) {
          line = static_cast<unsigned>(std::strtoul(file.c_str() + colon + 1, nullptr, 10));
          file.resize(colon);
        }
      }
      pclose(pipe);
    }
  }
  return {file.c_str(), line};
}

void report(const void* key, const void* caller, const std::string& what) {
  ++check.findings;
  if (check.seen.size() >= 4 || !check.seen.insert({key, caller}).second) return;
  check.text += (check.text.empty() ? "" : "\n") + describe(current_launch(), *current, locate(caller), what);
}

std::string name_of(const char* p) {
  if (!in_shared(p)) return "device memory";
  for (const SharedVariable& v : current->block->variables)
    if (v.data != nullptr && p >= v.data && p < v.data + v.bytes) return "shared memory +" + std::to_string(p - v.data);
  return "shared memory";
}
void report_race(const Access& before, bool wrote, const Access& now, bool writes, Address a) {
  const Location there = locate(before.caller);
  report(before.caller, now.caller,
         std::string("race: ") + (writes ? "writes " : "reads ") + name_of(reinterpret_cast<const char*>(a)) +
             " that thread " + std::to_string(before.thread % check.threads) + " of block " +
             std::to_string(before.thread / check.threads) + (wrote ? " writes at " : " reads at ") + there.file + ":" +
             std::to_string(there.line));
}

bool in_bounds(const char* p, std::size_t bytes, bool in_shared_memory) {
  if (!in_shared_memory) {
    if (p < check.block.low || p + bytes > check.block.high) check.block = device_block(p);
    return p >= check.block.low && p + bytes <= check.block.high;
  }
  for (const SharedVariable& v : current->block->variables)
    if (v.data != nullptr && p >= v.data && p + bytes <= v.data + v.bytes) return true;
  return false;
}

bool host_memory_allowed(const char* p) {
  const Fiber& fiber = current_fiber();
  if (p >= fiber.low && p < fiber.low + fiber.bytes) return true;
  for (const Range& range : check.host_memory)
    if (range.has(p)) return true;
  return pinned_on_host(p, 1);
}

void access(Address a, std::size_t bytes, bool write, bool atomic, const void* caller) {
  Thread* t = current;
  if (t == nullptr || !check.on) return;
  const char* p = reinterpret_cast<const char*>(a);
  const bool shared_memory = in_shared(p);
  if (!shared_memory && (p < heap().low || p >= heap().high)) {
    if (!host_memory_allowed(p)) report("host", caller, write ? "writes host memory" : "reads host memory");
    return;
  }
  ++check.time;
  const Block& b = *t->block;
  if (!in_bounds(p, bytes, shared_memory)) {
    const char* where = shared_memory ? "shared memory" : "device memory";
    report("bounds", caller,
           std::string(write ? "writes " : "reads ") + std::to_string(bytes) + " bytes outside " + where);
  }
  Access now{
      b.serial * check.threads + t->linear, b.epoch, t->warp->epoch, grid_epoch(), check.time, caller, 0, atomic};
  if (atomic) {
    if (t->fenced != 0) check.published[b.serial] = check.time;
    t->acquired = check.acquired[b.serial] = check.time;
  }
  for (Address four = a & ~Address{3}; four < a + bytes; four += 4) {
    const unsigned first = four < a ? static_cast<unsigned>(a - four) : 0;
    const unsigned end = static_cast<unsigned>(std::min<Address>(4, a + bytes - four));
    now.mask = static_cast<std::uint8_t>(((1u << end) - 1) & ~((1u << first) - 1));
    Cell& cell = cell_of(four);
    if (cell.launch != check.launch) {
      const auto written = cell.written;
      cell = Cell{};
      cell.written = written;
      cell.launch = check.launch;
    }
    const auto collides = [&](const Access& before) {
      return (before.mask & now.mask) != 0 && !(before.atomic && atomic) && !ordered(before, now);
    };
    if (collides(cell.write)) report_race(cell.write, true, now, write, four);
    if (shared_memory && (!write || atomic) && (cell.written & now.mask) != now.mask)
      report("unwritten", caller, "reads shared memory that was never written");
    if (write) {
      cell.written = static_cast<std::uint8_t>(cell.written | now.mask);
      for (const Access& read : cell.reads)
        if (collides(read)) report_race(read, false, now, true, four);
      cell.write = now;
      continue;
    }
    Access* place = &cell.reads[1];
    for (Access& read : cell.reads) {
      if (read.mask != 0 && read.thread != now.thread && !ordered(read, now)) continue;
      place = &read;
      break;
    }
    *place = now;
  }
}

/// The data of the program and its libraries, and this thread's variables.
int add_image(dl_phdr_info* info, std::size_t, void*) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    const char* low = nullptr;
    if (segment.p_type == PT_LOAD) low = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    if (segment.p_type == PT_TLS) low = static_cast<const char*>(info->dlpi_tls_data);
    if (low != nullptr) check.host_memory.push_back({low, low + segment.p_memsz});
  }
  return 0;
}

}  // namespace

void race_launch_begin(const Launch& launch) {
  const std::size_t blocks = std::size_t{launch.grid.x} * launch.grid.y * launch.grid.z;
  check.threads = launch.block.x * launch.block.y * launch.block.z;
  check.published.assign(blocks, 0);
  check.acquired.assign(blocks, 0);
  check.host_memory.clear();
  const char* arguments = static_cast<const char*>(launch.arguments);
  check.host_memory.push_back({arguments, arguments + launch.arguments_bytes});
  dl_iterate_phdr(add_image, nullptr);
  ++check.launch;
  check.time = 1;
  check.block = {};
  check.findings = 0;
  check.seen.clear();
  check.text.clear();
  check.on = true;
}

std::string race_launch_end() {
  check.on = false;
  if (check.findings > check.seen.size()) check.text += " (" + std::to_string(check.findings) + " findings in all)";
  return std::move(check.text);
}

void race_block_begin(Block& block) {
  const auto first = reinterpret_cast<Address>(block.arena) >> 12;
  for (Address number = first; number < first + (arena_bytes >> 12); ++number) {
    const auto it = check.pages.find(number);
    if (it != check.pages.end()) it->second->fill({});
  }
}

void race_syncwarp(Warp& warp, std::uint32_t mask) {
  if (mask == warp.existing) {
    ++warp.epoch;
    return;
  }
  if (warp.known == nullptr) warp.known = std::make_unique<Warp::Known>();
  std::array<std::uint32_t, 32> all{};
  for (unsigned i = 0; i < 32; ++i)
    for (unsigned j = 0; j < 32; ++j) {
      if ((mask >> i & 1) == 0) continue;
      all[j] = i == j ? check.time : std::max(all[j], (*warp.known)[i][j]);
    }
  for (unsigned i = 0; i < 32; ++i)
    if ((mask >> i & 1) != 0) (*warp.known)[i] = all;
}
void race_fence() { current->fenced = 1; }
void race_note(const void* p, std::size_t bytes, bool write, const void* caller) {
  access(reinterpret_cast<Address>(p), bytes, write, false, caller);
}

}  // namespace simt::detail

// What the compiler calls.

#define SIMT_ACCESS(bytes, write, atomic) \
  simt::detail::access(reinterpret_cast<std::uintptr_t>(p), bytes, write, atomic, __builtin_return_address(0))
extern "C" {
void __tsan_init() { simt::detail::instrumented = true; }
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}
#define SIMT_READ_WRITE(n)                                                 \
  void __tsan_read##n(void* p) { SIMT_ACCESS(n, false, false); }           \
  void __tsan_write##n(void* p) { SIMT_ACCESS(n, true, false); }           \
  void __tsan_unaligned_read##n(void* p) { SIMT_ACCESS(n, false, false); } \
  void __tsan_unaligned_write##n(void* p) { SIMT_ACCESS(n, true, false); } \
  void __tsan_volatile_read##n(void* p) { SIMT_ACCESS(n, false, false); }  \
  void __tsan_volatile_write##n(void* p) { SIMT_ACCESS(n, true, false); }  \
  void __tsan_read_write##n(void* p) {                                     \
    SIMT_ACCESS(n, false, false);                                          \
    SIMT_ACCESS(n, true, false);                                           \
  }
SIMT_READ_WRITE(1)
SIMT_READ_WRITE(2)
SIMT_READ_WRITE(4)
SIMT_READ_WRITE(8)
SIMT_READ_WRITE(16)
void __tsan_read_range(void* p, unsigned long bytes) { SIMT_ACCESS(bytes, false, false); }
void __tsan_write_range(void* p, unsigned long bytes) { SIMT_ACCESS(bytes, true, false); }
void* __tsan_memcpy(void* p, const void* from, unsigned long bytes) {
  SIMT_ACCESS(bytes, true, false);
  simt::detail::access(reinterpret_cast<std::uintptr_t>(from), bytes, false, false, __builtin_return_address(0));
  return std::memcpy(p, from, bytes);
}
void* __tsan_memmove(void* p, const void* from, unsigned long bytes) {
  SIMT_ACCESS(bytes, true, false);
  simt::detail::access(reinterpret_cast<std::uintptr_t>(from), bytes, false, false, __builtin_return_address(0));
  return std::memmove(p, from, bytes);
}
void* __tsan_memset(void* p, int value, unsigned long bytes) {
  SIMT_ACCESS(bytes, true, false);
  return std::memset(p, value, bytes);
}
#define SIMT_MODIFY(bits, T, name)                          \
  T __tsan_atomic##bits##_##name(volatile T* p, T v, int) { \
    SIMT_ACCESS(sizeof(T), true, true);                     \
    return __atomic_##name(p, v, __ATOMIC_SEQ_CST);         \
  }
#define SIMT_ATOMICS(bits, T)                                                                      \
  T __tsan_atomic##bits##_load(const volatile T* p, int) {                                         \
    SIMT_ACCESS(sizeof(T), false, true);                                                           \
    return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                                   \
  }                                                                                                \
  void __tsan_atomic##bits##_store(volatile T* p, T v, int) {                                      \
    SIMT_ACCESS(sizeof(T), true, true);                                                            \
    __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                                      \
  }                                                                                                \
  T __tsan_atomic##bits##_exchange(volatile T* p, T v, int) {                                      \
    SIMT_ACCESS(sizeof(T), true, true);                                                            \
    return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                                            \
  }                                                                                                \
  SIMT_MODIFY(bits, T, fetch_add)                                                                  \
  SIMT_MODIFY(bits, T, fetch_sub)                                                                  \
  SIMT_MODIFY(bits, T, fetch_and)                                                                  \
  SIMT_MODIFY(bits, T, fetch_or)                                                                   \
  SIMT_MODIFY(bits, T, fetch_xor)                                                                  \
  SIMT_MODIFY(bits, T, fetch_nand)                                                                 \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T* p, T* expected, T v, int, int) {   \
    SIMT_ACCESS(sizeof(T), true, true);                                                            \
    return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
  }                                                                                                \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T* p, T* expected, T v, int, int) {     \
    SIMT_ACCESS(sizeof(T), true, true);                                                            \
    return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
  }                                                                                                \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* p, T expected, T v, int, int) {         \
    SIMT_ACCESS(sizeof(T), true, true);                                                            \
    __atomic_compare_exchange_n(p, &expected, v, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);       \
    return expected;                                                                               \
  }
SIMT_ATOMICS(8, unsigned char)
SIMT_ATOMICS(16, unsigned short)
SIMT_ATOMICS(32, unsigned)
SIMT_ATOMICS(64, unsigned long)
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int) {}
}
