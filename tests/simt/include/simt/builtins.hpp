// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// The functions that CUDA offers in device code. __activemask is missing on purpose: it depends on the schedule.

#include <math.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "simt/simt.hpp"

// Barriers and warp collectives.

inline void __syncthreads(SIMT_HERE) { simt::detail::barrier(false, here); }
inline int __syncthreads_count(int p, SIMT_HERE) { return simt::detail::barrier(p != 0, here).count; }
inline int __syncthreads_and(int p, SIMT_HERE) { return simt::detail::barrier(p != 0, here).all; }
inline int __syncthreads_or(int p, SIMT_HERE) { return simt::detail::barrier(p != 0, here).any; }
inline void __syncwarp(unsigned mask = 0xffffffffu, SIMT_HERE) {
  simt::detail::collective(
      mask, "__syncwarp", {}, 0, [](simt::detail::Lane*, std::uint32_t, std::size_t) {}, here);
}

#define SIMT_SHUFFLE(name, kind, Argument)                                                      \
  template <class T>                                                                            \
  inline T name(unsigned mask, T value, Argument argument, int width = 32, SIMT_HERE) {         \
    static_assert(std::is_trivially_copyable_v<T>);                                             \
    T result = value;                                                                           \
    simt::detail::shuffle(mask, #name, &value, &result, sizeof(T), simt::detail::Shuffle::kind, \
                          static_cast<int>(argument), width, here);                             \
    return result;                                                                              \
  }
SIMT_SHUFFLE(__shfl_sync, index, int)
SIMT_SHUFFLE(__shfl_up_sync, up, unsigned)
SIMT_SHUFFLE(__shfl_down_sync, down, unsigned)
SIMT_SHUFFLE(__shfl_xor_sync, exclusive_or, int)
#undef SIMT_SHUFFLE

inline unsigned __ballot_sync(unsigned mask, int p, SIMT_HERE) {
  return simt::detail::ballot(mask, "__ballot_sync", p != 0, here);
}
inline int __any_sync(unsigned mask, int p, SIMT_HERE) {
  return simt::detail::ballot(mask, "__any_sync", p != 0, here) != 0;
}
inline int __all_sync(unsigned mask, int p, SIMT_HERE) {
  return simt::detail::ballot(mask, "__all_sync", p != 0, here) == mask;
}

namespace simt::detail {

struct MatchAny {
  template <class T>
  void operator()(const T* const* in, unsigned* const* out, std::uint32_t mask) const {
    for (unsigned i = 0; i < 32; ++i)
      for (unsigned j = 0; j < 32; ++j)
        if ((mask >> i & 1) != 0 && (mask >> j & 1) != 0 && *in[i] == *in[j]) *out[i] |= 1u << j;
  }
};

template <class F>
struct Reduce {
  template <class T>
  void operator()(const T* const* in, T* const* out, std::uint32_t mask) const {
    T total = *in[std::countr_zero(mask)];
    for (std::uint32_t left = mask & (mask - 1); left != 0; left &= left - 1)
      total = F{}(total, *in[std::countr_zero(left)]);
    for (std::uint32_t left = mask; left != 0; left &= left - 1) *out[std::countr_zero(left)] = total;
  }
};

}  // namespace simt::detail

template <class T>
inline unsigned __match_any_sync(unsigned mask, T value, SIMT_HERE) {
  return simt::detail::exchange<T, unsigned>(mask, "__match_any_sync", value, simt::detail::MatchAny{}, here);
}

