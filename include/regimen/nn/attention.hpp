// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/alibi.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/rotary.hpp"
#include "regimen/ops/attention.hpp"
#include "regimen/ops/permute.hpp"

namespace regimen {

struct MultiheadAttentionOptions {
  std::int64_t kv_heads = 0;       ///< heads of keys and values, a divisor of the heads; 0 stands for all heads
  std::int64_t context_width = 0;  ///< width of what keys and values are made of; 0 stands for the width
  bool bias = true;                ///< with biases in the four products
  bool causal = false;             ///< a query does not see keys after it
  bool rotary = false;             ///< rotary position embedding of queries and keys, see rotary.hpp
  bool alibi = false;              ///< linear biases by distance, see alibi.hpp
  double dropout = 0;              ///< of the attention weights, in training
};

/// What attention is told of one batch.
template <class T = float, class Device = Cpu>
struct AttentionMask {
  Tensor<T, Device> bias = {};         ///< added to the scores, broadcasts to [batch, heads, Tq, Tk]; -infinity masks
  Tensor<T, Device> key_padding = {};  ///< [batch, Tk], not 0 where a key is ignored
};

/// Multi-head attention (Vaswani et al. 2017): query, key and value are linear maps of the inputs, cut into heads of
/// width / heads elements, each head attends by scaled_dot_product_attention, and `out` maps the heads side by side
/// back.
///
///   layer(x)           self-attention: x [batch, T, width] -> [batch, T, width]
///   layer(x, context)  cross-attention: keys and values from context [batch, Tk, context_width]
///
/// PyTorch's nn.MultiheadAttention with batch_first, whose in_proj_weight is query, key and value one below the other.
/// At first the weights are Xavier uniform, each by its own shape, and biases 0. Deviation: a query without any key
/// that is not masked gets the value 0 where PyTorch gives NaN. Throws Error where sizes do not fit.
template <class T = float, class Device = Cpu>
struct MultiheadAttention {
  MultiheadAttention(std::int64_t width, std::int64_t head_count, Rng& rng,
                     const MultiheadAttentionOptions& options = {})
      : heads(head_count),
        kv_heads(options.kv_heads == 0 ? head_count : options.kv_heads),
        causal(options.causal),
        rotary(options.rotary),
        alibi(options.alibi),
        query(width, checked(width, head_count, kv_heads), rng, {.bias = options.bias}),
        key(options.context_width == 0 ? width : options.context_width, width / heads * kv_heads, rng,
            {.bias = options.bias}),
        value(options.context_width == 0 ? width : options.context_width, width / heads * kv_heads, rng,
              {.bias = options.bias}),
        out(width, width, rng, {.bias = options.bias}),
        dropout(options.dropout, rng) {
    for (Linear<T, Device>* part : {&query, &key, &value, &out}) {
      part->weight.assign(init::xavier_uniform<T>(part->weight.shape(), rng));
      if (options.bias) part->bias.fill(T{0});
    }
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return (*this)(x, x); }
  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const AttentionMask<T, Device>& mask) const {
    return (*this)(x, x, mask);
  }
  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& context,
                               const AttentionMask<T, Device>& mask = {}) const {
    if (x.rank() != 3 || context.rank() != 3 || x.size(0) != context.size(0))
      detail::fail("MultiheadAttention", {"x is ", x.shape(), " and the context ", context.shape()},
                   "they are [batch, T, width] of one batch");
    auto q = split_heads(query(x), heads), k = split_heads(key(context), kv_heads);
    const auto v = split_heads(value(context), kv_heads);
    if (rotary) {
      q = regimen::rotary(q, {.first_position = k.size(2) - q.size(2)});
      k = regimen::rotary(k);
    }
    AttentionOptions<T, Device> options{.causal = causal, .bias = mask.bias, .key_padding = mask.key_padding};
    if (alibi) {
      const auto distances = alibi_bias<T, Device>(heads, q.size(2), k.size(2));
      options.bias = mask.bias.defined() ? mask.bias + distances : distances;
    }
    if (dropout.mode.training) {
      options.dropout = dropout.p;
      options.rng = &dropout.rng;
    }
    const auto y = transpose(scaled_dot_product_attention(q, k, v, options), 1, 2);
    return out(reshape(y, x.shape()));
  }

  std::int64_t heads, kv_heads;
  bool causal, rotary, alibi;
  Linear<T, Device> query, key, value, out;
  Dropout dropout;
  REGIMEN_MODULE(query, key, value, out, dropout)

 private:
  static std::int64_t checked(std::int64_t width, std::int64_t heads, std::int64_t kv_heads) {
    if (heads <= 0 || kv_heads <= 0 || width <= 0 || width % heads != 0 || heads % kv_heads != 0)
      detail::fail("MultiheadAttention",
                   {"width ", width, ", ", heads, " heads, ", kv_heads, " heads of keys and values"},
                   "heads must divide the width, and heads of keys and values the heads");
    return width;
  }

  /// [batch, T, count d] to [batch, count, T, d].
  static Tensor<T, Device> split_heads(const Tensor<T, Device>& x, std::int64_t count) {
    return transpose(reshape(x, Shape{x.size(0), x.size(1), count, x.size(2) / count}), 1, 2);
  }
};

}  // namespace regimen
