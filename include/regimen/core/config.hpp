// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

/// The project's macros. No other header under include/ defines one, and none tests for a compiler.
///
/// REGIMEN_HD: a function that runs on the host and, under nvcc, on the device.
/// REGIMEN_DEVICE_CODE: 1 while nvcc compiles the device's version of such a function, else 0.
/// REGIMEN_NVCC: 1 in a file that nvcc compiles, else 0.
/// REGIMEN_ALWAYS_INLINE: inlined at any optimisation level (register tiles of kernels depend on it).
/// REGIMEN_MODULE (in nn/module.hpp) is the only macro that user code writes.

#define REGIMEN_VERSION_MAJOR 0
#define REGIMEN_VERSION_MINOR 1
#define REGIMEN_VERSION_PATCH 0

#if defined(__CUDACC__)
#define REGIMEN_NVCC 1
#define REGIMEN_HD __host__ __device__
#pragma nv_diag_suppress 1675  // it passes GCC's unroll pragmas on to the host's compiler, but warns of them
#else
#define REGIMEN_NVCC 0
#define REGIMEN_HD
#endif

#if defined(__CUDA_ARCH__)
#define REGIMEN_DEVICE_CODE 1
#else
#define REGIMEN_DEVICE_CODE 0
#endif

#define REGIMEN_ALWAYS_INLINE inline __attribute__((always_inline))
