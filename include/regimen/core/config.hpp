// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// The project's macros. No other header defines one, and none tests for a compiler.
///
/// REGIMEN_HD: a function that runs on the host and, under nvcc, on the device.
/// REGIMEN_ALWAYS_INLINE: inlined at any optimisation level (register tiles of kernels depend on it).
/// REGIMEN_MODULE (in nn/module.hpp) is the only macro that user code writes.

#define REGIMEN_VERSION_MAJOR 0
#define REGIMEN_VERSION_MINOR 1
#define REGIMEN_VERSION_PATCH 0

#if defined(__CUDACC__)
#define REGIMEN_HD __host__ __device__
#else
#define REGIMEN_HD
#endif

#define REGIMEN_ALWAYS_INLINE inline __attribute__((always_inline))
