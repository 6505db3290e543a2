// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/config.hpp"

namespace regimen {

/// Four random words, what one step of the generator gives.
struct PhiloxBlock {
  std::uint32_t word[4];
};

/// Philox4x32-10: a keyed bijection of 128-bit counters whose outputs pass as random numbers. There is no other state,
/// so any number of threads, on any device, can each compute the words that they need.
///
/// Source: Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
REGIMEN_HD inline PhiloxBlock philox4x32(std::uint64_t counter_low, std::uint64_t counter_high, std::uint64_t key) {
  std::uint32_t x0 = static_cast<std::uint32_t>(counter_low), x1 = static_cast<std::uint32_t>(counter_low >> 32);
  std::uint32_t x2 = static_cast<std::uint32_t>(counter_high), x3 = static_cast<std::uint32_t>(counter_high >> 32);
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * x0, b = std::uint64_t{0xCD9E8D57} * x2;
    x0 = static_cast<std::uint32_t>(b >> 32) ^ x1 ^ k0;
    x1 = static_cast<std::uint32_t>(b);
    x2 = static_cast<std::uint32_t>(a >> 32) ^ x3 ^ k1;
    x3 = static_cast<std::uint32_t>(a);
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return {{x0, x1, x2, x3}};
}

/// A random word as a number: uniform in [0, 1), a multiple of 2^-24 for float and of 2^-53 for double.
REGIMEN_HD inline float uniform_from(std::uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }
REGIMEN_HD inline double uniform_from(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

namespace detail {

/// coefficients[0] + coefficients[1] x + ...
template <class T, int N>
REGIMEN_HD inline T polynomial(const T (&coefficients)[N], T x) {
  T value = coefficients[N - 1];
  for (int i = N - 2; i >= 0; --i) value = value * x + coefficients[i];
  return value;
}

}  // namespace detail

/// A random word as a standard normal number: the quantile of (word + 1/2) / 2^32, and of (word + 1/2) / 2^64 for
/// double. One word a number, increasing in the word, and symmetric: the complement of a word gives the negative
/// number.
///
/// Source: Wichura (1988), algorithm AS 241, PPND7 and PPND16 (relative errors 1e-7 and 1e-16).
REGIMEN_HD inline float normal_from(std::uint32_t word) {
  const bool low = word < 0x80000000u;
  const float tail = (static_cast<float>(low ? word : ~word) + 0.5f) * 0x1p-32f;  // the smaller side's probability
  const float q = 0.5f - tail;
  float z = 0;
  if (q <= 0.425f) {
    const float r = 0.180625f - q * q;
    z = q * detail::polynomial({3.3871327179e0f, 5.0434271938e1f, 1.5929113202e2f, 5.9109374720e1f}, r) /
        detail::polynomial({1.0f, 1.7895169469e1f, 7.8757757664e1f, 6.7187563600e1f}, r);
  } else {
    const float r = __builtin_sqrtf(-__builtin_logf(tail));
    z = r <= 5.0f
            ? detail::polynomial({1.4234372777e0f, 2.7568153900e0f, 1.3067284816e0f, 1.7023821103e-1f}, r - 1.6f) /
                  detail::polynomial({1.0f, 7.3700164250e-1f, 1.2021132975e-1f}, r - 1.6f)
            : detail::polynomial({6.6579051150e0f, 3.0812263860e0f, 4.2868294337e-1f, 1.7337203997e-2f}, r - 5.0f) /
                  detail::polynomial({1.0f, 2.4197894225e-1f, 1.2258202635e-2f}, r - 5.0f);
  }
  return low ? -z : z;
}
REGIMEN_HD inline double normal_from(std::uint64_t word) {
  const bool low = word < (std::uint64_t{1} << 63);
  const double tail = (static_cast<double>(low ? word : ~word) + 0.5) * 0x1p-64;
  const double q = 0.5 - tail;
  double z = 0;
  if (q <= 0.425) {
    const double r = 0.180625 - q * q;
    z = q *
        detail::polynomial({3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                            45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727},
                           r) /
        detail::polynomial({1.0, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
                            21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852854561},
                           r);
  } else {
    const double r = __builtin_sqrt(-__builtin_log(tail));
    z = r <= 5.0 ? detail::polynomial({1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055,
                                       3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770,
                                       2.27238449892691845833e-2, 7.7454501427834140764e-4},
                                      r - 1.6) /
                       detail::polynomial({1.0, 2.05319162663775882187, 1.6763848301838038494, 0.6897673349851000455,
                                           0.14810397642748007459, 1.51986665636164571966e-2, 5.475938084995344946e-4,
                                           1.05075007164441684324e-9},
                                          r - 1.6)
                 : detail::polynomial({6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358,
                                       0.29656057182850489123, 2.6532189526576123093e-2, 1.2426609473880784386e-3,
                                       2.71155556874348757815e-5, 2.01033439929228813265e-7},
                                      r - 5.0) /
                       detail::polynomial({1.0, 0.59983220655588793769, 0.13692988092273580531,
                                           1.48753612908506148525e-2, 7.868691311456132591e-4, 1.8463183175100546818e-5,
                                           1.4215117583164458887e-7, 2.04426310338993978564e-15},
                                          r - 5.0);
  }
  return low ? -z : z;
}

}  // namespace regimen
