// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// The twin of mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32, as PTX's manual lays its operands out over the
// lanes.

#include <bit>
#include <cstdint>

#include "simt/simt.hpp"

namespace simt {
namespace detail {

struct MmaInput {
  std::uint32_t a[4], b[2];
  float c[4];
};
struct MmaOutput {
  float c[4];
};

struct Mma {
  static float part(std::uint32_t word, unsigned upper) {
    return std::bit_cast<float>((upper != 0 ? word >> 16 : word & 0xffffu) << 16);
  }
  void operator()(const MmaInput* const* in, MmaOutput* const* out, std::uint32_t) const {
    float a[16][16], b[16][8];
    for (unsigned lane = 0; lane < 32; ++lane) {
      const unsigned g = lane / 4, q = lane % 4 * 2;
      for (unsigned h = 0; h < 2; ++h) {
        for (unsigned r = 0; r < 4; ++r) a[g + r % 2 * 8][q + r / 2 * 8 + h] = part(in[lane]->a[r], h);
        for (unsigned r = 0; r < 2; ++r) b[q + r * 8 + h][g] = part(in[lane]->b[r], h);
      }
    }
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned e = 0; e < 4; ++e) {
        const unsigned row = lane / 4 + e / 2 * 8, column = lane % 4 * 2 + e % 2;
        float sum = in[lane]->c[e];
        for (unsigned k = 0; k < 16; ++k) sum += a[row][k] * b[k][column];
        out[lane]->c[e] = sum;
      }
  }
};

}  // namespace detail

/// c += a b over a whole warp.
inline void mma_m16n8k16(float (&c)[4], const std::uint32_t (&a)[4], const std::uint32_t (&b)[2], SIMT_HERE) {
  const auto out = detail::exchange<detail::MmaInput, detail::MmaOutput>(
      0xffffffffu, "mma", {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}, {c[0], c[1], c[2], c[3]}}, detail::Mma{}, here);
  for (int i = 0; i < 4; ++i) c[i] = out.c[i];
}

}  // namespace simt
