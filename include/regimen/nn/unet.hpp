// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/conv1d.hpp"
#include "regimen/nn/conv2d.hpp"
#include "regimen/nn/film.hpp"
#include "regimen/nn/group_norm.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// Each element along the axes from 2 on twice: x [n, channels, ...] with sizes doubled, the nearest neighbour.
template <class T, class Device>
Tensor<T, Device> upsample_twice(const Tensor<T, Device>& x) {
  if (x.rank() < 2) detail::fail("upsample_twice", {"x is ", x.shape()}, "it is [n, channels, ...]");
  Tensor<T, Device> y = x;
  for (int axis = 2; axis < x.rank(); ++axis) {
    Shape pairs = y.shape().sub(0, axis + 1).append(2);
    for (int after = axis + 1; after < x.rank(); ++after) pairs.append(y.size(after));
    y = reshape(broadcast_to(unsqueeze(y, axis + 1), pairs), y.shape().with(axis, 2 * y.size(axis)));
  }
  return y;
}

struct UNetOptions {
  std::int64_t in = 1, out = 1;                       ///< channels of the input and the output
  std::int64_t width = 32;                            ///< channels of the first level
  std::vector<std::int64_t> multipliers = {1, 2, 4};  ///< of the width, one a level; each level halves the size
  std::int64_t condition = 0;                         ///< size of a conditioning vector; 0: there is none
  std::int64_t groups = 8;                            ///< of the norms, which divide each level's channels
};

namespace detail {

/// x + f(x), f = conv silu film norm conv silu norm; a convolution of size 1 for x where the channels differ.
template <class Conv, class T, class Device>
struct UNetBlock {
  UNetBlock(std::int64_t from, std::int64_t to, const UNetOptions& options, Rng& rng)
      : norm1(options.groups, from),
        norm2(options.groups, to),
        conv1(from, to, 3, rng, {.padding = 1}),
        conv2(to, to, 3, rng, {.padding = 1}) {
    if (options.condition > 0) film.emplace_back(options.condition, to, rng);
    if (from != to) shortcut.emplace_back(from, to, 1, rng);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& condition) const {
    auto y = norm2(conv1(silu(norm1(x))));
    if (!film.empty()) y = film[0](y, condition);
    y = conv2(silu(y));
    return y + (shortcut.empty() ? x : shortcut[0](x));
  }

  GroupNorm<T, Device> norm1, norm2;
  Conv conv1, conv2;
  std::vector<Film<T, Device>> film;  ///< one, or none
  std::vector<Conv> shortcut;
  REGIMEN_MODULE(norm1, norm2, conv1, conv2, film, shortcut)
};

}  // namespace detail

