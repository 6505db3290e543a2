// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <type_traits>

#include "regimen/core/config.hpp"
#include "regimen/core/device.hpp"
#include "regimen/cuda/context.cuh"
#include "regimen/cuda/platform.cuh"

namespace regimen::kernel {

namespace cuda_detail {

inline constexpr int threads = 256;  // of a block, where nothing speaks for another number

/// 16 bytes that one instruction moves.
template <class T>
struct alignas(16) Pack {
  static constexpr int count = 16 / static_cast<int>(sizeof(T));
  T value[count];
};

template <class T>
__device__ Pack<T> load_pack(const T* from) {
  return *reinterpret_cast<const Pack<T>*>(from);
}

/// Whether all pointers can be read and written by packs.
template <class... P>
bool packs(const P*... pointers) {
  return ((reinterpret_cast<std::uintptr_t>(pointers) % 16 == 0) && ...);
}

/// Threads of a block where n are needed: whole warps.
inline unsigned block_of(std::int64_t n) {
  return n < 1 ? 32 : n < threads ? static_cast<unsigned>((n + 31) / 32 * 32) : threads;
}

template <class T, class F, class... In>
__global__ void map_packs(std::int64_t n, F f, T* out, const In*... in) {  // out, in [n]: a pack a thread, then a tail
  constexpr int count = Pack<T>::count;
  const std::int64_t i = (std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x) * count;
  if (i + count <= n) {
    const auto apply = [&](const auto&... pack) {
      Pack<T> y;
      REGIMEN_UNROLL
      for (int k = 0; k < count; ++k) y.value[k] = f(pack.value[k]...);
      *reinterpret_cast<Pack<T>*>(out + i) = y;
    };
    apply(load_pack(in + i)...);
  } else {
    for (std::int64_t j = i; j < n; ++j) out[j] = f(in[j]...);
  }
}

template <class T, class F, class... In>
__global__ void map_elements(std::int64_t n, F f, T* out, const In*... in) {  // out, in [n]: an element a thread
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < n) out[i] = f(in[i]...);
}

/// Launches kernel(n, arguments...) with a thread for each of n items.
template <class... P>
void launch_items(const char* name, void (*kernel)(std::int64_t, P...), std::int64_t n,
                  std::type_identity_t<P>... arguments) {
  const unsigned block = block_of(n);
  cuda::launch(name, kernel, {.grid = cuda::block_count(n, block), .block = block}, cuda::Context::current().stream(),
               n, arguments...);
}

template <class T>
struct Constant {
  T value;
  REGIMEN_HD T operator()() const { return value; }
};
template <class U>
struct Convert {
  template <class T>
  REGIMEN_HD U operator()(T x) const {
    return static_cast<U>(x);
  }
};

}  // namespace cuda_detail

/// out[i] = f(in[i]...) for i < n. f is a function object whose operator() is REGIMEN_HD. out may be one of the inputs;
/// otherwise it overlaps none.
template <class T, class F, class... In>
void map(Cuda, std::int64_t n, const F& f, T* out, const In*... in) {
  using namespace cuda_detail;
  const cudaStream_t stream = cuda::Context::current().stream();
  constexpr bool same_size = ((sizeof(In) == sizeof(T)) && ...);
  if constexpr (same_size && 16 % sizeof(T) == 0) {
    if (packs(out, in...)) {
      const std::int64_t items = (n + Pack<T>::count - 1) / Pack<T>::count;
      const unsigned block = block_of(items);
      return cuda::launch("map", map_packs<T, F, In...>, {.grid = cuda::block_count(items, block), .block = block},
                          stream, n, f, out, in...);
    }
  }
  launch_items("map", map_elements<T, F, In...>, n, f, out, in...);
}

/// out[i] = value for i < n.
template <class T>
void fill(Cuda, std::int64_t n, T value, T* out) {
  map(Cuda{}, n, cuda_detail::Constant<T>{value}, out);
}

/// out[i] = U(in[i]) for i < n.
template <class T, class U>
void convert(Cuda, std::int64_t n, const T* in, U* out) {
  map(Cuda{}, n, cuda_detail::Convert<U>{}, out, in);
}

}  // namespace regimen::kernel
