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

/// What an Lstm goes on with: h and c, each [layers, batch, hidden].
template <class T = float, class Device = Cpu>
struct LstmState {
  Tensor<T, Device> h, c;
};

/// The outputs of the last layer, [T, batch, hidden], and the state after the last step.
template <class T = float, class Device = Cpu>
struct LstmOutput {
  Tensor<T, Device> output;
  LstmState<T, Device> state;
};

/// Long short-term memory with forget gates (Hochreiter & Schmidhuber 1997; Gers et al. 2000), PyTorch's nn.LSTM.
/// x [T, batch, in], and for each t, with the rows of the weights in the order i, f, g, o:
///
///   i, f, o = sigmoid(weight_ih x[t] + bias_ih + weight_hh h + bias_hh), g the same with tanh
///   c <- f c + i g        h <- o tanh(c)
///
///   const auto [y, state] = lstm(x);      // y [T, batch, hidden], state.h and state.c [layers, batch, hidden]
///   const auto next = lstm(more, state);  // goes on; without it h and c are 0 at first
///
/// Parameters of layer k: weight_ih_lk [4 hidden, in or hidden], weight_hh_lk [4 hidden, hidden], bias_ih_lk and
/// bias_hh_lk.
/// At first all are uniform in [-1 / sqrt(hidden), 1 / sqrt(hidden)). Throws Error where sizes do not fit, and for no
/// steps.
template <class T = float, class Device = Cpu>
struct Lstm : detail::Recurrent<T, Device> {
  Lstm(std::int64_t in, std::int64_t hidden_size, Rng& rng, const RecurrentOptions& options = {})
      : detail::Recurrent<T, Device>("Lstm", 4, in, hidden_size, rng, options) {}

  LstmOutput<T, Device> operator()(const Tensor<T, Device>& x, const LstmState<T, Device>& initial_state = {}) const {
    const auto first_h = this->initial("h", x, initial_state.h), first_c = this->initial("c", x, initial_state.c);
    const std::int64_t size = this->hidden;
    Tensor<T, Device> h, c;
    std::vector<Tensor<T, Device>> last_h, last_c;
    const auto begin = [&](std::int64_t i) {
      h = select(first_h, 0, i);
      c = select(first_c, 0, i);
    };
    const auto step = [&](const auto& layer, const auto& projected) {
      const auto gates = projected + detail::recur(layer, h);
      const auto in_forget = sigmoid(slice(gates, -1, 0, 2 * size));
      c = detail::gate(in_forget, 1, size) * c + detail::gate(in_forget, 0, size) * tanh(detail::gate(gates, 2, size));
      return h = sigmoid(detail::gate(gates, 3, size)) * tanh(c);
    };
    const auto end = [&] {
      last_h.push_back(h);
      last_c.push_back(c);
    };
    const auto output = this->run(x, begin, step, end);
    return {output, {stack(last_h), stack(last_c)}};
  }
};

}  // namespace regimen
