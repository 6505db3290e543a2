// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <limits>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/selective_ssm.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/broadcast.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/permute.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/scan.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct SsdOptions {
  std::int64_t chunk = 64;  ///< steps that are taken as one matrix product; 0 goes step by step
};

namespace detail {

/// The same in the form of matrices: inside of a chunk as attention with the weights c_i . b_j exp(sum of dt a
/// between), and from chunk to chunk by the states at their ends. Returns y without d x.
template <class T, class Device>
ScanOutput<T, Device> ssd_by_chunks(const Tensor<T, Device>& x, const Tensor<T, Device>& dt, const Tensor<T, Device>& a,
                                    const Tensor<T, Device>& b, const Tensor<T, Device>& c,
                                    const Tensor<T, Device>& state, std::int64_t chunk) {
  const std::int64_t batch = x.size(0), length = x.size(1), heads = x.size(2), size = x.size(3), n = b.size(2);
  const std::int64_t count = (length - 1) / chunk + 1, missing = count * chunk - length;
  // Steps of dt = 0 change no state.
  const auto chunks = [&](const Tensor<T, Device>& values, const Shape& shape) {
    return reshape(missing == 0 ? values : pad(values, 1, {0, missing}), shape);
  };
  const auto u = permute(chunks(x * unsqueeze(dt, 3), {batch, count, chunk, heads, size}), {0, 1, 3, 2, 4});
  const auto log_decay = transpose(chunks(dt * a, {batch, count, chunk, heads}), 2, 3);  // [batch, count, heads, chunk]
  const auto in = unsqueeze(chunks(b, {batch, count, chunk, n}), 2),
             out = unsqueeze(chunks(c, {batch, count, chunk, n}), 2);

  const auto total = cumsum(log_decay, 3), end = slice(total, 3, chunk - 1, chunk);
  const auto later = Tensor<T, Device>::zeros({chunk, chunk});
  T* const marks = later.mutable_data();
  for (std::int64_t i = 0; i < chunk; ++i)
    for (std::int64_t j = i + 1; j < chunk; ++j) marks[i * chunk + j] = T{1};
  const auto never = Tensor<T, Device>::scalar(-std::numeric_limits<T>::infinity());
  const auto decay = exp(where(later, never, unsqueeze(total, 4) - unsqueeze(total, 3)));
  const auto inside = matmul(matmul(out, in, {.transpose_b = true}) * decay, u);

  const auto added = matmul(u * unsqueeze(exp(end - total), 4), in, {.transpose_a = true});  // [.., heads, size, n]
  const auto kept = broadcast_to(unsqueeze(exp(end), 4), added.shape());
  const auto ends = states_from("ssd", state, kept, added);
  const auto first = state.defined() ? unsqueeze(state, 1) : Tensor<T, Device>::zeros(added.shape().with(1, 1));
  const auto before = concat({first, slice(ends, 1, 0, count - 1)}, 1);
  const auto across = matmul(out, before, {.transpose_b = true}) * unsqueeze(exp(total), 4);

  const auto y = reshape(permute(inside + across, {0, 1, 3, 2, 4}), Shape{batch, count * chunk, heads, size});
  return {missing == 0 ? y : slice(y, 1, 0, length), select(ends, 1, count - 1)};
}

}  // namespace detail

/// The state-space model of Mamba-2: one decay a head, so that it is also attention without softmax. Of each head of
/// x [batch, T, heads, P], with the state s [P, N]:
///
///   s_t = exp(dt_t a) s_t-1 + dt_t x_t b_t^T        y_t = s_t c_t + d x_t
///
/// for dt [batch, T, heads], a and d [heads], b and c [batch, T, N], and the state [batch, heads, P, N] that it goes on
/// from, 0 where it is undefined. With chunks of Q steps it holds batch T heads Q numbers instead of batch T heads P N,
/// and is made of matrix products; the result is the same but for rounding. Throws Error where shapes do not agree, for
/// no steps, and a chunk below 0.
///
/// Source: Dao & Gu (2024), Transformers are SSMs: generalized models and efficient algorithms through structured state
/// space duality, section 6.
template <class T, class Device>
ScanOutput<T, Device> ssd(const Tensor<T, Device>& x, const Tensor<T, Device>& dt, const Tensor<T, Device>& a,
                          const Tensor<T, Device>& b, const Tensor<T, Device>& c, const Tensor<T, Device>& d,
                          const Tensor<T, Device>& state = {}, const SsdOptions& options = {}) {
  const bool right = x.rank() == 4 && x.size(1) > 0 && dt.shape() == x.shape().sub(0, 3) &&
                     a.shape() == Shape{x.size(2)} && d.shape() == a.shape() && b.rank() == 3 &&
                     b.shape().sub(0, 2) == x.shape().sub(0, 2) && c.shape() == b.shape();
  if (!right)
    detail::fail("ssd",
                 {"x is ", x.shape(), ", dt ", dt.shape(), ", a ", a.shape(), ", b ", b.shape(), ", c ", c.shape(),
                  ", d ", d.shape()},
                 "x is [batch, T, heads, P] with T > 0, dt [batch, T, heads], a and d [heads], b and c [batch, T, N]");
  if (options.chunk < 0) detail::fail("ssd", {"the chunk is ", options.chunk}, "it is 0 or a number of steps");
  const auto skip = x * unsqueeze(d, 1);
  if (options.chunk > 0) {
    const auto result = detail::ssd_by_chunks(x, dt, a, b, c, state, options.chunk);
    return {result.output + skip, result.state};
  }
  const auto in = reshape(b, Shape{x.size(0), x.size(1), 1, 1, b.size(2)}), out = reshape(c, in.shape());
  const auto input = unsqueeze(x * unsqueeze(dt, 3), 4) * in;
  const auto decay = broadcast_to(unsqueeze(unsqueeze(exp(dt * a), 3), 4), input.shape());
  const auto s = detail::states_from("ssd", state, decay, input);
  return {sum(s * out, -1) + skip, select(s, 1, x.size(1) - 1)};
}

}  // namespace regimen
