// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// CUDA kernels on the CPU.
//
// With `-DREGIMEN_SIMT -I tests/simt/include` a .cuh compiles under g++ or clang++ without NVIDIA's toolkit: this
// folder's cuda_runtime.h, cuda_bf16.h, cuda_fp16.h, cuda_pipeline.h, cooperative_groups.h and cublas_v2.h declare what
// the library uses of it. A test links engine.cpp, runtime.cpp and race.cpp, in every mode, and cublas.cpp where it
// uses cuBLAS.
//
// Every CUDA thread is a fiber; a block's fibers share an OS thread, and blocks are spread over several. Barriers and
// warp collectives suspend a fiber until all who must come have come. Shared memory lies between red zones and starts
// as 0xFF bytes (NaN, -1), as does device memory, which the host can touch only through copies. A check that fails
// throws simt::Error, with kernel, block, thread, file and line, from the launch or from the call that waits for it.
//
// Modes. Plain: finds wrong results, deadlocks, divergent barriers, wrong masks; results are to be the same bits in
// every order. Race check: units with kernels are compiled with -fsanitize=thread (and undefined), the program is
// linked without it, and race.cpp answers the compiler's calls; finds races, whatever the order, accesses outside
// shared and device memory, to host memory and to shared memory that was never written. Address sanitizer: everything
// is compiled and linked with -fsanitize=address,undefined.
//
//   REGIMEN_SIMT_ORDER     forward (default), reverse or random:SEED: of blocks, and of threads between their barriers
//   REGIMEN_SIMT_STREAMS   eager (default): work is done when it is issued; lazy:SEED: when someone waits for it, which
//                          shows a missing wait; streams interleave at random (seed 0: all as late as can be)
//   REGIMEN_SIMT_THREADS   OS threads (default: one a core; always one in the race check)
//   REGIMEN_SIMT_PROTECT   0: leave device memory open to the host, which saves two system calls an operation
//   REGIMEN_SIMT_DEVICES   0: there is no GPU
//   REGIMEN_SIMT_LOG       a file to which the program appends, at its end, a line `kernel launches` for every kernel
//
// Not covered: the hardware's memory model (a fence followed by an atomic is taken for release and acquire), threads
// that spin until another thread of their block writes, approximate maths and its rounding, TF32, occupancy, speed,
// real cuBLAS. Of several races at one place only some are reported. Synchronisation between two atomics is not
// followed within a block.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "simt/types.hpp"

namespace simt {

/// A check that failed.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Order { forward, reverse, random };

/// Read from the environment at first use; tests may change it between launches.
struct Config {
  Order order = Order::forward;
  std::uint64_t seed = 1;  ///< of Order::random
  bool lazy = false;       ///< streams
  std::uint64_t stream_seed = 0;
  unsigned threads = 1;  ///< OS threads
  bool protect = true;
  int devices = 1;
  std::size_t shared_limit = 99 * 1024;             ///< bytes a block, after the opt-in; the least of sm_80 to sm_120
  std::size_t memory_limit = std::size_t{1} << 32;  ///< bytes of device memory
};
Config& config();

/// How often each kernel ran, by the name given to launch().
std::map<std::string, std::uint64_t> launches();

/// Device memory in use.
struct Memory {
  std::size_t bytes = 0, blocks = 0;
  std::uint64_t allocations = 0;  ///< since the start
};
Memory memory();

/// Whether this program does the race check.
bool race_check();

/// Where a call stands in the source (std::source_location needs a newer clang).
struct Location {
  const char* file = "";
  unsigned line = 0;
  static constexpr Location current(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};
#define SIMT_HERE simt::Location here = simt::Location::current()

struct Launch {
  const char* name = "";
  const void* function = nullptr;
  dim3 grid, block;
  std::size_t shared_bytes = 0;
  bool cooperative = false;
  void (*run)(void* arguments) = nullptr;
  void* arguments = nullptr;
  std::size_t arguments_bytes = 0;
};

/// Runs host code on a stream, with device memory open to it: what a library such as cuBLAS or Thrust would do.
cudaError_t run_on_stream(std::function<void()> work, cudaStream_t stream);

namespace detail {

cudaError_t enqueue(Launch launch, std::shared_ptr<void> arguments, cudaStream_t stream);

/// What a lane brings to a warp collective and where it wants the result.
struct Lane {
  const void* in = nullptr;
  void* out = nullptr;
  int source = 0;
};
/// Runs once for all lanes of the mask, when the last has come.
using Complete = void (*)(Lane* lanes, std::uint32_t mask, std::size_t bytes);
void collective(std::uint32_t mask, const char* what, Lane lane, std::size_t bytes, Complete complete, Location here);

enum class Shuffle { index, up, down, exclusive_or };
void shuffle(std::uint32_t mask, const char* what, const void* in, void* out, std::size_t bytes, Shuffle kind,
             int argument, int width, Location here);
std::uint32_t ballot(std::uint32_t mask, const char* what, bool predicate, Location here);

struct Barrier {
  int count, all, any;
};
Barrier barrier(bool predicate, Location here);
void grid_barrier(Location here);
void fence();
void yield();
[[noreturn]] void trap(Location here);
unsigned thread_rank();

void* shared(const void* key, std::size_t bytes, std::size_t align, Location here);
void* dynamic_shared();

void async_copy(void* to, const void* from, std::size_t bytes, std::size_t zeros, Location here);
void async_commit();
void async_wait(unsigned pending, const void* caller);

/// Every lane gives an In and gets an Out; f(in, out, mask) sees 32 pointers of each, null outside the mask.
template <class In, class Out, class F>
Out exchange(std::uint32_t mask, const char* what, const In& in, F, Location here) {
  Out out{};
  collective(
      mask, what, {&in, &out, 0}, sizeof(In),
      [](Lane* lanes, std::uint32_t present, std::size_t) {
        const In* ins[32] = {};
        Out* outs[32] = {};
        for (unsigned i = 0; i < 32; ++i) {
          if (!(present >> i & 1)) continue;
          ins[i] = static_cast<const In*>(lanes[i].in);
          outs[i] = static_cast<Out*>(lanes[i].out);
        }
        F{}(ins, outs, present);
      },
      here);
  return out;
}

}  // namespace detail

/// Runs a kernel on a stream.
template <class... P>
cudaError_t launch(const char* name, void (*kernel)(P...), dim3 grid, dim3 block, std::size_t shared_bytes,
                   bool cooperative, cudaStream_t stream, std::type_identity_t<P>... arguments) {
  struct Call {
    void (*kernel)(P...);
    std::tuple<P...> arguments;
  };
  auto call = std::make_shared<Call>(Call{kernel, std::tuple<P...>(arguments...)});
  Launch launch{name, reinterpret_cast<const void*>(kernel), grid, block, shared_bytes, cooperative};
  launch.run = [](void* p) {
    Call& c = *static_cast<Call*>(p);
    std::apply(c.kernel, c.arguments);
  };
  launch.arguments = call.get();
  launch.arguments_bytes = sizeof(Call);
  return detail::enqueue(launch, std::move(call), stream);
}

/// A variable in shared memory: one a block and key.
template <class T>
T& shared(const void* key, SIMT_HERE) {
  return *static_cast<T*>(detail::shared(key, sizeof(T), alignof(T), here));
}

}  // namespace simt
