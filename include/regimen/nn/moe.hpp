// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "regimen/autodiff/typed_node.hpp"
#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/linear.hpp"
#include "regimen/nn/module.hpp"
#include "regimen/nn/sequential.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/gumbel_softmax.hpp"
#include "regimen/ops/index.hpp"
#include "regimen/ops/linear.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/softmax.hpp"
#include "regimen/ops/sort.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// The experts that each token goes to, the most weighted first, and their weights: both [tokens, choices]. A choice of
/// weight 0 is none.
template <class T = float, class Device = Cpu>
struct Routing {
  Tensor<T, Device> gates;
  Tensor<std::int64_t, Device> experts;
};

/// The k most probable experts of each token, with p = softmax(logits), logits [tokens, experts]:
///
///   gate = p_i,  or with normalised p_i / sum of the k
///
/// Source: Shazeer et al. (2017), eq. 3 (normalised); Fedus, Zoph & Shazeer (2022), eq. 1 (k = 1, not normalised: of
/// one choice the normalised gate is 1, which teaches the router nothing). Throws Error unless 1 <= k <= experts.
template <class T, class Device>
Routing<T, Device> top_k_routing(const Tensor<T, Device>& logits, std::int64_t k, bool normalised = false) {
  if (logits.rank() != 2 || k < 1 || k > logits.size(1))
    detail::fail("top_k_routing", {"k is ", k, " for logits of shape ", logits.shape()},
                 "they are [tokens, experts] with k in [1, experts]");
  auto [values, indices] = topk(normalised ? logits : softmax(logits), k);
  return {normalised ? softmax(values) : values, indices};
}

/// The dense-to-sparse gate, p = softmax((logits + noise) / temperature) with noise of the Gumbel distribution where
/// rng is not null:
///
///   gate = p_i where p_i > threshold, else 0
///
/// At a high temperature each token goes to all experts, at a low one to the best alone. Source: Nie et al. (2021),
/// EvoMoE. Throws Error unless the temperature is positive and finite and 0 <= threshold < 1 / experts, so that the
/// most probable expert always stays.
template <class T, class Device>
Routing<T, Device> dense_to_sparse_routing(const Tensor<T, Device>& logits, double temperature, double threshold,
                                           Rng* rng = nullptr) {
  if (logits.rank() != 2 || logits.size(1) == 0)
    detail::fail("dense_to_sparse_routing", {"logits are ", logits.shape()}, "they are [tokens, experts]");
  if (!(temperature > 0 && std::isfinite(temperature)) ||
      !(threshold >= 0 && threshold < 1 / static_cast<double>(logits.size(1))))
    detail::fail("dense_to_sparse_routing",
                 {"temperature ", temperature, " and threshold ", threshold, " for ", logits.size(1), " experts"},
                 "the temperature must be positive and finite, the threshold in [0, 1 / experts)");
  const auto p =
      rng == nullptr ? softmax(logits * (1 / temperature)) : gumbel_softmax(logits, *rng, {.temperature = temperature});
  auto [values, indices] = sort(p, -1, {.descending = true});
  return {values * greater(values.detach(), static_cast<T>(threshold)), indices};
}

/// How uneven the load of the experts is, to be added to the loss with a factor of about 0.01:
///
///   experts sum_i f_i P_i,  f_i = share of the tokens whose first choice is i,  P_i = mean of softmax(logits)_i
///
/// At least 1 where f and P agree in order, and 1 for an even load; the gradient goes through P. 0 of no tokens.
/// Source: Fedus, Zoph & Shazeer (2022), Switch transformers, eq. 4 to 6.
template <class T, class Device>
Tensor<T, Device> load_balance_loss(const Tensor<T, Device>& logits, const Routing<T, Device>& routing) {
  const auto& chosen = routing.experts;
  if (logits.rank() != 2 || chosen.rank() != 2 || chosen.size(0) != logits.size(0) || chosen.size(1) == 0)
    detail::fail("load_balance_loss", {"logits are ", logits.shape(), " and the choices ", chosen.shape()},
                 "they are [tokens, experts] and [tokens, choices]");
  const std::int64_t tokens = logits.size(0), experts = logits.size(1);
  const auto counts = Tensor<T, Device>::zeros({experts});
  T* const count = counts.mutable_data();
  for (std::int64_t i = 0; i < tokens; ++i) {
    const std::int64_t e = chosen.data()[i * chosen.size(1)];
    if (e < 0 || e >= experts)
      detail::fail("load_balance_loss", {"expert ", e, " of ", experts}, "choices are in [0, experts)");
    count[e] += T{1};
  }
  const double n = static_cast<double>(std::max<std::int64_t>(tokens, 1));
  return sum(softmax(logits) * counts) * (static_cast<double>(experts) / (n * n));
}

