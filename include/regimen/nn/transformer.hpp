// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/attention.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/feed_forward.hpp"
#include "regimen/nn/layer_norm.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"

namespace regimen {

struct TransformerOptions {
  bool pre_norm = true;       ///< x + f(norm(x)), else norm(x + f(x)) as in the paper of 2017
  bool causal = false;        ///< self-attention does not see what comes after
  std::int64_t hidden = 0;    ///< of the perceptron; 0 stands for 4 times the width
  std::int64_t kv_heads = 0;  ///< heads of keys and values in self-attention; 0 stands for all heads
  bool bias = true;           ///< with biases in linear maps and norms
  bool rotary = false;        ///< rotary position embedding in self-attention
  bool alibi = false;         ///< linear biases by distance in self-attention
  double dropout = 0;         ///< of attention weights and of what is added to x, in training
  double epsilon = 1e-5;      ///< of the norms
};

namespace detail {

inline MultiheadAttentionOptions self_attention_options(const TransformerOptions& options) {
  return {.kv_heads = options.kv_heads,
          .bias = options.bias,
          .causal = options.causal,
          .rotary = options.rotary,
          .alibi = options.alibi,
          .dropout = options.dropout};
}

/// x with f(x) added, normalised before or after.
template <class T, class Device, class F>
Tensor<T, Device> add_residual(bool pre_norm, const Tensor<T, Device>& x, const LayerNorm<T, Device>& norm,
                               const Dropout& dropout, const F& f) {
  return pre_norm ? x + dropout(f(norm(x))) : norm(x + dropout(f(x)));
}

}  // namespace detail

/// A block of a transformer: self-attention, then a perceptron, each added to its input. x [batch, T, width].
///
///   x <- x + attention(norm1(x)),  x <- x + mlp(norm2(x))      pre_norm (Xiong et al. 2020)
///   x <- norm1(x + attention(x)),  x <- norm2(x + mlp(x))      else (Vaswani et al. 2017)
///
/// PyTorch's nn.TransformerEncoderLayer with activation="gelu"; deviation: no dropout inside the perceptron.
template <class T = float, class Device = Cpu>
struct TransformerBlock {
  TransformerBlock(std::int64_t width, std::int64_t heads, Rng& rng, const TransformerOptions& options = {})
      : pre_norm(options.pre_norm),
        attention(width, heads, rng, detail::self_attention_options(options)),
        mlp(width, rng, {.hidden = options.hidden, .bias = options.bias}),
        norm1(width, {.epsilon = options.epsilon, .bias = options.bias}),
        norm2(width, {.epsilon = options.epsilon, .bias = options.bias}),
        dropout(options.dropout, rng) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const AttentionMask<T, Device>& mask = {}) const {
    const auto y = detail::add_residual(pre_norm, x, norm1, dropout, [&](const auto& v) { return attention(v, mask); });
    return detail::add_residual(pre_norm, y, norm2, dropout, mlp);
  }

  bool pre_norm;
  MultiheadAttention<T, Device> attention;
  FeedForward<T, Device> mlp;
  LayerNorm<T, Device> norm1, norm2;
  Dropout dropout;
  REGIMEN_MODULE(attention, mlp, norm1, norm2, dropout)
};

}  // namespace regimen
