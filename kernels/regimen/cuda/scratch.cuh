// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>

#include "regimen/core/allocator.hpp"
#include "regimen/cuda/context.cuh"

namespace regimen::kernel {

/// Scratch memory on the calling thread's GPU, for kernels in its stream: it goes back to the cache while they may
/// still run, and what uses it next runs after them.
template <class T>
class DeviceScratch {
 public:
  explicit DeviceScratch(std::int64_t count)
      : context_(&cuda::Context::current()),
        size_class_(regimen::detail::size_class(static_cast<std::size_t>(count) * sizeof(T))) {
    if (count > 0) data_ = static_cast<T*>(context_->allocate(size_class_));
  }
  DeviceScratch(const DeviceScratch&) = delete;
  DeviceScratch& operator=(const DeviceScratch&) = delete;
  ~DeviceScratch() {
    if (data_ != nullptr) context_->deallocate(data_, size_class_);
  }
  T* data() const { return data_; }

 private:
  cuda::Context* context_;
  int size_class_;
  T* data_ = nullptr;
};

}  // namespace regimen::kernel
