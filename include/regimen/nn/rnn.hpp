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

/// The recurrent network of Elman (1990), PyTorch's nn.RNN with tanh. x [T, batch, in], and for each t:
///
///   h <- tanh(weight_ih x[t] + bias_ih + weight_hh h + bias_hh)
///
///   const auto [y, h] = rnn(x);      // y [T, batch, hidden], h [layers, batch, hidden]
///   const auto next = rnn(more, h);  // goes on; without h the state is 0 at first
///
/// Parameters of layer k: weight_ih_lk [hidden, in or hidden], weight_hh_lk [hidden, hidden], bias_ih_lk and
/// bias_hh_lk. At first all are uniform in [-1 / sqrt(hidden), 1 / sqrt(hidden)). Throws Error where sizes do not fit,
/// and for no steps.
template <class T = float, class Device = Cpu>
struct Rnn : detail::Recurrent<T, Device> {
  Rnn(std::int64_t in, std::int64_t hidden_size, Rng& rng, const RecurrentOptions& options = {})
      : detail::Recurrent<T, Device>("Rnn", 1, in, hidden_size, rng, options) {}

  RecurrentOutput<T, Device> operator()(const Tensor<T, Device>& x, const Tensor<T, Device>& initial_h = {}) const {
    const auto first = this->initial("h", x, initial_h);
    Tensor<T, Device> h;
    std::vector<Tensor<T, Device>> last;
    const auto begin = [&](std::int64_t i) { h = select(first, 0, i); };
    const auto step = [&](const auto& layer, const auto& projected) {
      return h = tanh(projected + detail::recur(layer, h));
    };
    const auto output = this->run(x, begin, step, [&] { last.push_back(h); });
    return {output, stack(last)};
  }
};

}  // namespace regimen
