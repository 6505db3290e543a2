// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/init.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/sort.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct PromptPoolOptions {
  std::int64_t size = 10;   ///< prompts in the pool
  std::int64_t length = 5;  ///< tokens of a prompt
  std::int64_t top_k = 5;   ///< prompts that are chosen
};

template <class T = float, class Device = Cpu>
struct PromptPoolOutput {
  Tensor<T, Device> prompts;              ///< [n, top_k length, width], the best match first
  Tensor<T, Device> pull;                 ///< a loss that pulls the chosen keys to the queries
  Tensor<std::int64_t, Device> selected;  ///< [n, top_k]
};

/// A pool of learned prompts with keys, of which each query q [n, query_width] chooses the top_k whose keys have the
/// largest cosine with it:
///
///   pull = mean over the queries of sum over the chosen of 1 - cos(q, key)
///
/// The prompts are tokens to be put before a frozen transformer's, and a query what that gives without them. At first
/// prompts and keys are uniform in [0, 0.01). A query or key of zeros has cosine 0. Source: Wang et al. (2022),
/// Learning to prompt for continual learning, eq. 3 and 5. Throws Error for sizes that are not positive or top_k above
/// the pool's.
///
///   const auto [prompts, pull, selected] = pool(features.detach());
///   const auto loss = cross_entropy(head(blocks(concat({prompts, tokens}, 1))), labels) + pull * 0.5;
template <class T = float, class Device = Cpu>
struct PromptPool {
  PromptPool(std::int64_t query_width, std::int64_t width, Rng& rng, const PromptPoolOptions& options = {})
      : top_k(options.top_k) {
    if (query_width <= 0 || width <= 0 || options.length <= 0 || top_k <= 0 || top_k > options.size)
      detail::fail("PromptPool",
                   {"top_k ", top_k, " of ", options.size, " prompts of ", options.length, " x ", width,
                    ", queries of ", query_width},
                   "all must be positive, and top_k not above the number of prompts");
    prompts = variable(init::uniform<T>({options.size, options.length, width}, rng, 0, 0.01));
    keys = variable(init::uniform<T>({options.size, query_width}, rng, 0, 0.01));
  }

  PromptPoolOutput<T, Device> operator()(const Tensor<T, Device>& query) const {
    if (query.rank() != 2 || query.size(1) != keys.size(1))
      detail::fail("PromptPool", {"the query is ", query.shape(), ", keys are ", keys.shape()},
                   "it is [n, the keys' width]");
    const std::int64_t n = query.size(0);
    const auto cosines = matmul(unit(query), unit(keys), {.transpose_b = true});
    const auto [values, indices] = topk(cosines, top_k);
    const auto chosen = index_select(prompts, 0, reshape(indices, Shape{n * top_k}));
    return {reshape(chosen, Shape{n, top_k * prompts.size(1), prompts.size(2)}),
            sum(T{1} - values) / static_cast<T>(n > 0 ? n : 1), indices};
  }

  Tensor<T, Device> prompts, keys;  ///< [size, length, width], [size, query_width]
  std::int64_t top_k;
  REGIMEN_MODULE(prompts, keys)

 private:
  /// Rows of length 1, by the 1e-12 that is added to squared lengths; zeros stay.
  static Tensor<T, Device> unit(const Tensor<T, Device>& x) {
    return x * rsqrt(sum(square(x), -1, {.keepdim = true}) + 1e-12);
  }
};

}  // namespace regimen
