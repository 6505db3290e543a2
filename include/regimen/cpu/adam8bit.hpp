// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>

#include "regimen/cpu/optimizer.hpp"

/// Arrays of 8-bit numbers, and Adam with such moments.
namespace regimen::kernel {

/// The 256 numbers that a byte stands for, ascending, in [-1, 1] or [0, 1]: dynamic tree quantisation (T. Dettmers,
/// 8-bit approximations for parallelism in deep learning, 2016). Decade d = 0 ... 6, (0.1, 1] 10^(d - 6), has 2^d equal
/// cells (2^(d + 1) without a sign), whose middles are the numbers; and there are 0 and 1.
struct DynamicCode {
  float value[256];
  float bound[255];  ///< between two neighbours, in their middle

  explicit DynamicCode(bool with_sign) {
    int n = with_sign ? 127 : 0;  // where 0 stands
    value[n] = 0;
    double decade = 1e-6;
    for (int d = 0; d < 7; ++d, decade *= 10) {
      const int cells = 1 << (with_sign ? d : d + 1);
      for (int i = 0; i < cells; ++i) value[++n] = static_cast<float>(decade * (0.1 + 0.9 * (i + 0.5) / cells));
    }
    value[255] = 1;
    for (int i = 0; with_sign && i < 127; ++i) value[i] = -value[254 - i];
    for (int i = 0; i < 255; ++i) bound[i] = (value[i] + value[i + 1]) / 2;
  }

  /// The byte whose number is nearest to x; NaN gives 0.
  std::uint8_t nearest(float x) const {
    int first = 0;
    for (int half = 128; half > 0; half /= 2) first += x > bound[first + half - 1] ? half : 0;
    return static_cast<std::uint8_t>(first);
  }
};

/// x = scale code[byte].
template <class T>
void dequantise(std::int64_t n, const DynamicCode& code, T scale, const std::uint8_t* bytes, T* x) {
  for (std::int64_t i = 0; i < n; ++i) x[i] = scale * static_cast<T>(code.value[bytes[i]]);
}

/// The bytes nearest to x / scale, for the scale max |x|, which is returned.
template <class T>
T quantise(std::int64_t n, const DynamicCode& code, const T* x, std::uint8_t* bytes) {
  T scale = 0;
  for (std::int64_t i = 0; i < n; ++i) scale = std::fmax(scale, std::fabs(x[i]));
  const T inverse = scale > 0 ? T(1) / scale : T(0);
  for (std::int64_t i = 0; i < n; ++i) bytes[i] = code.nearest(static_cast<float>(x[i] * inverse));
  return scale;
}

/// AdamW (see adamw()) whose moments are bytes with a scale for each `block` elements: they are widened, updated, used
/// and rounded again block by block, so that no more than a block of them is ever wide. The bytes of block b begin at
/// b block. Needs block <= 4096.
template <class T>
void adam8bit(Cpu, std::int64_t n, std::int64_t block, const AdamStep<T>& s, const DynamicCode& with_sign,
              const DynamicCode& without_sign, const T* g, std::uint8_t* m, T* m_scale, std::uint8_t* v, T* v_scale,
              T* p) {
  const std::int64_t blocks = (n + block - 1) / block, grain = 1 + elementwise_grain / (4 * block);
  parallel_for(blocks, grain, [&](std::int64_t begin, std::int64_t end) {
    T first[4096], second[4096];
    for (std::int64_t b = begin; b < end; ++b) {
      const std::int64_t at = b * block, count = b + 1 < blocks ? block : n - at;
      dequantise(count, with_sign, m_scale[b], m + at, first);
      dequantise(count, without_sign, v_scale[b], v + at, second);
      adamw<T>(Cpu{}, count, s, g + at, first, second, p + at);
      m_scale[b] = quantise(count, with_sign, first, m + at);
      v_scale[b] = quantise(count, without_sign, second, v + at);
    }
  });
}

}  // namespace regimen::kernel