#define SIMT_REDUCE(name, T, expression)                                                                \
  inline T name(unsigned mask, T value, SIMT_HERE) {                                                    \
    constexpr auto f = [](T a, T b) { return static_cast<T>(expression); };                             \
    return simt::detail::exchange<T, T>(mask, #name, value, simt::detail::Reduce<decltype(f)>{}, here); \
  }
SIMT_REDUCE(__reduce_add_sync, int, static_cast<unsigned>(a) + static_cast<unsigned>(b))
SIMT_REDUCE(__reduce_add_sync, unsigned, a + b)
SIMT_REDUCE(__reduce_min_sync, int, a < b ? a : b)
SIMT_REDUCE(__reduce_min_sync, unsigned, a < b ? a : b)
SIMT_REDUCE(__reduce_max_sync, int, a > b ? a : b)
SIMT_REDUCE(__reduce_max_sync, unsigned, a > b ? a : b)
SIMT_REDUCE(__reduce_and_sync, unsigned, a& b)
SIMT_REDUCE(__reduce_or_sync, unsigned, a | b)
SIMT_REDUCE(__reduce_xor_sync, unsigned, a ^ b)
#undef SIMT_REDUCE

inline void __threadfence() { simt::detail::fence(); }
inline void __threadfence_block() { simt::detail::fence(); }
inline void __threadfence_system() { simt::detail::fence(); }
inline void __nanosleep(unsigned) { simt::detail::yield(); }
[[noreturn]] inline void __trap(SIMT_HERE) { simt::detail::trap(here); }

// Atomics, relaxed as on the device.

namespace simt::detail {
inline constexpr auto relaxed = std::memory_order_relaxed;
template <class T, class F>
T read_modify_write(T* p, F f) {
  std::atomic_ref<T> a(*p);
  T old = a.load(relaxed);
  while (!a.compare_exchange_weak(old, f(old), relaxed)) {
  }
  return old;
}
}  // namespace simt::detail

#define SIMT_ATOMIC(T)                                                                                 \
  inline T atomicAdd(T* p, T v) { return std::atomic_ref<T>(*p).fetch_add(v, simt::detail::relaxed); } \
  inline T atomicExch(T* p, T v) { return std::atomic_ref<T>(*p).exchange(v, simt::detail::relaxed); }
SIMT_ATOMIC(int)
SIMT_ATOMIC(unsigned)
SIMT_ATOMIC(unsigned long long)
SIMT_ATOMIC(float)
SIMT_ATOMIC(double)
#undef SIMT_ATOMIC
#define SIMT_ATOMIC(T)                                                                                 \
  inline T atomicAnd(T* p, T v) { return std::atomic_ref<T>(*p).fetch_and(v, simt::detail::relaxed); } \
  inline T atomicOr(T* p, T v) { return std::atomic_ref<T>(*p).fetch_or(v, simt::detail::relaxed); }   \
  inline T atomicXor(T* p, T v) { return std::atomic_ref<T>(*p).fetch_xor(v, simt::detail::relaxed); } \
  inline T atomicMax(T* p, T v) {                                                                      \
    return simt::detail::read_modify_write(p, [v](T old) { return old < v ? v : old; });               \
  }                                                                                                    \
  inline T atomicMin(T* p, T v) {                                                                      \
    return simt::detail::read_modify_write(p, [v](T old) { return v < old ? v : old; });               \
  }                                                                                                    \
  inline T atomicCAS(T* p, T expected, T v) {                                                          \
    std::atomic_ref<T>(*p).compare_exchange_strong(expected, v, simt::detail::relaxed);                \
    return expected;                                                                                   \
  }
SIMT_ATOMIC(int)
SIMT_ATOMIC(unsigned)
SIMT_ATOMIC(unsigned long long)
#undef SIMT_ATOMIC
inline int atomicSub(int* p, int v) { return std::atomic_ref<int>(*p).fetch_sub(v, simt::detail::relaxed); }
inline unsigned atomicSub(unsigned* p, unsigned v) {
  return std::atomic_ref<unsigned>(*p).fetch_sub(v, simt::detail::relaxed);
}
inline unsigned atomicInc(unsigned* p, unsigned v) {
  return simt::detail::read_modify_write(p, [v](unsigned old) { return old >= v ? 0u : old + 1; });
}

// Loads, bits.

#define SIMT_LOAD(name)       \
  template <class T>          \
  inline T name(const T* p) { \
    return *p;                \
  }
SIMT_LOAD(__ldg)
SIMT_LOAD(__ldca)
SIMT_LOAD(__ldcg)
SIMT_LOAD(__ldcs)
#undef SIMT_LOAD
#define SIMT_STORE(name)        \
  template <class T>            \
  inline void name(T* p, T v) { \
    *p = v;                     \
  }
SIMT_STORE(__stwb)
SIMT_STORE(__stcg)
SIMT_STORE(__stcs)
#undef SIMT_STORE

inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((std::uint64_t{a} * b) >> 32); }
inline int __mulhi(int a, int b) { return static_cast<int>((std::int64_t{a} * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<unsigned long long>((Wide{a} * b) >> 64);
}
inline int __popc(unsigned x) { return std::popcount(x); }
inline int __popcll(unsigned long long x) { return std::popcount(x); }
inline int __clz(int x) { return std::countl_zero(static_cast<unsigned>(x)); }
inline int __clzll(long long x) { return std::countl_zero(static_cast<unsigned long long>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline unsigned __brev(unsigned x) {
  unsigned r = 0;
  for (int i = 0; i < 32; ++i) r |= (x >> i & 1u) << (31 - i);
  return r;
}
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  return shift % 32 != 0 ? high << shift % 32 | low >> (32 - shift % 32) : high;
}
inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return shift % 32 != 0 ? high << (32 - shift % 32) | low >> shift % 32 : low;
}
inline int __float_as_int(float x) { return std::bit_cast<int>(x); }
inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline float __int_as_float(int x) { return std::bit_cast<float>(x); }
inline float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
inline long long __double_as_longlong(double x) { return std::bit_cast<long long>(x); }
inline double __longlong_as_double(long long x) { return std::bit_cast<double>(x); }
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
inline float __double2float_rn(double x) { return static_cast<float>(x); }
inline int __float2int_rn(float x) { return static_cast<int>(std::nearbyint(x)); }
inline int __float2int_rz(float x) { return static_cast<int>(x); }

// Maths. What is approximate on the device is exact here.

inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline float __expf(float x) { return std::exp(x); }
inline float __exp10f(float x) { return std::pow(10.0f, x); }
inline float __logf(float x) { return std::log(x); }
inline float __log2f(float x) { return std::log2(x); }
inline float __powf(float x, float y) { return std::pow(x, y); }
inline float __sinf(float x) { return std::sin(x); }
inline float __cosf(float x) { return std::cos(x); }
inline float __tanf(float x) { return std::tan(x); }
inline void __sincosf(float x, float* s, float* c) { *s = std::sin(x), *c = std::cos(x); }
inline void sincospif(float x, float* s, float* c) {
  *s = static_cast<float>(std::sin(3.14159265358979323846 * static_cast<double>(x)));
  *c = static_cast<float>(std::cos(3.14159265358979323846 * static_cast<double>(x)));
}
inline float normcdff(float x) { return 0.5f * std::erfc(-x * 0.70710678f); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float __fsqrt_rn(float a) { return std::sqrt(a); }
inline float __frsqrt_rn(float a) { return 1.0f / std::sqrt(a); }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
inline float __saturatef(float x) { return x > 0 ? (x < 1 ? x : 1.0f) : 0.0f; }

#define SIMT_MIN_MAX(T)                               \
  constexpr T min(T a, T b) { return b < a ? b : a; } \
  constexpr T max(T a, T b) { return a < b ? b : a; }
SIMT_MIN_MAX(int)
SIMT_MIN_MAX(unsigned)
SIMT_MIN_MAX(long)
SIMT_MIN_MAX(unsigned long)
SIMT_MIN_MAX(long long)
SIMT_MIN_MAX(unsigned long long)
#undef SIMT_MIN_MAX
inline float min(float a, float b) { return std::fmin(a, b); }
inline float max(float a, float b) { return std::fmax(a, b); }
inline double min(double a, double b) { return std::fmin(a, b); }
inline double max(double a, double b) { return std::fmax(a, b); }
