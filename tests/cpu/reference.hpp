// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#if defined(_OPENMP)
#include <omp.h>
#endif

/// What the tests of the kernels share: random inputs, a tolerance, and runs at several thread counts.
namespace reference {

inline std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

/// A cheap stream of values in [-1, 1).
struct Stream {
  std::uint64_t state;
  std::uint64_t bits() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 33;
  }
  double value() { return static_cast<double>(bits()) / static_cast<double>(1u << 30) - 1.0; }
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(n)); }

  template <class T>
  std::vector<T> values(std::int64_t count, double scale = 1) {
    std::vector<T> result(index(count));
    for (T& v : result) v = static_cast<T>(scale * value());
    return result;
  }
  std::vector<std::int64_t> indices(std::int64_t count, std::int64_t n) {
    std::vector<std::int64_t> result(index(count));
    for (std::int64_t& v : result) v = below(n);
    return result;
  }
};

/// Whether every element is within `factor` eps max(1, |expected|) of the expected one, or both are NaN, or equal. In
/// double the expected one has rounding errors of its own, so the factor is ten times that.
template <class T>
bool near(const std::vector<T>& result, const std::vector<double>& expected, double factor) {
  if (result.size() != expected.size()) return false;
  if (sizeof(T) == sizeof(double)) factor *= 10;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double x = static_cast<double>(result[i]), y = expected[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double bound = factor * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::max(1.0, std::abs(y));
    if (!(std::abs(x - y) <= bound)) return false;
  }
  return true;
}

/// Whether run(), which returns a vector, gives the same bytes on one, two and three threads.
template <class Run>
bool same_at_any_thread_count(Run run) {
#if defined(_OPENMP)
  const int threads = omp_get_max_threads();
  bool same = true;
  omp_set_num_threads(1);
  const auto one = run();
  for (const int team : {2, 3}) {
    omp_set_num_threads(team);
    const auto several = run();
    same = same && one.size() == several.size() &&
           (one.empty() || std::memcmp(one.data(), several.data(), one.size() * sizeof(one[0])) == 0);
  }
  omp_set_num_threads(threads);
  return same;
#else
  static_cast<void>(run);
  return true;
#endif
}

}  // namespace reference
