// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// The state behind runtime.cpp, which alone includes this: device memory, streams, what is recorded.

#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "cuda_runtime.h"
#include "engine.hpp"

using simt::config;
using Operation = std::function<void()>;

/// What a capture has recorded, in the order of issue.
struct Recording {
  std::vector<Operation> operations;
  std::map<CUstream_st*, std::uint64_t> issued, joined;  // operations of a stream, and how many of them were waited for
  CUstream_st* origin = nullptr;
  bool open = true, relaxed = false;
};

struct CUstream_st {
  std::deque<Operation> queue;
  std::uint64_t issued = 0, done = 0;
  bool blocking = true;  // ordered against the default stream
  std::shared_ptr<Recording> recording;
};

struct EventRecord {
  std::shared_ptr<CUstream_st> stream;
  std::uint64_t at = 0;
  double milliseconds = 0;
  std::shared_ptr<Recording> recording;
};
struct CUevent_st {
  std::shared_ptr<EventRecord> record;  // the last
};
struct CUgraph_st {
  std::vector<Operation> operations;
};
struct CUgraphExec_st {
  std::shared_ptr<const std::vector<Operation>> operations;
};

namespace {

using StreamPointer = std::shared_ptr<CUstream_st>;

struct Allocation {
  std::size_t bytes = 0, room = 0;
};

struct Runtime {
  std::recursive_mutex mutex;
  StreamPointer null = std::make_shared<CUstream_st>();
  std::vector<StreamPointer> streams;
  std::map<cudaEvent_t, std::unique_ptr<CUevent_st>> events;
  std::map<const void*, int> shared_limits;  // of functions that have opted in
  int captures = 0;
  std::uint64_t random = 0;
  cudaError_t last = cudaSuccess;
  std::optional<std::string> failure;  // of a check, not yet thrown

  simt::detail::Heap heap;
  std::size_t top = 0;
  std::map<char*, Allocation> live;
  std::multimap<std::size_t, char*> free;
  std::map<char*, std::size_t> pinned;
  simt::Memory memory;
  int open = 0;

  static constexpr std::size_t reserved = std::size_t{64} << 30;
  Runtime() {
    void* p = mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) std::abort();
    heap = {static_cast<char*>(p), static_cast<char*>(p) + reserved};
  }
  ~Runtime() {
    if (!failure) return;
    std::fprintf(stderr, "simt: %s (nobody waited for it)\n", failure->c_str());
    std::_Exit(70);
  }
};
Runtime& runtime() {
  static Runtime instance;
  return instance;
}

struct sigaction chained;  // the handler before ours

/// Says where a bad access was made, then leaves it to the handler that was there before.
void on_bad_access(int number, siginfo_t* info, void* context) {
  const char* p = static_cast<const char*>(info->si_addr);
  const auto& heap = runtime().heap;
  char text[400];
  if (simt::detail::current != nullptr) {
    const auto where = simt::detail::describe(simt::detail::current_launch(), *simt::detail::current, {}, "");
    std::snprintf(text, sizeof text, "simt: %s bad access at %p, or its stack overflows\n", where.c_str(),
                  info->si_addr);
  } else if (p >= heap.low && p < heap.high) {
    std::snprintf(text, sizeof text, "simt: the host touches device memory at %p\n", info->si_addr);
  } else {
    text[0] = '\0';
  }
  std::fputs(text, stderr);
  if ((chained.sa_flags & SA_SIGINFO) != 0)
    chained.sa_sigaction(number, info, context);
  else if (chained.sa_handler != SIG_DFL && chained.sa_handler != SIG_IGN)
    chained.sa_handler(number);
  else
    signal(SIGSEGV, SIG_DFL);  // and the access is tried again
}
void watch_bad_access() {
  struct sigaction now;
  sigaction(SIGSEGV, nullptr, &now);
  if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_bad_access) return;
  chained = now;
  now = {};
  now.sa_sigaction = on_bad_access;
  now.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &now, nullptr);
}