/// mean over the tokens of (log sum exp logits)^2, which keeps logits [tokens, experts] small; 0 of no tokens. Source:
/// Zoph et al. (2022), ST-MoE, eq. 5.
template <class T, class Device>
Tensor<T, Device> router_z_loss(const Tensor<T, Device>& logits) {
  if (logits.rank() != 2) detail::fail("router_z_loss", {"logits are ", logits.shape()}, "they are [tokens, experts]");
  return sum(square(logsumexp(logits, -1))) / static_cast<T>(std::max<std::int64_t>(logits.size(0), 1));
}

enum class MoeGate { top_k, dense_to_sparse };

struct MoeOptions {
  MoeGate gate = MoeGate::top_k;
  std::int64_t top_k = 1;   ///< experts of a token, with the top-k gate
  bool normalised = false;  ///< gates of the top k sum to 1
  bool noisy = false;       ///< the top-k gate's logits have noise in training, whose scale is learned
  /// An expert computes at most ceil(capacity tokens / experts) choices, so that with an even load top_k is just
  /// enough; 0: all of them.
  double capacity = 0;
  double temperature = 2;   ///< of the dense-to-sparse gate
  double threshold = 1e-3;  ///< the dense-to-sparse gate's
};

template <class T = float, class Device = Cpu>
struct MoeOutput {
  Tensor<T, Device> y;
  Tensor<T, Device> load_balance, router_z;  ///< load_balance_loss() and router_z_loss() of the router's logits
  std::vector<std::int64_t> load;            ///< choices that each expert has computed
  std::int64_t dropped = 0;                  ///< choices beyond the capacity
};

/// A mixture of experts: a router sends each token, a row of x [..., width], to some of the experts, which are modules
/// of any kind that map [n, width] to [n, out], and their results are added:
///
///   y = sum_i gate_i expert_i(x),  logits = x router^T
///
/// An expert sees its own tokens only. Choices beyond an expert's capacity are dropped: first choices are served before
/// second ones, and earlier tokens before later ones. They add 0, so that a residual connection x + y passes the
/// tokens. With noise the logits of the top-k gate are logits + normal softplus(x noise^T) in training. The
/// dense-to-sparse gate has Gumbel noise in training; set `options.temperature` before each step to let it fall, such
/// as from 2 to 0.3 exponentially.
///
/// Random numbers as in Dropout. Source: Shazeer et al. (2017); Fedus, Zoph & Shazeer (2022), where the order of
/// dropping is that of Lepikhin et al. (2021), GShard. Deviation: with noise the losses are of the logits without it.
///
///   Moe<> moe({FeedForward<>(64, rng), FeedForward<>(64, rng)}, 64, rng, {.top_k = 1, .capacity = 1.25});
///   const auto [y, balance, z, load, dropped] = moe(x);
///   const auto loss = mse(x + y, target) + balance * 0.01 + z * 0.001;
template <class T = float, class Device = Cpu>
struct Moe {
  /// The router's weights are uniform as Linear's, those of the noise 0. Throws Error for fewer than one expert and
  /// options out of range.
  Moe(std::vector<AnyLayer<T, Device>> list, std::int64_t width, Rng& from, const MoeOptions& given = {})
      : experts(checked(std::move(list), given)),
        router(Linear<T, Device>(width, static_cast<std::int64_t>(experts.size()), from, {.bias = false}).weight),
        options(given),
        rng(from.split(from.next32())) {
    if (options.noisy) noise = variable(Tensor<T, Device>::zeros(router.shape()));
  }

  /// Throws Error where x does not fit the router, or an expert's result has not one row a token.
  MoeOutput<T, Device> operator()(const Tensor<T, Device>& x) const {
    if (x.rank() == 0 || x.size(-1) != router.size(1))
      detail::fail("Moe", {"x is ", x.shape(), ", the router ", router.shape()}, "x is [..., the router's inputs]");
    const auto tokens = reshape(x, Shape{x.shape().sub(0, x.rank() - 1).size(), x.size(-1)});
    const auto logits = linear(tokens, router, {});
    const auto routing = route(tokens, logits);
    MoeOutput<T, Device> result = dispatch(tokens, routing);
    result.y = reshape(result.y, x.shape().with(-1, result.y.size(1)));
    result.load_balance = load_balance_loss(logits, routing);
    result.router_z = router_z_loss(logits);
    return result;
  }

