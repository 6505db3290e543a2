// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <type_traits>

namespace regimen {

/// Tag of the host. Kernels overload on it: `kernel::softmax(Cpu{}, ...)`.
struct Cpu {
  static constexpr const char* name = "cpu";
};

/// Tag of a GPU of NVIDIA's. Its tensors and kernels are in regimen/cuda.cuh, which a program includes before any other
/// header of the library.
struct Cuda {
  static constexpr const char* name = "cuda";
};

template <class T>
inline constexpr bool is_device = std::is_same_v<T, Cpu> || std::is_same_v<T, Cuda>;

}  // namespace regimen
