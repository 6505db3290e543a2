// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/transformer.hpp"

namespace regimen {

/// A block of a decoder: self-attention (causal with options.causal), attention to a context, then a perceptron, each
/// added to its input and normalised as in TransformerBlock. x [batch, T, width], context [batch, Tk, width].
/// `self_mask` is about x and `context_mask` about the context.
///
/// PyTorch's nn.TransformerDecoderLayer with activation="gelu"; deviation: no dropout inside the perceptron.
template <class T = float, class Device = Cpu>
struct TransformerDecoderBlock {
  TransformerDecoderBlock(std::int64_t width, std::int64_t heads, Rng& rng, const TransformerOptions& options = {})
      : pre_norm(options.pre_norm),
        attention(width, heads, rng, detail::self_attention_options(options)),
        cross_attention(width, heads, rng, {.bias = options.bias, .dropout = options.dropout}),
        mlp(width, rng, {.hidden = options.hidden, .bias = options.bias}),
        norm1(width, {.epsilon = options.epsilon, .bias = options.bias}),
        norm2(width, {.epsilon = options.epsilon, .bias = options.bias}),
        norm3(width, {.epsilon = options.epsilon, .bias = options.bias}),
        dropout(options.dropout, rng) {}

  Tensor<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& context,
                               const AttentionMask<T, Device>& self_mask = {},
                               const AttentionMask<T, Device>& context_mask = {}) const {
    auto y = detail::add_residual(pre_norm, x, norm1, dropout, [&](const auto& v) { return attention(v, self_mask); });
    y = detail::add_residual(pre_norm, y, norm2, dropout,
                             [&](const auto& v) { return cross_attention(v, context, context_mask); });
    return detail::add_residual(pre_norm, y, norm3, dropout, mlp);
  }

  bool pre_norm;
  MultiheadAttention<T, Device> attention, cross_attention;
  FeedForward<T, Device> mlp;
  LayerNorm<T, Device> norm1, norm2, norm3;
  Dropout dropout;
  REGIMEN_MODULE(attention, cross_attention, mlp, norm1, norm2, norm3, dropout)
};

struct EncoderDecoderOptions {
  std::int64_t encoder_layers = 6, decoder_layers = 6;
  TransformerOptions block = {};  ///< of both; causal is set for the decoder and not for the encoder
};

/// An encoder and a causal decoder that attends to it, each with a norm at its end (PyTorch's nn.Transformer):
/// source [batch, S, width] and target [batch, T, width] give [batch, T, width]. Embeddings and the head are the
/// caller's. Throws Error for a negative number of layers.
template <class T = float, class Device = Cpu>
struct EncoderDecoder {
  EncoderDecoder(std::int64_t width, std::int64_t heads, Rng& rng, const EncoderDecoderOptions& options = {})
      : encoder_norm(width, {.epsilon = options.block.epsilon, .bias = options.block.bias}),
        decoder_norm(width, {.epsilon = options.block.epsilon, .bias = options.block.bias}) {
    if (options.encoder_layers < 0 || options.decoder_layers < 0)
      detail::fail("EncoderDecoder",
                   {options.encoder_layers, " layers of the encoder and ", options.decoder_layers, " of the decoder"},
                   "both must be >= 0");
    TransformerOptions block = options.block;
    block.causal = false;
    for (std::int64_t i = 0; i < options.encoder_layers; ++i) encoder.emplace_back(width, heads, rng, block);
    block.causal = true;
    for (std::int64_t i = 0; i < options.decoder_layers; ++i) decoder.emplace_back(width, heads, rng, block);
  }

  /// The memory that decode() attends to.
  Tensor<T, Device> encode(const Tensor<T, Device>& source, const AttentionMask<T, Device>& mask = {}) const {
    Tensor<T, Device> x = source;
    for (const auto& block : encoder) x = block(x, mask);
    return encoder_norm(x);
  }

  Tensor<T, Device> decode(const Tensor<T, Device>& target, const Tensor<T, Device>& memory,
                           const AttentionMask<T, Device>& target_mask = {},
                           const AttentionMask<T, Device>& memory_mask = {}) const {
    Tensor<T, Device> y = target;
    for (const auto& block : decoder) y = block(y, memory, target_mask, memory_mask);
    return decoder_norm(y);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& source, const Tensor<T, Device>& target) const {
    return decode(target, encode(source));
  }

  std::vector<TransformerBlock<T, Device>> encoder;
  std::vector<TransformerDecoderBlock<T, Device>> decoder;
  LayerNorm<T, Device> encoder_norm, decoder_norm;
  REGIMEN_MODULE(encoder, decoder, encoder_norm, decoder_norm)
};

}  // namespace regimen
