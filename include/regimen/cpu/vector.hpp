// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <cstring>

#include "regimen/core/config.hpp"

/// Vectors of the machine's width, through the compilers' vector extensions: + - * / and comparisons go lane by lane,
/// and `mask ? a : b` selects.
namespace regimen::kernel {

#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr int vector_bytes = 32;
#else
inline constexpr int vector_bytes = 16;
#endif

template <class T, int Bytes = vector_bytes>
struct VectorOf {
  typedef T type __attribute__((vector_size(Bytes)));
};
/// As many T as the machine's registers hold.
template <class T>
using Vector = typename VectorOf<T>::type;

/// Number of T in a Vector<T>.
template <class T>
inline constexpr int lanes = vector_bytes / static_cast<int>(sizeof(T));

template <class V, class T>
REGIMEN_ALWAYS_INLINE V load(const T* from) {
  V value;
  std::memcpy(&value, from, sizeof(V));
  return value;
}

template <class V, class T>
REGIMEN_ALWAYS_INLINE void store(T* to, V value) {
  std::memcpy(to, &value, sizeof(V));
}

/// The first `count` < lanes<T> elements; the other lanes are zero.
template <class T>
REGIMEN_ALWAYS_INLINE Vector<T> load_part(const T* from, std::int64_t count) {
  Vector<T> value = {};
  std::memcpy(&value, from, static_cast<std::size_t>(count) * sizeof(T));
  return value;
}

template <class T>
REGIMEN_ALWAYS_INLINE void store_part(T* to, Vector<T> value, std::int64_t count) {
  std::memcpy(to, &value, static_cast<std::size_t>(count) * sizeof(T));
}

/// All lanes equal to `value`.
template <class T>
REGIMEN_ALWAYS_INLINE Vector<T> broadcast(T value) {
  return Vector<T>{} + value;
}

/// Sum and largest of the lanes, by a fixed tree.
template <class T>
REGIMEN_ALWAYS_INLINE T lane_sum(Vector<T> v) {
  T value[lanes<T>];
  store(value, v);
#pragma GCC unroll 4
  for (int width = lanes<T> / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) value[i] += value[i + width];
  return value[0];
}
template <class T>
REGIMEN_ALWAYS_INLINE T lane_max(Vector<T> v) {
  T value[lanes<T>];
  store(value, v);
#pragma GCC unroll 4
  for (int width = lanes<T> / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) value[i] = value[i + width] > value[i] ? value[i + width] : value[i];
  return value[0];
}

/// In a loop of few iterations: keeps it scalar, where the compiler's vector form would be longer and slower.
REGIMEN_ALWAYS_INLINE void keep_scalar() { asm volatile(""); }

}  // namespace regimen::kernel