/// A U-net: levels of falling size and growing width on the way down, the same on the way up, each of which also reads
/// what the way down gave at its size. With x [n, in, sizes...] and the levels' blocks (which are residual, with group
/// norms and silu, and have an optional FiLM of a conditioning vector [n, condition] after the second norm):
///
///   h_0 = first(x);  s_i = down_block_i(h_i),  h_{i+1} = down_i(s_i)  (convolution of stride 2; none after the last)
///   u = middle(s_last);  from the last level up: u = up_block_i([u, s_i]),  u = up_i(upsample_twice(u))  (none at
///   last) y = last(silu(norm(u))), [n, out, sizes...]
///
/// Source: Ronneberger et al. (2015), U-net, with the blocks of Ho et al. (2020), Denoising diffusion, and the scale
/// and shift of Dhariwal & Nichol (2021). Deviation: one block a level, no attention. UNet1d is of sequences, UNet2d of
/// images. Throws Error where sizes are not divisible by 2^(levels - 1), a condition is missing, given without need or
/// of another size, and for options out of range.
///
///   UNet1d<> model({.in = 2, .out = 2, .condition = 64}, rng);
///   const auto noise = model(x, sinusoidal(t, 64));
template <class Conv, class T, class Device>
struct UNet {
  UNet(const UNetOptions& options, Rng& rng)
      : condition_size(checked(options).condition),
        first(options.in, options.width * options.multipliers.front(), 3, rng, {.padding = 1}),
        middle(options.width * options.multipliers.back(), options.width * options.multipliers.back(), options, rng),
        norm(options.groups, options.width * options.multipliers.front()),
        last(options.width * options.multipliers.front(), options.out, 3, rng, {.padding = 1}) {
    const auto levels = options.multipliers.size();
    for (std::size_t i = 0; i < levels; ++i) {
      const std::int64_t channels = options.width * options.multipliers[i];
      down_blocks.emplace_back(channels, channels, options, rng);
      up_blocks.emplace_back(2 * channels, channels, options, rng);
      if (i + 1 == levels) break;
      const std::int64_t next = options.width * options.multipliers[i + 1];
      downs.push_back(Conv(channels, next, 3, rng, {.stride = 2, .padding = 1}));
      ups.push_back(Conv(next, channels, 3, rng, {.padding = 1}));
    }
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& condition = {}) const {
    check(x, condition);
    std::vector<Tensor<T, Device>> skips;
    Tensor<T, Device> y = first(x);
    for (std::size_t i = 0; i < down_blocks.size(); ++i) {
      y = down_blocks[i](y, condition);
      skips.push_back(y);
      if (i < downs.size()) y = downs[i](y);
    }
    y = middle(y, condition);
    for (std::size_t i = up_blocks.size(); i-- > 0;) {
      y = up_blocks[i](concat({y, skips[i]}, 1), condition);
      if (i > 0) y = ups[i - 1](upsample_twice(y));
    }
    return last(silu(norm(y)));
  }

  std::int64_t condition_size;
  Conv first;
  std::vector<detail::UNetBlock<Conv, T, Device>> down_blocks;
  std::vector<Conv> downs;
  detail::UNetBlock<Conv, T, Device> middle;
  std::vector<detail::UNetBlock<Conv, T, Device>> up_blocks;
  std::vector<Conv> ups;  ///< ups[i] leads from level i + 1 to level i
  GroupNorm<T, Device> norm;
  Conv last;
  REGIMEN_MODULE(first, down_blocks, downs, middle, up_blocks, ups, norm, last)

 private:
  static const UNetOptions& checked(const UNetOptions& options) {
    const auto levels = static_cast<std::int64_t>(options.multipliers.size());
    if (levels < 1 || levels > 30 || options.condition < 0)
      detail::fail("UNet", {levels, " levels and a condition of size ", options.condition},
                   "there must be 1 to 30 levels, and the size be >= 0");
    return options;
  }

  void check(const Tensor<T, Device>& x, const Tensor<T, Device>& condition) const {
    constexpr int rank = std::is_same_v<Conv, Conv1d<T, Device>> ? 3 : 4;
    const std::int64_t step = std::int64_t{1} << downs.size();
    bool fits = x.rank() == rank;
    for (int axis = 2; fits && axis < rank; ++axis) fits = x.size(axis) > 0 && x.size(axis) % step == 0;
    if (!fits)
      detail::fail("UNet", {"x is ", x.shape(), " for ", down_blocks.size(), " levels"},
                   {"it is [n, channels, ", rank == 3 ? "length" : "height, width", "], sizes multiples of ", step});
    if (condition.defined() != (condition_size > 0))
      detail::fail("UNet", {condition.defined() ? "there is a condition" : "there is no condition"},
                   {"the model was made with condition = ", condition_size});
    if (condition.defined() && !(condition.shape() == Shape{x.size(0), condition_size}))
      detail::fail("UNet", {"x is ", x.shape(), ", the condition ", condition.shape()},
                   {"it is [n, ", condition_size, "]"});
  }
};

/// Of sequences x [n, in, length].
template <class T = float, class Device = Cpu>
using UNet1d = UNet<Conv1d<T, Device>, T, Device>;
/// Of images x [n, in, height, width].
template <class T = float, class Device = Cpu>
using UNet2d = UNet<Conv2d<T, Device>, T, Device>;

}  // namespace regimen
