// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/dropout.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/softmax.hpp"

namespace regimen {

template <class T = float, class Device = Cpu>
struct AttentionOptions {
  bool causal = false;                 ///< query i sees keys j <= i + (Tk - Tq): the last query sees all of them
  double scale = 0;                    ///< of the scores; 0 stands for 1 / sqrt(d)
  Tensor<T, Device> bias = {};         ///< added to the scores, broadcasts to [batch, heads, Tq, Tk]; -infinity masks
  Tensor<T, Device> key_padding = {};  ///< [batch, Tk], not 0 where a key is ignored
  double dropout = 0;                  ///< probability that a weight is dropped; needs rng where it is > 0
  Rng* rng = nullptr;
};

namespace detail {

/// The sum of all masks and biases, which broadcasts to the scores; undefined where there are none.
template <class T, class Device>
Tensor<T, Device> attention_bias(const Shape& scores, const AttentionOptions<T, Device>& options) {
  constexpr T masked = -std::numeric_limits<T>::infinity();
  Tensor<T, Device> total = options.bias;
  const auto add = [&](const Tensor<T, Device>& mask) { total = total.defined() ? total + mask : mask; };
  const std::int64_t queries = scores[2], keys = scores[3];
  if (options.causal) {
    const auto mask = Tensor<T, Device>::zeros({queries, keys});
    T* const values = mask.mutable_data();
    for (std::int64_t i = 0; i < queries; ++i)
      for (std::int64_t j = 0; j < keys; ++j)
        if (j > i + keys - queries) values[i * keys + j] = masked;
    add(mask);
  }
  if (options.key_padding.defined()) {
    const auto padding = reshape(options.key_padding.detach(), {scores[0], 1, 1, keys});
    add(where(padding, Tensor<T, Device>::scalar(masked), Tensor<T, Device>::scalar(T{0})));
  }
  return total;
}

template <class T, class Device>
void check_attention(const char* operation, const Tensor<T, Device>& q, const Tensor<T, Device>& k,
                     const AttentionOptions<T, Device>& options) {
  if (q.rank() != 4 || k.rank() != 4 || q.size(0) != k.size(0) || q.size(3) != k.size(3) || q.size(3) == 0)
    fail(operation, {"q is ", q.shape(), " and k ", k.shape()}, "they are [batch, heads, T, d]; batch and d agree");
  if (k.size(1) == 0 || q.size(1) % k.size(1) != 0)
    fail(operation, {"q is ", q.shape(), " and k ", k.shape()}, "the heads of q must be a multiple of those of k");
  const Shape scores{q.size(0), q.size(1), q.size(2), k.size(2)};
  if (options.bias.defined() &&
      (options.bias.rank() > 4 || !(broadcast(options.bias.shape(), scores, operation) == scores)))
    fail(operation, {"the bias is ", options.bias.shape(), " for scores ", scores}, "it must broadcast to the scores");
  if (options.key_padding.defined() && !(options.key_padding.shape() == Shape{q.size(0), k.size(2)}))
    fail(operation, {"key_padding is ", options.key_padding.shape(), " for k of shape ", k.shape()},
         "it is [batch, Tk]");
  if (options.dropout > 0 && options.rng == nullptr)
    fail(operation, {"dropout is ", options.dropout, " and there is no rng for q of shape ", q.shape()}, "give an rng");
}

}  // namespace detail

/// softmax(scale q k^T + bias) over the keys: how much each query takes from each key, [batch, heads, Tq, Tk], for
/// q [batch, heads, Tq, d] and k [batch, kv heads, Tk, d]. Query head h uses kv head h / (heads / kv heads) (grouped
/// queries; Ainslie et al. 2023), so that one kv head serves all of them (multi-query) or each has its own.
///
/// A query whose keys are all masked, by -infinity in the bias or otherwise, has weights of zeros (PyTorch: NaN).
/// Throws Error where shapes do not agree.
template <class T, class Device>
Tensor<T, Device> attention_weights(const Tensor<T, Device>& q, const Tensor<T, Device>& k,
                                    const std::type_identity_t<AttentionOptions<T, Device>>& options = {}) {
  detail::check_attention("attention_weights", q, k, options);
  const std::int64_t batch = q.size(0), heads = q.size(1), queries = q.size(2), keys = k.size(2), d = q.size(3);
  const std::int64_t groups = k.size(1), rows = heads / groups * queries;
  const Shape shape{batch, heads, queries, keys};
  const double scale = options.scale != 0 ? options.scale : 1 / std::sqrt(static_cast<double>(d));
  const auto scores =
      reshape(matmul(reshape(q * scale, Shape{batch, groups, rows, d}), k, {.transpose_b = true}), shape);
  const auto bias = detail::attention_bias(shape, options);
  const auto weights = [&]() -> Tensor<T, Device> {
    if (!bias.defined() || shape.size() == 0) return softmax(scores);
    const auto blind = equal(max(bias.detach(), -1, {.keepdim = true}), -std::numeric_limits<T>::infinity());
    if (max(blind).item() == T{0}) return softmax(scores + bias);
    const auto zero = Tensor<T, Device>::scalar(T{0});
    return where(blind, zero, softmax(where(blind, zero, scores + bias)));
  }();
  return options.dropout > 0 ? dropout(weights, options.dropout, *options.rng) : weights;
}

/// y = softmax(scale q k^T + bias) v (Vaswani et al. 2017): q [batch, heads, Tq, d], k [batch, kv heads, Tk, d],
/// v [batch, kv heads, Tk, e], y [batch, heads, Tq, e].
///
/// The weights are those of attention_weights(); a query whose keys are all masked gets zeros, and its gradient is
/// zero. Costs Tq Tk numbers a head. Deviation from PyTorch's is_causal: with fewer queries than keys the last query
/// sees all keys, as a continued sequence needs it, where PyTorch lets the first query see one. Throws Error where
/// shapes do not agree.
///
///   const auto y = scaled_dot_product_attention(q, k, v, {.causal = true});
template <class T, class Device>
Tensor<T, Device> scaled_dot_product_attention(const Tensor<T, Device>& q, const Tensor<T, Device>& k,
                                               const Tensor<T, Device>& v,
                                               const std::type_identity_t<AttentionOptions<T, Device>>& options = {}) {
  if (v.rank() != 4 || k.rank() != 4 || !(v.shape().sub(0, 3) == k.shape().sub(0, 3)))
    detail::fail("scaled_dot_product_attention", {"k is ", k.shape(), " and v ", v.shape()},
                 "they are [batch, kv heads, Tk, size]; all but their sizes agree");
  const auto weights = attention_weights(q, k, options);
  const std::int64_t rows = q.size(1) / k.size(1) * q.size(2);
  const auto grouped = reshape(weights, Shape{q.size(0), k.size(1), rows, k.size(2)});
  return reshape(matmul(grouped, v), Shape{q.size(0), q.size(1), q.size(2), v.size(3)});
}

}  // namespace regimen
