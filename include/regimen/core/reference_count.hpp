// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

namespace regimen::detail {

/// A count of references that several threads may change. The compiler's atomics, since <atomic> alone preprocesses to
/// 24,000 lines and every file pays for this header.
class ReferenceCount {
 public:
  explicit ReferenceCount(int initial) : count_(initial) {}
  void increment() { __atomic_fetch_add(&count_, 1, __ATOMIC_RELAXED); }
  /// True for the caller that gave up the last reference.
  bool decrement() { return __atomic_fetch_sub(&count_, 1, __ATOMIC_ACQ_REL) == 1; }
  int get() const { return __atomic_load_n(&count_, __ATOMIC_ACQUIRE); }

 private:
  int count_;
};

}  // namespace regimen::detail
