// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/attention.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/attention.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/shape.hpp"

namespace regimen {

namespace detail {

inline void check_relative_positions(const char* operation, std::int64_t span, std::int64_t max_distance) {
  if (span < 1 || max_distance < 0 || (max_distance > 0 && (span < 2 || max_distance <= span / 2 + 1)))
    fail(operation, {"span ", span, ", max_distance ", max_distance},
         "the span must be positive, and max_distance 0 or above span / 2 + 1 for a span of at least 2");
}

}  // namespace detail

/// Which of 2 span relative positions the distance i - j of two places is (He et al. 2021, equation 3):
/// i - j + span, at least 0 and at most 2 span - 1.
///
/// With max_distance > 0 distances beyond m = span / 2 share positions by their logarithms, as in DeBERTa-v2: there
/// n = |i - j| counts as m + ceil(log(n / m) / log((max_distance - 1) / m) (m - 1)), with the sign of i - j. Throws
/// Error for span < 1, and where 0 < max_distance <= m + 1.
inline std::int64_t relative_position(std::int64_t distance, std::int64_t span, std::int64_t max_distance = 0) {
  detail::check_relative_positions("relative_position", span, max_distance);
  const std::int64_t middle = span / 2, size = std::abs(distance);
  if (max_distance > 0 && size > middle) {
    const double m = static_cast<double>(middle), n = static_cast<double>(size);
    const double share = std::log(n / m) / std::log((static_cast<double>(max_distance) - 1) / m);
    const auto far = middle + static_cast<std::int64_t>(std::ceil(std::min(share, 2.) * (m - 1)));
    distance = distance < 0 ? -far : far;
  }
  return std::clamp(distance, -span, span - 1) + span;
}

struct DisentangledAttentionOptions {
  std::int64_t span = 256;        ///< half the number of relative positions
  std::int64_t max_distance = 0;  ///< above span / 2 + 1: logarithmic positions up to there; 0 for none; see above
  bool content_to_position = true;
  bool position_to_content = true;
  bool bias = true;    ///< with biases in the four products of the content
  double dropout = 0;  ///< of the attention weights, in training
};

/// Multi-head self-attention with content and position apart (DeBERTa; He et al. 2021, equation 4). For places i and j,
/// the content's query, key and value Qc, Kc, Vc, those of the relative positions Qr = P W_qr and Kr = P W_kr, and
/// delta(i, j) = relative_position(i - j):
///
///   A_ij = Qc_i . Kc_j + Qc_i . Kr_delta(i, j) + Kc_j . Qr_delta(j, i)        y = softmax(A / sqrt(3 d)) Vc
///
/// with d elements a head. The terms are content to content, content to position and position to content; without
/// one of the latter two the factor 3 is 2, without both 1.
///
///   layer(x)   x [batch, T, width] -> [batch, T, width]
///
/// positions [2 span, width] is P; the authors share it by all layers: `second.positions = first.positions`. At first
/// P is normal with standard deviation 0.02 and the maps are as in MultiheadAttention. Throws Error where sizes do not
/// fit.
template <class T = float, class Device = Cpu>
struct DisentangledAttention {
  DisentangledAttention(std::int64_t width, std::int64_t head_count, Rng& rng,
                        const DisentangledAttentionOptions& options = {})
      : heads(head_count),
        span(options.span),
        max_distance(options.max_distance),
        query(checked(width, head_count, options), width, rng, {.bias = options.bias}),
        key(width, width, rng, {.bias = options.bias}),
        value(width, width, rng, {.bias = options.bias}),
        out(width, width, rng, {.bias = options.bias}),
        dropout(options.dropout, rng) {
    for (Linear<T, Device>* part : {&query, &key, &value, &out}) {
      part->weight.assign(init::xavier_uniform<T>(part->weight.shape(), rng));
      if (options.bias) part->bias.fill(T{0});
    }
    if (!options.content_to_position && !options.position_to_content) return;
    positions = variable(init::normal<T>({2 * span, width}, rng, 0, 0.02));
    if (options.content_to_position) position_key = variable(init::xavier_uniform<T>({width, width}, rng));
    if (options.position_to_content) position_query = variable(init::xavier_uniform<T>({width, width}, rng));
  }

  /// `mask` as for MultiheadAttention.
  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const AttentionMask<T, Device>& mask = {}) const {
    if (x.rank() != 3) detail::fail("DisentangledAttention", {"x is ", x.shape()}, "x is [batch, T, width]");
    const std::int64_t length = x.size(1), d = x.size(2) / heads;
    const auto q = split_heads(query(x)), k = split_heads(key(x)), v = split_heads(value(x));
    const int terms = 1 + position_key.defined() + position_query.defined();
    AttentionOptions<T, Device> options{.scale = 1 / std::sqrt(static_cast<double>(terms) * static_cast<double>(d)),
                                        .bias = mask.bias,
                                        .key_padding = mask.key_padding};
    const auto add = [&](const Tensor<T, Device>& scores) {
      const auto bias = scores * options.scale;
      options.bias = options.bias.defined() ? options.bias + bias : bias;
    };
    // of_places[i, j] = delta(i, j), for every batch and head.
    const auto of_places = Tensor<std::int64_t, Device>::empty({length, length});
    std::int64_t* const places = of_places.mutable_data();
    for (std::int64_t i = 0; i < length; ++i)
      for (std::int64_t j = 0; j < length; ++j) places[i * length + j] = relative_position(i - j, span, max_distance);
    const auto index = broadcast_to(of_places, Shape{x.size(0), heads, length, length});
    const auto against = [&](const Tensor<T, Device>& content, const Tensor<T, Device>& weight) {
      const auto rows = split_heads(unsqueeze(linear(positions, weight, {}), 0));  // [1, heads, 2 span, d]
      return gather(matmul(content, rows, {.transpose_b = true}), 3, index);
    };
    if (position_key.defined()) add(against(q, position_key));
    if (position_query.defined()) add(transpose(against(k, position_query), 2, 3));
    if (dropout.mode.training) {
      options.dropout = dropout.p;
      options.rng = &dropout.rng;
    }
    const auto y = transpose(scaled_dot_product_attention(q, k, v, options), 1, 2);
    return out(reshape(y, x.shape()));
  }

  std::int64_t heads, span, max_distance;
  Linear<T, Device> query, key, value, out;
  Tensor<T, Device> positions, position_key, position_query;  ///< P, W_kr, W_qr; undefined where a term is left out
  Dropout dropout;
  REGIMEN_MODULE(query, key, value, out, positions, position_key, position_query, dropout)

 private:
  static std::int64_t checked(std::int64_t width, std::int64_t heads, const DisentangledAttentionOptions& options) {
    if (heads <= 0 || width <= 0 || width % heads != 0)
      detail::fail("DisentangledAttention", {"width ", width, ", ", heads, " heads"}, "heads must divide the width");
    detail::check_relative_positions("DisentangledAttention", options.span, options.max_distance);
    return width;
  }

  /// [batch, T, heads d] to [batch, heads, T, d].
  Tensor<T, Device> split_heads(const Tensor<T, Device>& x) const {
    return transpose(reshape(x, Shape{x.size(0), x.size(1), heads, x.size(2) / heads}), 1, 2);
  }
};

}  // namespace regimen
