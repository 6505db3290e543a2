// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/embedding.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/layer_norm.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/transformer.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

struct GptOptions {
  std::int64_t vocabulary = 50257;
  std::int64_t context = 1024;  ///< the longest sequence
  std::int64_t width = 768, heads = 12, layers = 12;
  bool tied = true;               ///< the head's weight is the token embedding
  TransformerOptions block = {};  ///< causal is set; with rotary or alibi there is no position embedding
};

/// A decoder-only transformer (GPT-2; Radford et al. 2019): token and position embeddings, causal blocks, a norm and a
/// head. Tokens [batch, T] in [0, vocabulary) give logits [batch, T, vocabulary] for what follows each of them.
///
/// At first weights are normal with standard deviation 0.02, those that end a residual branch 0.02 / sqrt(2 layers),
/// and biases 0. Throws Error for T above the context.
///
///   Gpt model({.vocabulary = 65, .context = 64, .width = 128, .heads = 4, .layers = 4}, rng);
template <class T = float, class Device = Cpu>
struct Gpt {
  Gpt(const GptOptions& options, Rng& rng)
      : context(checked(options).context),
        token(options.vocabulary, options.width, rng),
        norm(options.width, {.epsilon = options.block.epsilon, .bias = options.block.bias}),
        dropout(options.block.dropout, rng) {
    TransformerOptions block = options.block;
    block.causal = true;
    for (std::int64_t i = 0; i < options.layers; ++i) blocks.emplace_back(options.width, options.heads, rng, block);
    if (!block.rotary && !block.alibi) position = variable(Tensor<T, Device>::zeros({context, options.width}));
    if (!options.tied) head = variable(Tensor<T, Device>::zeros({options.vocabulary, options.width}));
    for_each_parameter<Device>(*this, [&](const std::string& name, auto& tensor) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(tensor)>, Tensor<T, Device>>) {
        const bool ends = name.ends_with("attention.out.weight") || name.ends_with("mlp.down.weight");
        const double share = ends ? 1 / std::sqrt(2 * static_cast<double>(options.layers)) : 1;
        if (tensor.rank() == 2)
          tensor.assign(init::normal<T>(tensor.shape(), rng, 0, 0.02 * share));
        else if (name.ends_with("bias"))
          tensor.fill(T{0});
      }
    });
  }

  Tensor<T, Device> operator()(const Tensor<std::int64_t, Device>& tokens) const {
    const auto x = hidden(tokens);
    return linear(x, head.defined() ? head : token.weight, {});
  }

  /// What the head is applied to: [batch, T, width].
  Tensor<T, Device> hidden(const Tensor<std::int64_t, Device>& tokens) const {
    if (tokens.rank() != 2 || tokens.size(1) > context)
      detail::fail("Gpt", {"tokens are ", tokens.shape(), " for a context of ", context},
                   "they are [batch, T] with T at most the context");
    Tensor<T, Device> x = token(tokens);
    if (position.defined()) x = x + slice(position, 0, 0, tokens.size(1));
    x = dropout(x);
    for (const auto& block : blocks) x = block(x);
    return norm(x);
  }

  std::int64_t context;
  Embedding<T, Device> token;
  Tensor<T, Device> position;  ///< [context, width], undefined with rotary or alibi
  std::vector<TransformerBlock<T, Device>> blocks;
  LayerNorm<T, Device> norm;
  Tensor<T, Device> head;  ///< [vocabulary, width], undefined where tied
  Dropout dropout;
  REGIMEN_MODULE(token, position, blocks, norm, head, dropout)

 private:
  static const GptOptions& checked(const GptOptions& options) {
    if (options.context <= 0 || options.layers < 0)
      detail::fail("Gpt", {"a context of ", options.context, " and ", options.layers, " layers"},
                   "the context must be positive, and the number of layers >= 0");
    return options;
  }
};

}  // namespace regimen
