// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cublas_v2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "regimen/core/allocator.hpp"
#include "regimen/core/error.hpp"
#include "regimen/cuda/platform.cuh"

namespace regimen::cuda {

/// How many GPUs the driver shows: 0 where there is no driver either. Never throws.
inline int device_count() {
  int count = 0;
  if (cudaGetDeviceCount(&count) == cudaSuccess) return count;
  static_cast<void>(cudaGetLastError());
  return 0;
}
inline bool is_available() { return device_count() > 0; }

namespace detail {

inline void check_blas(cublasStatus_t status, const char* call, const char* file, int line) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  regimen::detail::fail(call, {cublasGetStatusString(status), " at ", file, ":", line});
}

}  // namespace detail

/// Throws Error with the call's text and place where a function of cuBLAS fails.
#define REGIMEN_CUBLAS_CHECK(call) ::regimen::cuda::detail::check_blas((call), #call, __FILE__, __LINE__)

/// Where a thread's work on a GPU goes: a stream of a device, its cuBLAS handle, and a cache of memory whose blocks are
/// used in the order of that stream. A thread has one at a time; contexts of threads that ended serve others.
class Context {
 public:
  /// The calling thread's, on device 0 unless use_device() chose another. Throws Error where there is no GPU.
  static Context& current() {
    if (mine().context == nullptr) mine().context = acquire(0);
    return *mine().context;
  }

  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  int device() const { return device_; }
  cudaStream_t stream() const { return stream_; }
  cublasHandle_t cublas() const { return cublas_; }
  /// What this context's memory cache has done so far.
  AllocatorStats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

  /// Waits for all work so far. Throws Error where some of it failed.
  void synchronize() const { REGIMEN_CUDA_CHECK(cudaStreamSynchronize(stream_)); }

  /// A block of a size class (core/allocator.hpp), aligned to 256.
  void* allocate(int size_class) {
    {
      const std::lock_guard lock(mutex_);
      ++stats_.requests;
      auto& list = free_[static_cast<std::size_t>(size_class)];
      if (!list.empty()) {
        void* block = list.back();
        list.pop_back();
        stats_.cached_bytes -= regimen::detail::class_bytes(size_class);
        return block;
      }
      ++stats_.system_allocations;
    }
    const std::size_t bytes = regimen::detail::class_bytes(size_class);
    void* block = nullptr;
    cudaError_t error = cudaMalloc(&block, bytes);
    if (error == cudaErrorMemoryAllocation) {
      static_cast<void>(cudaGetLastError());
      release_cached_memory();
      error = cudaMalloc(&block, bytes);
    }
    if (error == cudaErrorMemoryAllocation) {
      static_cast<void>(cudaGetLastError());
      regimen::detail::fail("Tensor", {"the GPU has no memory for ", bytes, " bytes"},
                            "use smaller tensors or batches");
    }
    REGIMEN_CUDA_CHECK(error);
    return block;
  }

  /// Takes a block of allocate(size_class) back. What uses it next comes after what the calling thread has given its
  /// own stream so far.
  void deallocate(void* block, int size_class) noexcept {
    Context* const caller = mine().context;
    if (caller != nullptr && caller != this) follow(*caller);
    const std::lock_guard lock(mutex_);
    stats_.cached_bytes += regimen::detail::class_bytes(size_class);
    free_[static_cast<std::size_t>(size_class)].push_back(block);
  }

  /// Gives the cached blocks back to the driver, after all work so far.
  void release_cached_memory() {
    const std::lock_guard lock(mutex_);
    REGIMEN_CUDA_CHECK(cudaStreamSynchronize(stream_));
    for (auto& list : free_) {
      for (void* block : list) REGIMEN_CUDA_CHECK(cudaFree(block));
      list.clear();
    }
    stats_.cached_bytes = 0;
  }

  /// What comes later in this context's stream waits for what is in the other's so far.
  void follow(const Context& other) noexcept {
    // An event that cannot be had is no reason to fail in a destructor: waiting does the same, later.
    cudaEvent_t event = nullptr;
    if (cudaEventCreateWithFlags(&event, cudaEventDisableTiming) == cudaSuccess &&
        cudaEventRecord(event, other.stream_) == cudaSuccess && cudaStreamWaitEvent(stream_, event, 0) == cudaSuccess) {
      static_cast<void>(cudaEventDestroy(event));
    } else {
      static_cast<void>(cudaStreamSynchronize(other.stream_));
    }
  }

  /// From now on the calling thread works on this device. Throws Error where there is none of that number.
  friend void use_device(int device);

 private:
  static constexpr std::size_t workspace_bytes = std::size_t{32} << 20;  // what cuBLAS asks for on sm_90

  struct Mine {
    Context* context = nullptr;
    ~Mine() {
      if (context != nullptr) give_back(context);
      context = nullptr;
    }
  };
  static Mine& mine() {
    static thread_local Mine of_this_thread;
    return of_this_thread;
  }

  /// Contexts that no thread has now. Never destroyed: blocks of tensors may go back to them at the very end.
  struct Idle {
    std::mutex mutex;
    std::vector<Context*> contexts;
  };
  static Idle& idle() {
    static Idle& all = *new Idle;
    return all;
  }
  static Context* acquire(int device) {
    const int count = device_count();
    if (count == 0)
      regimen::detail::fail("Cuda", "no NVIDIA GPU was found", "use the device 'cpu', or see what `nvidia-smi` says");
    if (device < 0 || device >= count)
      regimen::detail::fail("use_device", {"device ", device, " of ", count}, "they count from 0");
    REGIMEN_CUDA_CHECK(cudaSetDevice(device));
    {
      const std::lock_guard lock(idle().mutex);
      auto& contexts = idle().contexts;
      for (auto i = contexts.begin(); i != contexts.end(); ++i)
        if ((*i)->device_ == device) {
          Context* const found = *i;
          contexts.erase(i);
          return found;
        }
    }
    return new Context(device);
  }
  static void give_back(Context* context) {
    const std::lock_guard lock(idle().mutex);
    idle().contexts.push_back(context);
  }

  explicit Context(int device) : device_(device), free_(regimen::detail::BlockCache::classes) {
    REGIMEN_CUDA_CHECK(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    REGIMEN_CUBLAS_CHECK(cublasCreate(&cublas_));
    REGIMEN_CUBLAS_CHECK(cublasSetStream(cublas_, stream_));
    // One workspace for all calls in this stream: cuBLAS then gives the same bits each time.
    REGIMEN_CUDA_CHECK(cudaMalloc(&workspace_, workspace_bytes));
    REGIMEN_CUBLAS_CHECK(cublasSetWorkspace(cublas_, workspace_, workspace_bytes));
    REGIMEN_CUBLAS_CHECK(cublasSetMathMode(cublas_, CUBLAS_DEFAULT_MATH));
  }

  int device_;
  cudaStream_t stream_ = nullptr;
  cublasHandle_t cublas_ = nullptr;
  void* workspace_ = nullptr;
  mutable std::mutex mutex_;
  std::vector<std::vector<void*>> free_;
  AllocatorStats stats_;
};

inline void use_device(int device) {
  auto& mine = Context::mine();
  if (mine.context != nullptr && mine.context->device_ == device) return;
  Context* const chosen = Context::acquire(device);
  if (mine.context != nullptr) Context::give_back(mine.context);
  mine.context = chosen;
}

/// Waits for all that the calling thread has given the GPU. Throws Error where some of it failed.
inline void synchronize() { Context::current().synchronize(); }

}  // namespace regimen::cuda