  std::vector<AnyLayer<T, Device>> experts;
  Tensor<T, Device> router, noise;  ///< [experts, width]; noise is undefined where there is none
  MoeOptions options;
  mutable Rng rng;
  Mode mode;
  REGIMEN_MODULE(experts, router, noise, rng, mode)

 private:
  static std::vector<AnyLayer<T, Device>> checked(std::vector<AnyLayer<T, Device>> list, const MoeOptions& options) {
    const auto count = static_cast<std::int64_t>(list.size());
    const bool by_k = options.gate == MoeGate::top_k;
    if (count == 0 || (by_k && (options.top_k < 1 || options.top_k > count)))
      detail::fail("Moe", {"top_k is ", options.top_k, " of ", count, " experts"}, "top_k is in [1, experts]");
    if (!(options.capacity >= 0 && std::isfinite(options.capacity)))
      detail::fail("Moe", {"capacity is ", options.capacity}, "it must be finite and >= 0");
    if (!by_k && options.noisy)
      detail::fail("Moe", "noisy with the dense-to-sparse gate", "that gate has noise of its own");
    if (!by_k)  // checks temperature and threshold
      dense_to_sparse_routing(Tensor<T, Device>::zeros({0, count}), options.temperature, options.threshold);
    return list;
  }

  Routing<T, Device> route(const Tensor<T, Device>& tokens, const Tensor<T, Device>& logits) const {
    if (options.gate == MoeGate::dense_to_sparse)
      return dense_to_sparse_routing(logits, options.temperature, options.threshold, mode.training ? &rng : nullptr);
    if (!options.noisy || !mode.training) return top_k_routing(logits, options.top_k, options.normalised);
    const auto scale = softplus(linear(tokens, noise, {}));
    return top_k_routing(logits + rng.normal<T>(logits.shape()) * scale, options.top_k, options.normalised);
  }

  /// y, load and dropped.
  MoeOutput<T, Device> dispatch(const Tensor<T, Device>& tokens, const Routing<T, Device>& routing) const {
    const std::int64_t n = tokens.size(0), choices = routing.gates.size(1), count = router.size(0);
    const double share = options.capacity * static_cast<double>(n) / static_cast<double>(count);
    const std::int64_t limit =
        options.capacity > 0 && share < static_cast<double>(n) ? static_cast<std::int64_t>(std::ceil(share)) : n;

    MoeOutput<T, Device> result;
    result.load.resize(experts.size());
    std::vector<std::vector<std::int64_t>> chosen(experts.size());  // positions in the gates
    for (std::int64_t choice = 0; choice < choices; ++choice)
      for (std::int64_t at = choice; at < n * choices; at += choices) {
        if (routing.gates.data()[at] == 0) continue;
        const auto expert = static_cast<std::size_t>(routing.experts.data()[at]);
        if (result.load[expert] == limit) {
          ++result.dropped;
          continue;
        }
        ++result.load[expert];
        chosen[expert].push_back(at);
      }

    const auto gates = reshape(routing.gates, Shape{n * choices, 1});
    std::vector<Tensor<T, Device>> parts;
    std::vector<std::int64_t> rows;
    for (std::size_t e = 0; e < experts.size(); ++e) {
      if (chosen[e].empty() && (n > 0 || e > 0)) continue;
      const auto size = static_cast<std::int64_t>(chosen[e].size());
      const auto positions = Tensor<std::int64_t, Device>::from(chosen[e], {size});
      for (auto& at : chosen[e]) at /= choices;
      rows.insert(rows.end(), chosen[e].begin(), chosen[e].end());
      const auto own = Tensor<std::int64_t, Device>::from(chosen[e], {size});
      const Tensor<T, Device> y = experts[e](index_select(tokens, 0, own));
      if (y.rank() != 2 || y.size(0) != size)
        detail::fail("Moe", {"expert ", e, " gave ", y.shape(), " for ", size, " tokens"}, "it must give [n, out]");
      parts.push_back(y * index_select(gates, 0, positions));
    }
    const auto all = concat(parts);
    const auto indices = Tensor<std::int64_t, Device>::from(rows, {all.size(0)});
    result.y = detail::add_selected(Shape{n, all.size(1)}, 0, indices, all);
    return result;
  }
};

}  // namespace regimen
