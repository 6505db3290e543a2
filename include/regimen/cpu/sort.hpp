// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#include "regimen/core/device.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/cpu/elementwise.hpp"
#include "regimen/cpu/scratch.hpp"

namespace regimen::kernel {

namespace sort_detail {

template <class T>
struct Entry {
  T value;
  std::int64_t at;
};

/// Whether a comes before b: NaN is above all numbers, and of equal ones the first comes first.
template <bool Descending, class T>
bool before(const Entry<T>& a, const Entry<T>& b) {
  const T low = Descending ? b.value : a.value, high = Descending ? a.value : b.value;
  if (low < high) return true;
  if (high < low) return false;
  const bool low_is_nan = low != low, high_is_nan = high != high;
  return low_is_nan == high_is_nan ? a.at < b.at : high_is_nan;
}

template <bool Descending, class T>
void first_of_row(std::int64_t count, std::int64_t inner, std::int64_t k, const T* in, Entry<T>* entries,
                  std::int64_t* indices) {
  for (std::int64_t i = 0; i < count; ++i) entries[i] = {in[i * inner], i};
  if (k < count) std::nth_element(entries, entries + k, entries + count, before<Descending, T>);
  std::sort(entries, entries + k, before<Descending, T>);
  for (std::int64_t i = 0; i < k; ++i) indices[i * inner] = entries[i].at;
}

}  // namespace sort_detail

/// indices[o, :, j] = the positions of the k <= count first elements of in[o, :, j] in ascending or descending order,
/// for in[outer, count, inner] and indices[outer, k, inner]. NaN is above all numbers; of equal elements the one of the
/// lower position comes first, in both orders.
template <class T>
void first_positions(Cpu, std::int64_t outer, std::int64_t count, std::int64_t inner, std::int64_t k, bool descending,
                     const T* in, std::int64_t* indices) {
  if (k == 0) return;
  parallel_for(outer * inner, std::max<std::int64_t>(1, elementwise_grain / (8 * count)),
               [&](std::int64_t begin, std::int64_t end) {
                 const Scratch<sort_detail::Entry<T>> entries(count);
                 for (std::int64_t row = begin; row < end; ++row) {
                   const std::int64_t o = row / inner, j = row % inner;
                   const T* from = in + o * count * inner + j;
                   std::int64_t* to = indices + o * k * inner + j;
                   if (descending)
                     sort_detail::first_of_row<true>(count, inner, k, from, entries.data(), to);
                   else
                     sort_detail::first_of_row<false>(count, inner, k, from, entries.data(), to);
                 }
               });
}

}  // namespace regimen::kernel
