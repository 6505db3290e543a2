// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cstdint>

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace regimen {

/// Threads that parallel_for may use: OpenMP's setting (OMP_NUM_THREADS, omp_set_num_threads), 1 without OpenMP.
inline int max_threads() {
#if defined(_OPENMP)
  return omp_in_parallel() ? 1 : omp_get_max_threads();
#else
  return 1;
#endif
}

/// Calls body(begin, end) on consecutive ranges that cover [0, count), one range a thread, each of at least `grain`
/// elements where count allows it. Runs serially, as one call body(0, count), where there is one thread, little work,
/// or a surrounding parallel region. The body must not throw, and must write only outputs of its own range: then the
/// result has the same bits at any number of threads.
template <class Body>
inline void parallel_for(std::int64_t count, std::int64_t grain, Body&& body) {
  if (count <= 0) return;
#if defined(_OPENMP)
  if (count >= 2 * grain) {
    const std::int64_t parts = std::min<std::int64_t>(max_threads(), count / std::max<std::int64_t>(grain, 1));
    if (parts > 1) {
#pragma omp parallel num_threads(static_cast <int>(parts))
      {
        const std::int64_t team = omp_get_num_threads(), part = omp_get_thread_num();
        const std::int64_t begin = count * part / team, end = count * (part + 1) / team;
        if (begin < end) body(begin, end);
      }
      return;
    }
  }
#else
  static_cast<void>(grain);
#endif
  body(std::int64_t{0}, count);
}

}  // namespace regimen
