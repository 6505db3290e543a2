// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>

#include "regimen/core/allocator.hpp"

namespace regimen::kernel {

/// Scratch memory: on the stack where it is little, else a block of this thread's cache.
template <class T>
class Scratch {
 public:
  explicit Scratch(std::int64_t count) : bytes_(static_cast<std::size_t>(count) * sizeof(T)) {
    if (bytes_ > sizeof(local_)) data_ = static_cast<T*>(regimen::detail::allocate(bytes_));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (data_ != local_) regimen::detail::deallocate(data_, bytes_);
  }
  T* data() const { return data_; }

 private:
  alignas(64) T local_[128];
  std::size_t bytes_;
  T* data_ = local_;
};

}  // namespace regimen::kernel