/// Device memory is open while an object of this type lives.
struct Open {
  Open() {
    watch_bad_access();
    if (runtime().open++ == 0) protect(PROT_READ | PROT_WRITE);
  }
  ~Open() {
    if (--runtime().open == 0 && config().protect) protect(PROT_NONE);
  }
  static void protect(int how) {
    if (runtime().top > 0) mprotect(runtime().heap.low, (runtime().top + 4095) / 4096 * 4096, how);
  }
};

// Streams.

void drop_all() {
  auto& r = runtime();
  const auto drop = [](CUstream_st& s) {
    s.queue.clear();
    s.done = s.issued;
  };
  drop(*r.null);
  for (auto& s : r.streams) drop(*s);
}
void run_one(CUstream_st& s) {
  const Operation operation = std::move(s.queue.front());
  s.queue.pop_front();
  try {
    const Open open;
    operation();
    if (s.done < s.issued) ++s.done;
  } catch (const std::exception& e) {
    if (!runtime().failure) runtime().failure = e.what();
    drop_all();
  }
}
void run_until(CUstream_st& s, std::uint64_t count) {
  while (s.done < count && !s.queue.empty()) run_one(s);
}
std::uint64_t random_below(std::uint64_t n) {
  auto& r = runtime().random;
  r = (r + config().stream_seed) * 6364136223846793005u + 1442695040888963407u;
  return (r >> 33) % n;
}
CUstream_st* any_pending() {
  auto& r = runtime();
  std::vector<CUstream_st*> pending;
  if (!r.null->queue.empty()) pending.push_back(r.null.get());
  for (auto& s : r.streams)
    if (!s->queue.empty()) pending.push_back(s.get());
  return pending.empty() ? nullptr : pending[random_below(pending.size())];
}
void run_all() {
  while (CUstream_st* s = any_pending()) run_one(*s);
}

bool is_null(cudaStream_t s) { return s == nullptr || s == cudaStreamLegacy || s == cudaStreamPerThread; }
/// The stream of a handle, or null where there is none.
StreamPointer find(cudaStream_t handle) {
  auto& r = runtime();
  if (is_null(handle)) return r.null;
  for (auto& s : r.streams)
    if (s.get() == handle) return s;
  return nullptr;
}

cudaError_t issue(cudaStream_t handle, Operation operation) {
  auto& r = runtime();
  const StreamPointer s = find(handle);
  if (s == nullptr) return cudaErrorInvalidResourceHandle;
  if (s->recording != nullptr) {
    s->recording->operations.push_back(std::move(operation));
    ++s->recording->issued[s.get()];
    return cudaSuccess;
  }
  if (s == r.null && r.captures > 0) return cudaErrorStreamCaptureImplicit;
  if (config().lazy && s == r.null) {
    std::vector<std::pair<StreamPointer, std::uint64_t>> before;
    for (auto& other : r.streams)
      if (other->blocking && other->done < other->issued) before.emplace_back(other, other->issued);
    if (!before.empty()) {
      operation = [before, operation] {
        for (auto& [other, count] : before) run_until(*other, count);
        operation();
      };
    }
  } else if (config().lazy && s->blocking && r.null->done < r.null->issued) {
    operation = [count = r.null->issued, operation] {
      run_until(*runtime().null, count);
      operation();
    };
  }
  s->queue.push_back(std::move(operation));
  ++s->issued;
  if (!config().lazy) run_until(*s, s->issued);
  return cudaSuccess;
}

