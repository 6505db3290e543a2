// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// cp.async. The copy is made at the last legal moment, the wait; until then its target holds 0xFF bytes.

#include "cuda_runtime.h"

inline void __pipeline_memcpy_async(void* to, const void* from, std::size_t bytes, std::size_t zeros = 0, SIMT_HERE) {
  simt::detail::async_copy(to, from, bytes, zeros, here);
}
inline void __pipeline_commit() { simt::detail::async_commit(); }
__forceinline__ void __pipeline_wait_prior(unsigned pending) {
  simt::detail::async_wait(pending, __builtin_return_address(0));
}
