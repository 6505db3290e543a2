// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <vector>

#include "regimen/core/rng.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/nn/recurrent.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/concat.hpp"
#include "regimen/ops/slice.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

/// Gated recurrent units (Cho et al. 2014), PyTorch's nn.GRU. x [T, batch, in], and for each t, with the rows of the
/// weights in the order r, z, n:
///
///   r = sigmoid(W_ir x[t] + b_ir + W_hr h + b_hr)      z = sigmoid(W_iz x[t] + b_iz + W_hz h + b_hz)
///   n = tanh(W_in x[t] + b_in + r (W_hn h + b_hn))     h <- (1 - z) n + z h
///
///   const auto [y, h] = gru(x);      // y [T, batch, hidden], h [layers, batch, hidden]
///   const auto next = gru(more, h);  // goes on; without h the state is 0 at first
///
/// Parameters of layer k: weight_ih_lk [3 hidden, in or hidden], weight_hh_lk [3 hidden, hidden], bias_ih_lk and
/// bias_hh_lk.
/// At first all are uniform in [-1 / sqrt(hidden), 1 / sqrt(hidden)). Throws Error where sizes do not fit, and for no
/// steps.
template <class T = float, class Device = Cpu>
struct Gru : detail::Recurrent<T, Device> {
  Gru(std::int64_t in, std::int64_t hidden_size, Rng& rng, const RecurrentOptions& options = {})
      : detail::Recurrent<T, Device>("Gru", 3, in, hidden_size, rng, options) {}

  RecurrentOutput<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& initial_h = {}) const {
    const auto first = this->initial("h", x, initial_h);
    const std::int64_t size = this->hidden;
    Tensor<T, Device> h;
    std::vector<Tensor<T, Device>> last;
    const auto begin = [&](std::int64_t i) { h = select(first, 0, i); };
    const auto step = [&](const auto& layer, const auto& projected) {
      const auto recurrent = detail::recur(layer, h);
      const auto rz = sigmoid(slice(projected, -1, 0, 2 * size) + slice(recurrent, -1, 0, 2 * size));
      const auto z = detail::gate(rz, 1, size);
      const auto n =
          tanh(detail::gate(projected, 2, size) + detail::gate(rz, 0, size) * detail::gate(recurrent, 2, size));
      return h = n + z * (h - n);
    };
    const auto output = this->run(x, begin, step, [&] { last.push_back(h); });
    return {output, stack(last)};
  }
};

}  // namespace regimen
