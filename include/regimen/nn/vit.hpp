// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/dropout.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/layer_norm.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/patch_embedding.hpp"
#include "regimen/nn/transformer.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/slice.hpp"

namespace regimen {

struct VitOptions {
  HeightWidth image = 224, patch = 16;
  std::int64_t channels = 3, classes = 1000;
  std::int64_t width = 768, heads = 12, layers = 12;
  bool class_token = true;        ///< the head reads a token that is put before the patches, else their mean
  TransformerOptions block = {};  ///< its dropout is also that of the embedded patches
};

/// A vision transformer (Dosovitskiy et al. 2021): embedded patches, a class token, learned positions, transformer
/// blocks, a norm and a linear head. Images [n, channels, height, width] of one size give logits [n, classes].
///
/// At first positions and the class token are normal with standard deviation 0.02. Throws Error for images of another
/// size, patches that do not divide them and sizes that are not positive.
///
///   Vit model({.image = 28, .patch = 7, .channels = 1, .classes = 10, .width = 64, .heads = 4, .layers = 4}, rng);
template <class T = float, class Device = Cpu>
struct Vit {
  Vit(const VitOptions& options, Rng& rng)
      : image(checked(options).image),
        embedding(options.channels, options.patch, options.width, rng),
        norm(options.width, {.epsilon = options.block.epsilon, .bias = options.block.bias}),
        head(options.width, options.classes, rng),
        dropout(options.block.dropout, rng) {
    const std::int64_t patches = image.height / options.patch.height * (image.width / options.patch.width);
    if (options.class_token) class_token = variable(init::normal<T>({1, 1, options.width}, rng, 0, 0.02));
    position = variable(init::normal<T>({patches + (options.class_token ? 1 : 0), options.width}, rng, 0, 0.02));
    for (std::int64_t i = 0; i < options.layers; ++i)
      blocks.emplace_back(options.width, options.heads, rng, options.block);
  }

  Tensor<T, Device> operator()(const Tensor<T, Device>& x) const { return head(features(x)); }

  /// What the head is applied to: [n, width].
  Tensor<T, Device> features(const Tensor<T, Device>& x) const {
    const auto y = tokens(x);
    return class_token.defined() ? select(y, 1, 0) : mean(y, 1);
  }

  /// All tokens after the norm, the class token first: [n, tokens, width].
  Tensor<T, Device> tokens(const Tensor<T, Device>& x) const {
    if (x.rank() != 4 || x.size(2) != image.height || x.size(3) != image.width)
      detail::fail("Vit", {"x is ", x.shape(), ", the model's images ", image.height, " x ", image.width},
                   "x is [n, channels, height, width]");
    Tensor<T, Device> y = embedding(x);
    if (class_token.defined()) y = concat({broadcast_to(class_token, Shape{x.size(0), 1, y.size(2)}), y}, 1);
    y = dropout(y + position);
    for (const auto& block : blocks) y = block(y);
    return norm(y);
  }

  HeightWidth image;
  PatchEmbedding<T, Device> embedding;
  Tensor<T, Device> class_token, position;  ///< [1, 1, width], undefined where there is none, and [tokens, width]
  std::vector<TransformerBlock<T, Device>> blocks;
  LayerNorm<T, Device> norm;
  Linear<T, Device> head;
  Dropout dropout;
  REGIMEN_MODULE(embedding, class_token, position, blocks, norm, head, dropout)

 private:
  static const VitOptions& checked(const VitOptions& options) {
    const HeightWidth &image = options.image, &patch = options.patch;
    if (patch.height < 1 || patch.width < 1 || image.height < 1 || image.width < 1 ||
        image.height % patch.height != 0 || image.width % patch.width != 0 || options.layers < 0)
      detail::fail("Vit",
                   {"images of ", image.height, " x ", image.width, ", patches of ", patch.height, " x ", patch.width,
                    ", ", options.layers, " layers"},
                   "patches must divide images, and the number of layers be >= 0");
    return options;
  }
};

}  // namespace regimen