cudaError_t remember(cudaError_t e) {
  if (e != cudaSuccess && e != cudaErrorNotReady) runtime().last = e;
  return e;
}
/// Every function but those that release something: locks, runs the body, throws where a check has failed.
template <class F>
cudaError_t call(F body) {
  auto& r = runtime();
  const std::lock_guard lock(r.mutex);
  if (config().devices == 0) return remember(cudaErrorNoDevice);
  if (config().lazy && config().stream_seed != 0 && random_below(4) == 0)
    if (CUstream_st* s = any_pending()) run_one(*s);
  const cudaError_t e = body();
  if (r.failure) throw simt::Error(*std::exchange(r.failure, std::nullopt));
  return remember(e);
}
/// Those that release: a failure waits for the next call that may throw.
template <class F>
cudaError_t call_to_release(F body) {
  const std::lock_guard lock(runtime().mutex);
  if (config().devices == 0) return remember(cudaErrorNoDevice);
  return remember(body());
}

// Memory.

enum class Place { host, device, bad };
Place place(const void* p, std::size_t bytes) {
  auto& r = runtime();
  char* q = static_cast<char*>(const_cast<void*>(p));
  if (q < r.heap.low || q >= r.heap.high) return Place::host;
  auto it = r.live.upper_bound(q);
  if (it == r.live.begin()) return Place::bad;
  --it;
  return q + bytes <= it->first + it->second.bytes ? Place::device : Place::bad;
}

cudaError_t allocate(void** p, std::size_t bytes) {
  auto& r = runtime();
  if (p == nullptr) return cudaErrorInvalidValue;
  *p = nullptr;
  if (bytes == 0) return cudaSuccess;
  if (bytes > config().memory_limit || r.memory.bytes + bytes > config().memory_limit) return cudaErrorMemoryAllocation;
  std::size_t room = (bytes + 256 + 255) / 256 * 256;  // a red zone of 256 bytes or more behind each
  char* q = nullptr;
  if (auto it = r.free.lower_bound(room); it != r.free.end() && it->first <= 2 * room) {
    room = it->first;
    q = it->second;
    r.free.erase(it);
  } else {
    if (r.top + room > Runtime::reserved) return cudaErrorMemoryAllocation;
    q = r.heap.low + r.top;
    r.top += room;
  }
  r.live[q] = {bytes, room};
  r.memory.bytes += bytes;
  ++r.memory.blocks;
  ++r.memory.allocations;
#if SIMT_ASAN
  __asan_unpoison_memory_region(q, bytes);
  __asan_poison_memory_region(q + bytes, room - bytes);
#endif
  const Open open;
  std::memset(q, 0xFF, bytes);
  *p = q;
  return cudaSuccess;
}
cudaError_t release(void* p) {
  auto& r = runtime();
  const auto it = r.live.find(static_cast<char*>(p));
  if (it == r.live.end()) return cudaErrorInvalidValue;
  {
    const Open open;
    std::memset(it->first, 0xFF, it->second.bytes);
  }
#if SIMT_ASAN
  __asan_poison_memory_region(it->first, it->second.bytes);
#endif
  r.memory.bytes -= it->second.bytes;
  --r.memory.blocks;
  r.free.emplace(it->second.room, it->first);
  r.live.erase(it);
  return cudaSuccess;
}

cudaError_t check_copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  const Place target = place(to, bytes), source = place(from, bytes);
  if (target == Place::bad || source == Place::bad) return cudaErrorInvalidValue;
  if (kind == cudaMemcpyDefault) return cudaSuccess;
  const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  if (to_device == (target == Place::device) && from_device == (source == Place::device)) return cudaSuccess;
  return cudaErrorInvalidMemcpyDirection;
}

/// Waiting is not allowed while a stream records.
cudaError_t no_capture(const CUstream_st* s) {
  if (s != nullptr && s->recording != nullptr) return cudaErrorStreamCaptureUnsupported;
  return s == nullptr && runtime().captures > 0 ? cudaErrorStreamCaptureUnsupported : cudaSuccess;
}

/// Ends a capture.
void end(std::shared_ptr<Recording> recording) {
  recording->open = false;
  if (!recording->relaxed) --runtime().captures;
  for (auto& s : runtime().streams)
    if (s->recording == recording) s->recording = nullptr;
}

}  // namespace
